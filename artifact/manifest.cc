#include "artifact/manifest.h"

#include <fmt/core.h>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <memory>
#include <optional>

#include "artifact/folder_names.h"
#include "artifact/path_collisions.h"
#include "core/file.h"
#include "core/file_path.h"
#include "core/not_covered.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr std::string_view kSnapshotHint =
    "; this looks like a Hugging Face snapshot: use --follow";

Error RefusedKind(const std::string& path, std::string_view kind) {
  return Rejected(
      fmt::format("{}: is {}; only regular files can be part of a model", Printable(path), kind));
}

Result<> CheckPath(std::string_view path) {
  const auto checked = CheckFilePath(path);
  return checked ? checked : checked.error().In(fmt::format("\"{}\"", Printable(path)));
}

std::string_view KindName(mode_t mode) {
  if (S_ISFIFO(mode)) return "a FIFO";
  if (S_ISSOCK(mode)) return "a socket";
  if (S_ISBLK(mode) || S_ISCHR(mode)) return "a device";
  return "not a regular file";
}

FileStamp Stamp(const struct stat& status) {
  return {static_cast<uint64_t>(status.st_size),
          int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
          static_cast<uint64_t>(status.st_dev), static_cast<uint64_t>(status.st_ino)};
}

// What S5 leaves out: two folders, and files of the top folder.
bool IsFolderLeftOut(std::string_view path) {
  return path == ".git" || path == ".cache/huggingface";
}

bool IsFileLeftOut(std::string_view path) {
  if (path.find('/') != std::string_view::npos) return false;
  return path == kModelSignatureFile || path == kClaimsFile || path.ends_with(kPassportEnding);
}

Result<std::string> ReadLink(const std::string& on_disk, const std::string& shown) {
  std::string text(PATH_MAX, '\0');
  const ssize_t size = ::readlink(on_disk.c_str(), text.data(), text.size());
  if (size < 0) return SystemError(Printable(shown), "read link");
  text.resize(static_cast<size_t>(size));
  return text;
}

Result<std::string> RealPath(const std::string& on_disk, const std::string& shown) {
  const std::unique_ptr<char, decltype(&std::free)> real(::realpath(on_disk.c_str(), nullptr),
                                                         &std::free);
  if (real == nullptr) return SystemError(Printable(shown, PATH_MAX), "resolve link");
  return std::string(real.get());
}

// Where a link leads: the path and the status of one and the same file. The path is what the kernel
// calls the file that was opened, so that nothing can be swapped between the two; a reader opens
// that path later, and compares the stamp.
struct LinkTarget {
  std::string path;
  struct stat status;
};

// A link that leads nowhere is the model's fault, not the machine's (R40).
Result<LinkTarget> ResolveLink(const std::string& on_disk, const std::string& path) {
  const FileDescriptor target(::open(on_disk.c_str(), O_PATH | O_CLOEXEC));
  if (target.get() < 0) {
    const bool broken =
        errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG;
    Error error = SystemError(Printable(path), "resolve link");
    return broken ? Rejected(std::move(error.message)) : error;
  }
  LinkTarget found;
  if (::fstat(target.get(), &found.status) != 0) return SystemError(Printable(path), "stat");
  CARNET_TRY(found.path, ReadLink(fmt::format("/proc/self/fd/{}", target.get()), path));
  return found;
}

// Of Hugging Face's cache: `…/snapshots/<revision>` has its files as links into `…/blobs`.
std::optional<std::string> BlobsOfSnapshot(std::string_view real_root) {
  constexpr std::string_view kSnapshots = "/snapshots";
  const std::string_view parent = real_root.substr(0, real_root.rfind('/'));
  if (!parent.ends_with(kSnapshots)) return std::nullopt;
  return std::string(parent.substr(0, parent.size() - kSnapshots.size())) + "/blobs/";
}

bool IsDirectlyIn(std::string_view folder, std::string_view path) {
  return path.starts_with(folder) && path.find('/', folder.size()) == path.npos;
}

class Walk {
 public:
  Walk(std::string root, Links links) : root_(std::move(root)), links_(links) {}

  Result<FileList> Run() {
    CARNET_TRY(real_root_, RealPath(root_, root_));
    blobs_ = BlobsOfSnapshot(real_root_);
    folders_.emplace_back();
    while (!folders_.empty()) {
      const std::string folder = std::move(folders_.back());
      folders_.pop_back();
      CARNET_TRY(const std::vector<std::string> names, SortedNames(OnDisk(folder)));
      for (const std::string& name : names) {
        CARNET_TRY_VOID(Visit(folder.empty() ? name : folder + "/" + name));
      }
    }
    return std::move(list_);
  }

