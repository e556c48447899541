#include "pipeline/list_models.h"

#include <fmt/core.h>
#include <limits.h>
#include <sys/stat.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "artifact/folder_names.h"
#include "artifact/manifest.h"
#include "artifact/unread_weights.h"
#include "core/check.h"
#include "core/file.h"
#include "core/utf8.h"

namespace carnet::pipeline {
namespace {

bool IsWeightFile(std::string_view name) {
  return artifact::IsWeightFileName(name) || artifact::IsOtherFrameworkName(name);
}

class FolderWalk {
 public:
  FolderWalk(std::string root, unsigned depth) : root_(std::move(root)), depth_(depth) {}

  Result<std::vector<ListedModel>> Run() {
    CARNET_TRY(const auto names, artifact::SortedNames(root_));
    CARNET_TRY_VOID(Visit("", names, 1));
    return std::move(listed_);
  }

 private:
  // `level`: of these names; the first is 1.
  Result<> Visit(const std::string& folder, const std::vector<std::string>& names, unsigned level) {
    for (const std::string& name : names) {
      const std::string path = folder.empty() ? name : folder + "/" + name;
      struct stat status;
      if (::lstat((root_ + "/" + path).c_str(), &status) != 0) {
        CARNET_TRY_VOID(Add(path, Listed::kUnseen, SystemError(Shown(path), "stat").message));
      } else if (S_ISDIR(status.st_mode)) {
        CARNET_TRY_VOID(VisitFolder(path, name, level));
      } else if (S_ISREG(status.st_mode) || IsPassportOf(path, name, names, level)) {
        CARNET_TRY_VOID(VisitFile(path, name, names, level));
      } else {
        const bool link = S_ISLNK(status.st_mode);
        CARNET_TRY_VOID(Add(path, Listed::kUnseen,
                            link ? "a symbolic link, and links are not followed"
                                 : "neither a folder nor a regular file"));
      }
    }
    return Ok();
  }

  Result<> VisitFolder(const std::string& path, const std::string& name, unsigned level) {
    if (name == ".git") return Add(path, Listed::kNoModel, "part of no model (S5)");
    if (level == depth_) return Add(path, Listed::kModel);
    const auto below = artifact::SortedNames(root_ + "/" + path);
    if (!below && below.error().code == ErrorCode::kRejected) return below.error();
    if (!below) return Add(path, Listed::kUnseen, below.error().message);
    if (below->empty()) return Add(path, Listed::kNoModel, "an empty folder");
    return Visit(path, *below, level + 1);
  }

  Result<> VisitFile(const std::string& path, const std::string& name,
                     const std::vector<std::string>& beside, unsigned level) {
    // The result of its model names it, or what else was found.
    if (IsPassportOf(path, name, beside, level)) return Ok();
    constexpr std::string_view kEnding = artifact::kPassportEnding;
    if (name.ends_with(kEnding)) return Add(path, Listed::kNoModel, "a passport without its model");
    // Whatever its name, what has a passport is given out for a model.
    const bool passported =
        std::binary_search(beside.begin(), beside.end(), name + std::string(kEnding));
    if (IsWeightFile(name) || passported) return Add(path, Listed::kModel);
    return Add(path, Listed::kNoModel, "neither a folder nor a weight file");
  }

  // Whether it has the name of a passport, and a model beside it.
  bool IsPassportOf(const std::string& path, std::string_view name,
                    const std::vector<std::string>& beside, unsigned level) const {
    constexpr std::string_view kEnding = artifact::kPassportEnding;
    if (!name.ends_with(kEnding)) return false;
    name.remove_suffix(kEnding.size());
    if (!std::binary_search(beside.begin(), beside.end(), name)) return false;
    struct stat model;
    const std::string on_disk = root_ + "/" + path.substr(0, path.size() - kEnding.size());
    if (::lstat(on_disk.c_str(), &model) != 0) return false;
    return S_ISREG(model.st_mode) || (S_ISDIR(model.st_mode) && level == depth_);
  }

  Result<> Add(const std::string& path, Listed what, std::string why = {}) {
    if (listed_.size() >= kMaxListed) {
      return Rejected(fmt::format("{}: more than {} models and other entries",
                                  Printable(root_, PATH_MAX), kMaxListed));
    }
    listed_.push_back({path, what, std::move(why)});
    return Ok();
  }

  static std::string Shown(const std::string& path) { return Printable(path, PATH_MAX); }

  const std::string root_;
  const unsigned depth_;
  std::vector<ListedModel> listed_;
};

}  // namespace

Result<std::vector<ListedModel>> ListModels(const std::string& folder, unsigned depth) {
  CARNET_CHECK(depth >= 1 && depth <= kMaxDepth);
  return FolderWalk(folder, depth).Run();
}

}  // namespace carnet::pipeline
