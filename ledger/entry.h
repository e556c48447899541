// Entry: one attestation as the log keeps it: the stored record, and the leaf rebuilt from it.
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "ledger/index_terms.h"
#include "schemas/stored.h"

namespace carnet::ledger {

class Submission;

inline constexpr size_t kMaxLeafBytes = 65'535;  // an entry bundle's u16 length (tlog-tiles)

struct NewEntry {
  std::string row;
  LeafHash leaf;
};

// Errors: rejected (a leaf over kMaxLeafBytes).
Result<NewEntry> MakeEntry(const Submission& submission);

struct OpenedEntry {
  schemas::StoredAttestation stored;
  std::string body;  // the leaf's bytes
  LeafHash leaf;

  const StatementId& id() const { return stored.statement; }
};

// Everything in it is taken from the row alone: a payload that is there is the statement's, the
// leaf does not need it. Errors: corruption.
Result<OpenedEntry> OpenEntry(ByteSpan row);

// What the index has of it. Errors: malformed, rejected, corruption: the row is not what a
// submission left.
Result<IndexTerms> TermsOf(const OpenedEntry& entry);

// "its text is withheld since 2026-11-22T08:00:00.000Z: <reason>". Errors: not_found.
Error IsAbsent(const schemas::Absence& absence);

}  // namespace carnet::ledger
