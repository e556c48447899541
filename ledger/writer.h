// Writer: the one path by which a ledger grows, and the checks before it may: see ledger.h for the
// order of a commit. Not thread safe: ledger/commit_queue.h calls it from one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "core/result.h"
#include "crypto/ed25519.h"
#include "ledger/checkpoint_guard.h"
#include "ledger/commit_queue.h"
#include "ledger/store.h"
#include "ledger/tile_rows.h"
#include "merkle/checkpoint.h"

namespace carnet::ledger {

class PendingIndex;

struct SignedHead {
  std::string note;
  merkle::VerifiedCheckpoint checkpoint;
};

// Signs, and reads the signature back. Errors: rejected (the two keys do not belong together).
Result<SignedHead> SignHead(const TreeState& state, const merkle::NoteKey& key,
                            const crypto::Ed25519PrivateKey& private_key);

class Writer {
 public:
  // The start-up checks of ledger.h's Open; signs what the database has beyond the guard. `store`
  // must outlive the writer.
  static Result<std::unique_ptr<Writer>> Open(Store& store, std::unique_ptr<CheckpointGuard> guard,
                                              const merkle::NoteKey& key,
                                              crypto::Ed25519PrivateKey private_key);

  // Sets the outcome of every request. All calls of a group that do not conflict are durable, in
  // the tree and under the checkpoint when it returns, or the writer is latched.
  void Commit(CommitQueue::Group group);

  const SignedHead& head() const { return head_; }

 private:
  Writer(Store& store, std::unique_ptr<CheckpointGuard> guard, const merkle::NoteKey& key,
         crypto::Ed25519PrivateKey private_key, SignedHead head);
  Result<> Recover();

  Result<std::vector<Appended>> PlaceCall(CommitRequest& request, PendingIndex& index,
                                          RowBatch& batch, RightEdge& edge);
  Result<std::vector<Appended>> PlaceEach(CommitRequest& request, PendingIndex& index,
                                          RowBatch& batch, RightEdge& edge) const;
  struct Failure {
    Error error;
    bool durable;  // the entries are stored and sound, and wait for a signature
  };
  std::optional<Failure> CommitRows(RowBatch batch, RightEdge edge);
  Result<> CheckStored(const TreeState& written) const;
  Result<> SignAndGuard(const TreeState& state);

  Store& store_;
  std::unique_ptr<CheckpointGuard> guard_;
  merkle::NoteKey key_;
  crypto::Ed25519PrivateKey private_key_;
  SignedHead head_;
  RightEdge edge_;
  std::optional<Error> latched_;
};

}  // namespace carnet::ledger
