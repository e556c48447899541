#include "artifact/oms_files.h"

#include <fmt/core.h>

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <filesystem>
#include <utility>

#include "artifact/folder_names.h"
#include "artifact/oms_manifest.h"
#include "core/file.h"
#include "core/file_path.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

namespace fs = std::filesystem;

using Inode = std::pair<dev_t, ino_t>;

std::string_view OmsKindName(mode_t mode) {
  if (S_ISLNK(mode)) return "is a symbolic link";
  if (S_ISFIFO(mode)) return "is a FIFO";
  if (S_ISSOCK(mode)) return "is a socket";
  return "is a device";
}

FileStamp OmsStamp(const struct stat& status) {
  return {static_cast<uint64_t>(status.st_size),
          int64_t{status.st_mtim.tv_sec} * 1'000'000'000 + status.st_mtim.tv_nsec,
          static_cast<uint64_t>(status.st_dev), static_cast<uint64_t>(status.st_ino)};
}

class OmsWalk {
 public:
  OmsWalk(const std::string& root, const OmsScope& scope) : root_(root), scope_(scope) {
    ignored_ = scope.ignored;
    if (scope.ignore_git) {
      ignored_.insert(ignored_.end(), OmsGitPaths().begin(), OmsGitPaths().end());
    }
    std::sort(ignored_.begin(), ignored_.end());
  }

  Result<OmsListing> Run(const struct stat& status) {
    CARNET_TRY_VOID(VisitFolder("", status));
    std::sort(listing_.files.begin(), listing_.files.end(),
              [](const ListedFile& a, const ListedFile& b) { return a.path < b.path; });
    return std::move(listing_);
  }

 private:
  std::string OnDisk(const std::string& path) const {
    return path.empty() ? root_ : root_ + "/" + path;
  }

  // Its depth is bounded by the length of paths.
  Result<> VisitFolder(const std::string& folder, const struct stat& status) {
    const Inode inode(status.st_dev, status.st_ino);
    if (std::find(above_.begin(), above_.end(), inode) != above_.end()) {
      return Refuse(folder, "is a link to a folder above it");
    }
    above_.push_back(inode);
    CARNET_TRY(const std::vector<std::string> names, SortedNames(OnDisk(folder)));
    for (const std::string& name : names) {
      CARNET_TRY_VOID(Visit(folder.empty() ? name : folder + "/" + name));
    }
    above_.pop_back();
    return Ok();
  }

  Result<> Visit(const std::string& path) {
    // Folders count too: links among them may lead to 2^n paths.
    if (++entries_ > kMaxFiles) return Rejected(Printable(root_) + ": too many files");
    if (path.size() > kMaxFilePathBytes) {
      return Rejected(
          fmt::format("{}: is longer than {} bytes", Printable(path), kMaxFilePathBytes));
    }
    struct stat status;
    if (::lstat(OnDisk(path).c_str(), &status) != 0) return SystemError(Printable(path), "stat");
    if (std::binary_search(ignored_.begin(), ignored_.end(), path)) {
      listing_.ignored.push_back(S_ISDIR(status.st_mode) ? path + "/" : path);
      return Ok();
    }
    const bool linked = S_ISLNK(status.st_mode);
    if (linked && scope_.links == Links::kFollow) CARNET_TRY_VOID(FollowTo(path, status));
    if (S_ISDIR(status.st_mode)) return VisitFolder(path, status);
    if (!S_ISREG(status.st_mode)) return Refuse(path, OmsKindName(status.st_mode));
    if (!IsValidUtf8(path)) return Refuse(path, "has a name that is not UTF-8");
    listing_.files.push_back({path, OnDisk(path), OmsStamp(status), false, linked});
    return Ok();
  }

  // A link that leads nowhere stays a link.
  static bool LeadsNowhere() {
    return errno == ENOENT || errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG;
  }

  Result<> FollowTo(const std::string& path, struct stat& status) const {
    struct stat target;
    if (::stat(OnDisk(path).c_str(), &target) == 0) {
      status = target;
    } else if (!LeadsNowhere()) {
      return SystemError(Printable(path), "follow link");
    }
    return Ok();
  }

  Result<> Refuse(const std::string& path, std::string_view why) {
    listing_.refused.push_back({path, std::string(why)});
    return Ok();
  }

  const std::string& root_;
  const OmsScope& scope_;
  std::vector<std::string> ignored_;  // sorted
  std::vector<Inode> above_;          // the folders that are being visited
  size_t entries_ = 0;
  OmsListing listing_;
};

Result<OmsListing> ListOmsFile(const std::string& path, const struct stat& status) {
  const std::string name = path.substr(path.rfind('/') + 1);
  OmsListing listing;
  listing.single_file = true;
  if (!CheckOmsPath(name)) return Rejected(Printable(path) + ": has a name that is not UTF-8");
  listing.files.push_back({name, path, OmsStamp(status), false, true});
  return listing;
}

Error OmsPathError(const std::string& path, const std::error_code& error) {
  errno = error.value();
  return SystemError(Printable(path, PATH_MAX), "resolve");
}

}  // namespace

const std::vector<std::string>& OmsGitPaths() {
  static const std::vector<std::string> paths = {".git", ".gitattributes", ".github", ".gitignore"};
  return paths;
}

Result<OmsListing> ListOmsFiles(const std::string& root, const OmsScope& scope) {
  struct stat status;
  if (::stat(root.c_str(), &status) != 0) return SystemError(Printable(root, PATH_MAX), "stat");
  if (S_ISREG(status.st_mode)) return ListOmsFile(root, status);
  if (S_ISDIR(status.st_mode)) return OmsWalk(root, scope).Run(status);
  return Rejected(fmt::format("{}: {}; a model is a folder or a file", Printable(root, PATH_MAX),
                              OmsKindName(status.st_mode)));
}

Result<std::string> PathInModel(const std::string& root, const std::string& path) {
  std::error_code error;
  const fs::path model = fs::canonical(root, error);
  if (error) return OmsPathError(root, error);
  // Not the link that the last component may be: what is in the model is its name.
  const fs::path absolute = fs::absolute(path, error).lexically_normal();
  const fs::path named = absolute.has_filename() ? absolute : absolute.parent_path();
  const fs::path folder = fs::canonical(named.parent_path(), error);
  if (error) return OmsPathError(path, error);
  const std::string inside = (folder / named.filename()).lexically_relative(model).string();
  return CheckOmsPath(inside) ? inside : std::string();
}

}  // namespace carnet::artifact
