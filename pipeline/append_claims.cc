#include "pipeline/append_claims.h"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <optional>

#include "artifact/manifest.h"
#include "core/file.h"
#include "core/utf8.h"
#include "pipeline/write_in_model.h"
#include "schemas/limits.h"
#include "verifier/claims.h"

namespace carnet::pipeline {
namespace {

std::string FolderWith(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return folder.empty() ? "." : folder;
}

// On the folder itself: a lock file in a model's folder would be part of the model.
Result<FileDescriptor> LockFolderOf(const std::string& path) {
  const std::string folder = FolderWith(path);
  FileDescriptor fd(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd.get() < 0) return SystemError(Printable(folder, PATH_MAX), "open");
  if (::flock(fd.get(), LOCK_EX | LOCK_NB) == 0) return fd;
  if (errno != EWOULDBLOCK) return SystemError(Printable(folder, PATH_MAX), "lock");
  return Conflict(Printable(path, PATH_MAX) + ": another call is appending to it");
}

// Absent: there is no file.
Result<std::optional<artifact::FileStamp>> StampOfFile(const std::string& path) {
  const FileDescriptor fd(::open(path.c_str(), O_PATH | O_NOFOLLOW | O_CLOEXEC));
  if (fd.get() < 0 && errno == ENOENT) return std::optional<artifact::FileStamp>();
  if (fd.get() < 0) return SystemError(Printable(path, PATH_MAX), "open");
  CARNET_TRY(const artifact::FileStamp stamp, artifact::StampOf(fd.get(), path));
  return std::optional(stamp);
}

Result<> CheckLimits(const std::string& path, std::string_view claims) {
  const auto lines = std::count(claims.begin(), claims.end(), '\n');
  if (claims.size() <= schemas::kMaxPassportBytes &&
      static_cast<uint64_t>(lines) <= schemas::kMaxPassportLines) {
    return Ok();
  }
  return Rejected(fmt::format("{}: would have {} bytes in {} lines, more than is ever read",
                              Printable(path, PATH_MAX), claims.size(), lines));
}

}  // namespace

Result<size_t> AppendClaims(const std::string& path, const StatementId& id,
                            std::string_view passport, const IsPassportGood& good) {
  CARNET_TRY(const FileDescriptor lock, LockFolderOf(path));
  CARNET_TRY_VOID(CheckReplaceable(path));
  CARNET_TRY(const auto before, StampOfFile(path));
  std::string claims;
  if (before) {
    CARNET_TRY(claims, ReadFile(path, schemas::kMaxPassportBytes));
    const std::string there = verifier::LinesOfPassport(claims, id);
    if (!there.empty()) {
      CARNET_TRY(const bool is_good, good(there));
      if (is_good) return size_t{0};
    }
  }
  if (!claims.empty() && !claims.ends_with('\n')) claims += '\n';
  claims += passport;
  CARNET_TRY_VOID(CheckLimits(path, claims));
  CARNET_TRY(const auto now, StampOfFile(path));
  if (now != before) return Conflict(Printable(path, PATH_MAX) + ": has changed meanwhile");
  CARNET_TRY_VOID(WriteInModel(FolderWith(path), path, claims,
                               before ? Overwrite::kReplace : Overwrite::kForbid,
                               before ? Readers::kAsBefore : Readers::kByUmask));
  return static_cast<size_t>(std::count(passport.begin(), passport.end(), '\n'));
}

}  // namespace carnet::pipeline
