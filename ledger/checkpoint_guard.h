// CheckpointGuard: the last signed checkpoint, kept apart from the database and from its backups,
// so that a database restored from a backup cannot sign a second history. FolderGuard keeps it in a
// folder; another kind may keep it on a replica, in an object store, with a witness: whatever can
// compare and swap.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace carnet::ledger {

class CheckpointGuard {
 public:
  virtual ~CheckpointGuard() = default;

  // The signed note. Errors: not_found, io.
  virtual Result<std::string> Fetch() const = 0;
  // Puts `next` in the place of `expected` (empty: of nothing), for good once it returns, and by
  // nobody else meanwhile.
  // Errors: corruption (the guard's note is not `expected`), io. After io the outcome is unknown.
  virtual Result<> Replace(std::string_view expected, std::string_view next) = 0;
};

// Replaced under the guard's own lock: two copies of one ledger that share a guard also exclude
// each other.
class FolderGuard : public CheckpointGuard {
 public:
  // Creates the folder if it is absent. Errors: conflict (it has a checkpoint already), io.
  static Result<> Create(const std::string& folder, std::string_view note);
  // Takes the guard's lock. Errors: conflict, not_found, io.
  static Result<std::unique_ptr<CheckpointGuard>> Open(const std::string& folder);
  // Without the lock, for readers. Errors: not_found, io.
  static Result<std::string> Read(const std::string& folder);

  Result<std::string> Fetch() const override { return Read(folder_); }
  Result<> Replace(std::string_view expected, std::string_view next) override;

 private:
  FolderGuard(std::string folder, FileDescriptor lock);

  std::string folder_;
  FileDescriptor lock_;
};

}  // namespace carnet::ledger
