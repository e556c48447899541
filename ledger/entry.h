// Entry: one attestation as the log keeps it: the stored record, and the leaf rebuilt from it.
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
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
  StatementId id;
  std::string body;  // the leaf's bytes
  LeafHash leaf;
};

// Everything in it is taken from the row alone. Errors: corruption.
Result<OpenedEntry> OpenEntry(ByteSpan row);

}  // namespace carnet::ledger
