// The append-only ledger in a folder: create, open, append, read, check. Link
// carnet::ledger. Digests and ids are lowercase hex; a bundle is the JSON of one Sigstore bundle
// v0.3 with its receipt, as cosign reads it. One writer at a time, in one process, and any number
// of readers.
#pragma once

#include <carnet/export.h>
#include <carnet/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace carnet {

// Called only for a key that is encrypted. Must not throw.
using Password = std::function<Result<std::string>()>;

struct LedgerOptions {
  std::string guard;  // folder of the guard, best on another disk; empty: as when it was created
  Password password;  // of the ledger's own key; none: the key is not, or will not be, encrypted
};

struct LedgerInfo {
  std::string origin;  // its permanent name, a bare hostname
  std::string log_id;
  std::string key;  // as a C2SP verifier key
  uint64_t tree_size;
  std::string root;
  std::string checkpoint;  // the latest signed note
};

// Everything that can be asked without writing. All answers of one reader are for one tree size.
// Copies share state; const methods are safe from several threads.
// Errors: not_found, corruption (a row that does not agree with the tree), io.
class CARNET_API LedgerReader {
 public:
  // With or without a writer, in this process or another.
  static Result<LedgerReader> Open(const std::string& folder);

  LedgerReader(const LedgerReader&) = default;
  LedgerReader& operator=(const LedgerReader&) = default;
  ~LedgerReader();

  LedgerInfo Info() const;
  // not_found also where the statement's text is withheld or erased: the message says since when.
  Result<std::string> BundleAt(uint64_t index) const;
  // Of a statement logged more than once, the lowest index. Also errors: malformed (not an id).
  Result<std::string> Bundle(std::string_view statement) const;
  // Indices of statements about a digest, ascending, at most `limit`.
  Result<std::vector<uint64_t>> IndicesOf(std::string_view digest, size_t limit = 1000) const;
  // A logged passport and everything it refers to, one bundle per line; verifies nothing.
  Result<std::string> Passport(std::string_view statement) const;
  // Its trusted_root.json, for a trust directory or for cosign. `run_by` may be empty.
  std::string TrustedRoot(std::string_view run_by = "") const;

 private:
  friend struct Internals;
  struct State;
  explicit LedgerReader(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

struct Appended {
  uint64_t index;
  bool duplicate;  // the same attestation was already there: its first index
};

// The only writer. Copies share it; the folder's lock is held until the last is gone. Thread-safe.
// Acknowledged means durable, in the tree, and under a signed checkpoint.
class CARNET_API Ledger {
 public:
  // Creates a ledger with its own key; the folder must not exist, or must be empty.
  // Errors: malformed (origin), conflict (the folder is not empty), io; the password's own.
  static Result<> Create(const std::string& folder, const std::string& origin,
                         const LedgerOptions& options = {});
  // Errors: conflict (another writer), rejected (older than its last signed checkpoint; wrong
  // password), corruption, io, not_found.
  static Result<Ledger> Open(const std::string& folder, const LedgerOptions& options = {});

  Ledger(const Ledger&) = default;
  Ledger& operator=(const Ledger&) = default;
  ~Ledger();

  // An attestation that was signed elsewhere: a bundle, whose log entries are ignored, and its
  // signer's public key in PEM. Errors: malformed, rejected (signature, for another ledger, too
  // large), conflict (what a ledger accepts only once), io and corruption (for all later calls
  // too, until it is opened again).
  Result<Appended> Append(std::string_view bundle, std::string_view public_key);

  // Reads the latest acknowledged state; keeps this ledger open.
  Result<LedgerReader> Read() const;

 private:
  friend struct Internals;
  struct State;
  explicit Ledger(std::shared_ptr<State> state);
  std::shared_ptr<State> state_;
};

struct FsckReport {
  uint64_t tree_size;
  uint64_t rows_checked;
  uint64_t withheld;                  // entries whose text was never stored
  uint64_t erased;                    // entries whose text was erased
  std::vector<std::string> findings;  // one per row that disagrees; at most 100; empty: clean
};

// Re-derives everything from the entries and compares. Reads only. Errors: io, not_found.
CARNET_API Result<FsckReport> Fsck(const std::string& folder, const std::string& guard = "");

}  // namespace carnet
