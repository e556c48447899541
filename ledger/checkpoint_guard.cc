#include "ledger/checkpoint_guard.h"

#include <filesystem>
#include <system_error>

#include "ledger/folder_lock.h"
#include "merkle/signed_note.h"

namespace carnet::ledger {
namespace {

std::string FileOf(const std::string& folder) { return folder + "/checkpoint"; }

}  // namespace

FolderGuard::FolderGuard(std::string folder, FileDescriptor lock)
    : folder_(std::move(folder)), lock_(std::move(lock)) {}

Result<> FolderGuard::Create(const std::string& folder, std::string_view note) {
  std::error_code failed;
  std::filesystem::create_directories(folder, failed);
  if (failed) return Io(folder + ": " + failed.message());
  return WriteFileAtomic(FileOf(folder), note, Overwrite::kForbid);
}

Result<std::unique_ptr<CheckpointGuard>> FolderGuard::Open(const std::string& folder) {
  if (!PathExists(FileOf(folder))) {
    return NotFound(FileOf(folder) +
                    ": no checkpoint (if the guard is kept elsewhere, give its folder: --guard)");
  }
  CARNET_TRY(FileDescriptor lock, LockFolder(folder));
  RemoveTemporaries(folder);
  return std::unique_ptr<CheckpointGuard>(new FolderGuard(folder, std::move(lock)));
}

Result<std::string> FolderGuard::Read(const std::string& folder) {
  return ReadFile(FileOf(folder), merkle::kMaxNoteBytes);
}

Result<> FolderGuard::Replace(std::string_view expected, std::string_view next) {
  CARNET_TRY(const std::string found, Fetch());
  if (found != expected)
    return Corruption(FileOf(folder_) +
                      ": contains a checkpoint other than the last one signed here");
  return WriteFileAtomic(FileOf(folder_), next, Overwrite::kReplace);
}

}  // namespace carnet::ledger