 private:
  std::string OnDisk(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }

  Result<> Visit(const std::string& path) {
    struct stat status;
    if (::lstat(OnDisk(path).c_str(), &status) != 0) return SystemError(Printable(path), "stat");
    if (S_ISDIR(status.st_mode)) return VisitFolder(path);
    if (S_ISREG(status.st_mode)) return AddFile(path, OnDisk(path), status);
    if (S_ISLNK(status.st_mode)) return VisitLink(path);
    return RefusedKind(path, KindName(status.st_mode));
  }

  Result<> VisitFolder(const std::string& path) {
    if (IsFolderLeftOut(path)) {
      list_.not_covered.push_back(path + "/");
      return Ok();
    }
    // Against endless nesting: nothing below could have a path that counts.
    if (path.size() > kMaxFilePathBytes) return CheckPath(path);
    folders_.push_back(path);
    return Ok();
  }

  Result<> VisitLink(const std::string& path) {
    if (links_ == Links::kRefuse) {
      return Rejected(Printable(path) + ": is a symbolic link, and links are not followed" +
                      std::string(LooksLikeSnapshot(path) ? kSnapshotHint : ""));
    }
    CARNET_TRY(LinkTarget target, ResolveLink(OnDisk(path), path));
    const mode_t mode = target.status.st_mode;
    if (S_ISDIR(mode)) return RefusedKind(path, "a link to a folder");
    if (!S_ISREG(mode)) return RefusedKind(path, KindName(mode));
    const bool blob = blobs_ && IsDirectlyIn(*blobs_, target.path);
    if (!blob && !target.path.starts_with(real_root_ == "/" ? real_root_ : real_root_ + "/")) {
      return Rejected(Printable(path) + ": is a symbolic link to a file outside the model");
    }
    return AddFile(path, std::move(target.path), target.status, !blob);
  }

  bool LooksLikeSnapshot(const std::string& path) const {
    const auto text = ReadLink(OnDisk(path), path);
    return blobs_ && text && text->find("../blobs/") != text->npos;
  }

  Result<> AddFile(const std::string& path, std::string on_disk, const struct stat& status,
                   bool linked = false) {
    if (IsFileLeftOut(path)) {
      list_.not_covered.push_back(path);
      return Ok();
    }
    CARNET_TRY_VOID(CheckPath(path));
    if (list_.files.size() >= kMaxFiles) return Rejected(Printable(root_) + ": too many files");
    list_.files.push_back(
        {path, std::move(on_disk), Stamp(status), !NotCovered::Matching(path).empty(), linked});
    return Ok();
  }

  const std::string root_;
  const Links links_;
  std::string real_root_;
  std::optional<std::string> blobs_;  // of a snapshot; ends in '/'
  std::vector<std::string> folders_;  // still to visit
  FileList list_;
};

Result<FileList> ListOneFile(const std::string& path, const struct stat& status) {
  const std::string name = path.substr(path.rfind('/') + 1);
  CARNET_TRY_VOID(CheckPath(name));
  CARNET_TRY(std::string on_disk, RealPath(path, path));
  FileList list;
  list.files.push_back({name, std::move(on_disk), Stamp(status)});
  return list;
}

}  // namespace

std::string LeftOutAs(std::string_view path) {
  if (IsFileLeftOut(path)) return std::string(path);
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    if (IsFolderLeftOut(path.substr(0, slash))) return std::string(path.substr(0, slash + 1));
  }
  return "";
}

Result<FileStamp> StampOf(int fd, const std::string& path) {
  struct stat status;
  if (::fstat(fd, &status) != 0) return SystemError(Printable(path), "stat");
  return Stamp(status);
}

Result<FileList> ListFiles(const std::string& root, Links links) {
  struct stat status;
  if (::stat(root.c_str(), &status) != 0) return SystemError(Printable(root, PATH_MAX), "stat");
  if (S_ISREG(status.st_mode)) return ListOneFile(root, status);
  if (!S_ISDIR(status.st_mode)) return RefusedKind(root, KindName(status.st_mode));
  CARNET_TRY(FileList list, Walk(root, links).Run());
  if (list.files.empty()) {
    return Rejected(Printable(root, PATH_MAX) + ": contains no files that count");
  }
  std::sort(list.files.begin(), list.files.end(),
            [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
  std::sort(list.not_covered.begin(), list.not_covered.end());
  std::vector<std::string_view> paths;
  for (const ListedFile& file : list.files) paths.push_back(file.path);
  list.warnings = PathCollisions(paths);
  return list;
}

}  // namespace carnet::artifact
