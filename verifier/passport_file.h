// PassportFile: the lines of a passport as statements, each with the attestation that it came in
// and what the rules have found out about it so far. Filled by bundle/, read by everything after
// it; rules about statements only take `lines` alone.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "core/strong_u64.h"
#include "merkle/checkpoint.h"
#include "sigstore/bundle.h"
#include "statements/statement_set.h"
#include "trust/trust.h"
#include "verifier/line_signer.h"

namespace carnet::verifier {

using statements::Statement;
using statements::StatementSet;
using Lines = std::span<const Statement>;  // members of a set

// Where a statement is in its log, once R5, R7 and R9-R11 have passed for its line.
struct LogPosition {
  const trust::TrustedLog* log;
  LeafIndex index;
  TreeSize size;  // of the checkpoint that all lines of this log show
  LeafHash leaf;
  const merkle::InclusionProof* proof;  // into the line's bundle
};

struct Attestation {
  sigstore::Bundle bundle;
  std::optional<LineSigner> signer = {};     // R5 passed
  bool signature_good = false;               // R7 passed
  std::optional<LogPosition> position = {};  // R5, R7 and R9-R11 passed
  // Its index in its log, or that of an unlogged one if those were logged next.
  std::optional<trust::PlaceInLog> place = {};
};

struct LogView {  // the one checkpoint that the passport shows of a log (R10)
  const trust::TrustedLog* log;
  merkle::Checkpoint checkpoint;
};

struct PassportFile {
  StatementSet lines;                     // those that passed R1-R4
  std::vector<Attestation> attestations;  // of the lines, by place
  std::vector<LogView> views;             // R10 passed
  std::vector<StatementId> unlogged;      // about to be logged: R9-R11 are not judged for them
  size_t not_verified = 0;  // last lines that R5 or R7 did not come to, being beyond help

  const Attestation& Of(const Statement& line) const { return attestations[lines.PlaceOf(line)]; }
  Attestation& Of(const Statement& line) { return attestations[lines.PlaceOf(line)]; }
};

}  // namespace carnet::verifier
