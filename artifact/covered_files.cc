#include "artifact/covered_files.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <unordered_set>

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

// The folders that `path` is in, from the outermost.
std::vector<std::string_view> FoldersOf(std::string_view path) {
  std::vector<std::string_view> folders;
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    folders.push_back(path.substr(0, slash));
  }
  return folders;
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
Result<> CoveredFiles::CheckCollisions() const {
  std::unordered_set<std::string> files;
  std::unordered_set<std::string> folders;
  for (const FileEntry& file : files_) {
    const std::string& folded = *files.insert(FoldedPath(file.path)).first;
    for (const std::string_view folder : FoldersOf(folded)) folders.emplace(folder);
  }
  constexpr std::string_view kWhy =
      "differs only in case or normalisation from a file or folder that is covered";
  for (const FileEntry& file : left_out_) {
    const std::string folded = FoldedPath(file.path);
    if (files.contains(folded) || folders.contains(folded)) return MustBeCovered(file.path, kWhy);
    for (const std::string_view folder : FoldersOf(folded)) {
      if (files.contains(std::string(folder))) return MustBeCovered(file.path, kWhy);
    }
  }
  return Ok();
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
