// Which statements of a ledger answer an auditor's question: what was made with a data set, device
// or allocation, or from a model; what a key or party signed; what was logged since. Answered from
// the index: the cost is that of what uses the thing, or of what a key signed, and not the
// ledger's. Nothing is verified.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "ledger/reader.h"
#include "pipeline/logged_statement.h"
#include "trust/trust.h"

namespace carnet::pipeline {

enum class FindBy {
  kAll,
  kDataset,     // also by the digest of one of its files
  kDevice,      // segments that used it, runs that planned it
  kAllocation,  // and those that it was resold as
  kParent,      // a model
  kSigners,
};

struct FindRequest {
  FindBy by = FindBy::kAll;
  std::optional<SubjectDigest> digest = {};  // exactly where something is found by what it uses
  std::vector<SignerId> signers = {};
  // Absent: every kind by kAll, else passports: the models. Of a passport every way from model to
  // model counts; a statement of another kind must itself be of the work that used the thing.
  std::optional<schemas::Kind> kind = {};
  LeafIndex from{0};                              // the least log index
  std::optional<TimestampMs> created_since = {};  // self-declared; a text that is absent says none
  size_t limit = 1'000;
  // Names parties. What was signed by strangers is left out where it is found by what it uses.
  const trust::Trust* trust = nullptr;
};

struct FoundStatement {
  LoggedStatement statement;
  std::optional<uint64_t> models_between = {};  // of what is found by what it uses
};

struct Found {
  std::vector<FoundStatement> statements;  // by log index, ascending
  TreeSize size;                           // of the tree that was asked
  std::optional<LeafIndex> next = {};      // where to go on: there may be more
  uint64_t strangers = 0;                  // statements that trust left out
};

// Errors: not_found (no such thing in this ledger); rejected (a statement of another kind, or more
// than the limits of pipeline/uses.h); as the reader's.
Result<Found> FindStatements(const ledger::Reader& reader, const FindRequest& request);

std::string FoundText(const Found& found);
std::string FoundJson(const Found& found);

}  // namespace carnet::pipeline
