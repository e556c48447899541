// CheckpointGuard: the last signed checkpoint, in a folder apart from the database and from its
// backups, so that a database restored from a backup cannot sign a second history. Replaced by
// compare-and-swap under the guard's own lock: two copies of one ledger that share a guard also
// exclude each other.
#pragma once

#include <string>
#include <string_view>

#include "core/file.h"
#include "core/result.h"

namespace carnet::ledger {

class CheckpointGuard {
 public:
  // Creates the folder if it is absent. Errors: conflict (it has a checkpoint already), io.
  static Result<> Create(const std::string& folder, std::string_view note);
  // Takes the guard's lock. Errors: conflict, not_found, io.
  static Result<CheckpointGuard> Open(const std::string& folder);
  // Without the lock, for readers. Errors: not_found, io.
  static Result<std::string> Read(const std::string& folder);

  Result<std::string> Fetch() const { return Read(folder_); }
  // Errors: corruption (the guard's note is not `expected`), io. After io the outcome is
  // unknown.
  Result<> Replace(std::string_view expected, std::string_view next);

 private:
  CheckpointGuard(std::string folder, FileDescriptor lock);

  std::string folder_;
  FileDescriptor lock_;
};

}  // namespace carnet::ledger
