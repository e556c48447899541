// SuppliedEntries: entries of a log from bundles that others hold, for what its own database has
// lost. A bundle's receipt proves what was logged where.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/checkpoint.h"
#include "merkle/signed_note.h"
#include "sigstore/bundle.h"

namespace carnet::ledger {

class SuppliedEntries {
 public:
  explicit SuppliedEntries(merkle::NoteKey key) : key_(std::move(key)) {}

  // Adds what the bundle's entries of this log prove, and returns how many those are. Checks of
  // each: 1 checkpoint signed by the log's key; 2 body: a hashedrekord of this envelope; 3 its
  // leaf's inclusion at the index under the checkpoint. Errors: rejected, malformed.
  Result<size_t> Add(const sigstore::Bundle& bundle);

  struct Entry {
    std::string row;  // the stored record (schemas/stored.h)
    LeafHash leaf;
  };
  // Null where none was supplied.
  const Entry* At(LeafIndex index) const;

  // The checkpoints of the receipts, each signed by the log.
  const std::vector<merkle::VerifiedCheckpoint>& checkpoints() const { return checkpoints_; }

 private:
  merkle::NoteKey key_;
  std::map<LeafIndex, Entry> entries_;
  std::vector<merkle::VerifiedCheckpoint> checkpoints_;  // one of each text
};

}  // namespace carnet::ledger
