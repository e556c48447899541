// Ledger: the append-only log in a folder: `db/` (RocksDB), `guard/` (the last signed checkpoint,
// outside db/ and its backups), `key.pem`. One writer at a time, by lock. Acknowledged means
// durable, indexed, in the tree and under a signed checkpoint.
//
// Order of every commit (Sunlight's, adapted): 1 one synced WriteBatch of leaf, tile rows, tree
// state, index and dedup rows; 2 self-check: the entries and rows of the tree just stored are read
// again, leaf hashes, new root and consistency old -> new recomputed (index rows follow from the
// entries: fsck compares them, and rebuild makes them again); 4 sign; 5 compare-and-swap of the
// guard's checkpoint. Any failed or unknown outcome latches the object: it refuses all further
// writes until reopened. (3, a replica's acknowledgement, and 6, cosignatures, need other
// machines.)
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"
#include "ledger/reader.h"
#include "ledger/submission.h"

namespace rocksdb {
class Env;
}

namespace carnet::ledger {

class CheckpointGuard;

using PasswordSource = std::function<Result<crypto::SecretBytes>()>;
using GuardSource = std::function<Result<std::unique_ptr<CheckpointGuard>>()>;

struct LedgerOptions {
  std::string guard;            // folder of the guard; empty: where it was made (guard_place.h)
  GuardSource open_guard;       // a guard of another kind (checkpoint_guard.h): no folder is used
  PasswordSource password;      // called only for an encrypted key.pem
  rocksdb::Env* env = nullptr;  // tests: faults below RocksDB
};

struct Appended {
  LeafIndex index;
  bool duplicate;  // the same attestation (statement id, signer) is logged: its first index
};

// Called once, by the ledger's own thread; it must not append to the ledger and wait.
using Completion = std::function<void(Result<std::vector<Appended>>)>;

class Ledger {
 public:
  // Makes a new ledger; the folder must be absent or empty. `key` is written as key.pem,
  // mode 0600, encrypted when `password` is given. Signs the empty tree's checkpoint.
  // Errors: malformed (origin), conflict (something exists there), io.
  static Result<> Create(const std::string& folder, const std::string& origin,
                         const crypto::Ed25519PrivateKey& key, const crypto::SecretBytes* password,
                         const LedgerOptions& options = {});

  // Opens for writing: takes the lock; then the guard's checkpoint is the truth
  // (docs/architecture.md, "Safety of the ledger"): an older database, or one with another
  // root, is refused (rejected: "older than its last signed checkpoint"); one that is ahead is
  // verified and signed; the right edge is re-derived. Errors: conflict (another writer), rejected,
  // corruption, io, not_found.
  static Result<std::unique_ptr<Ledger>> Open(const std::string& folder,
                                              const LedgerOptions& options = {});
  ~Ledger();
  Ledger(const Ledger&) = delete;
  Ledger& operator=(const Ledger&) = delete;

  // Appends all or none of `submissions`, in order. Thread safe: concurrent calls are committed in
  // groups, one fsync per group. A submission that conflicts fails its own call only.
  // Errors: rejected (meant for another ledger, entry over 65,535 bytes), conflict (a second
  // statement for (run, lane, seq); a second completion of a run; a second passport by one signer
  // for one model without `supersedes`), io and corruption (latched; the message says whether the
  // submissions are logged, or that nobody knows).
  Result<std::vector<Appended>> Append(std::span<const Submission> submissions);
  // The same without waiting: `done` is called with the outcome, before this returns where nothing
  // had to be written. Takes `submissions`; false, and they are as before, while too much is
  // waiting already (16,384 submissions or 256 MiB). The destructor waits until everything is
  // committed.
  [[nodiscard]] bool AppendLater(std::vector<Submission>& submissions, Completion done);

  // A view of the latest acknowledged state. It must not outlive the ledger.
  Result<std::unique_ptr<Reader>> Read() const;

  const merkle::NoteKey& key() const;
  std::string checkpoint() const;  // the latest signed note

 private:
  struct State;
  explicit Ledger(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace carnet::ledger
