#include "artifact/covered_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact/model_digest.h"
#include "artifact/path_collisions.h"
#include "core/file_path.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

std::vector<const LeavableFile*> MatchedBy(NotCovered patterns, const ModelFiles& model) {
  std::vector<const LeavableFile*> matched;
  for (const LeavableFile& file : model.leavable) {
    if (patterns.Intersects(file.patterns)) matched.push_back(&file);
  }
  return matched;
}

Error MustBeCovered(const std::string& path, std::string_view why) {
  return Rejected(
      fmt::format("{}: {}, and must be covered", Printable(path, kMaxFilePathBytes), why));
}

// The path of a file for systems that ignore case and normalisation. '/' is NUL in it, so that what
// is in a folder comes right after it in the order of bytes.
struct Folded {
  std::string path;
  const FileEntry* left_out;  // null: covered

  Folded(const FileEntry& file, bool is_left_out)
      : path(FoldedPath(file.path)), left_out(is_left_out ? &file : nullptr) {
    std::replace(path.begin(), path.end(), '/', '\0');
  }
  bool IsSameOrIn(std::string_view other) const {
    return path.starts_with(other) && (path.size() == other.size() || path[other.size()] == '\0');
  }
};

// The one that comes first in the list that both are of; either may be null.
const FileEntry* First(const FileEntry* a, const FileEntry* b) {
  return a == nullptr || (b != nullptr && b < a) ? b : a;
}

}  // namespace

CoveredFiles::CoveredFiles(const ModelFiles& model, NotCovered patterns)
    : files_(model.files), reasons_(MatchedBy(patterns, model)) {
  if (!reasons_.empty()) {
    auto next = reasons_.begin();  // both lists are sorted by path
    for (const FileEntry& file : model.files) {
      const bool left_out = next != reasons_.end() && (*next)->path == file.path;
      (left_out ? left_out_ : kept_).push_back(file);
      if (left_out) ++next;
    }
    files_ = kept_;
  }
  for (const FileEntry& file : files_) bytes_ += file.bytes;
  if (reasons_ == MatchedBy(model.leaves_out, model)) {
    digest_ = model.digest;
  } else if (!files_.empty()) {
    digest_ = ModelDigestOf(files_);
  }
}

Result<> CoveredFiles::CheckLeftOut() const {
  if (left_out_.empty()) return Ok();
  if (files_.empty()) return Rejected("no file of the model is covered");
  if (left_out_.size() > kMaxLeftOutFiles) {
    return Rejected(fmt::format("{} files would be left out, but at most {} may be",
                                left_out_.size(), kMaxLeftOutFiles));
  }
  uint64_t bytes = 0;
  for (const LeavableFile* file : reasons_) {
    if (!file->why_not.empty()) return MustBeCovered(file->path, file->why_not);
  }
  for (const FileEntry& file : left_out_) bytes += file.bytes;
  if (bytes > kMaxLeftOutBytes) {
    return Rejected(fmt::format("files of {} bytes would be left out, but at most {} may be", bytes,
                                kMaxLeftOutBytes));
  }
  return CheckCollisions();
}

// On a file system that ignores case or normalisation one of the two would take the other's place.
// No folder of a path is held by itself: whoever sends the files chooses how deep they lie.
Result<> CoveredFiles::CheckCollisions() const {
  std::vector<Folded> paths;
  paths.reserve(files_.size() + left_out_.size());
  for (const FileEntry& file : files_) paths.emplace_back(file, false);
  for (const FileEntry& file : left_out_) paths.emplace_back(file, true);
  std::sort(paths.begin(), paths.end(),
            [](const Folded& a, const Folded& b) { return a.path < b.path; });
  struct Around {
    std::string_view path;  // the same as that of the next, or that of a folder that it is in
    bool covered = false;   // this one is, or one before it
    const FileEntry* left_out = nullptr;  // the first of those up to here
  };
  std::vector<Around> around;
  const FileEntry* collides = nullptr;
  for (const Folded& path : paths) {
    while (!around.empty() && !path.IsSameOrIn(around.back().path)) around.pop_back();
    Around now = around.empty() ? Around() : around.back();
    if (path.left_out == nullptr) {
      collides = First(collides, now.left_out);
    } else if (now.covered) {
      collides = First(collides, path.left_out);
    }
    now.path = path.path;
    now.covered = now.covered || path.left_out == nullptr;
    now.left_out = First(now.left_out, path.left_out);
    around.push_back(now);
  }
  if (collides == nullptr) return Ok();
  return MustBeCovered(
      collides->path,
      "differs only in case or normalisation from a file or folder that is covered");
}

Result<ModelFiles> LeaveOut(ModelFiles model, NotCovered patterns) {
  const CoveredFiles covered(model, patterns);
  CARNET_TRY_VOID(covered.CheckLeftOut());
  const ModelDigest digest = *covered.digest();
  model.digest = digest;
  model.leaves_out = patterns;
  return model;
}

}  // namespace carnet::artifact
