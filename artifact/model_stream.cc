#include "artifact/model_stream.h"

#include <fmt/core.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "artifact/assemble_model.h"
#include "artifact/manifest.h"
#include "artifact/path_collisions.h"
#include "core/file_path.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

// Of a file beside its header and the tensors: its outcome and the copies of its path.
constexpr uint64_t kFileMemoryBytes = 1024;
constexpr uint64_t kPathCopies = 8;

// A file that S5 leaves out may have any name that a system takes, below the folder it is in.
Result<> CheckLeftOutPath(std::string_view path) {
  if (path.size() > kMaxFilePathBytes) return Malformed("is over 4,000 bytes");
  if (path.find('\0') != path.npos) return Malformed("contains a NUL");
  while (true) {
    const size_t slash = path.find('/');
    const std::string_view component = path.substr(0, slash);
    if (component.empty() || component == "." || component == "..") {
      return Malformed("has an empty, . or .. component");
    }
    if (slash == path.npos) return Ok();
    path.remove_prefix(slash + 1);
  }
}

}  // namespace

ModelStream::ModelStream(StreamLimits limits)
    : room_{Allowance(limits.kept_bytes), Allowance(limits.spooled_bytes),
            std::move(limits.spool_folder)} {}

Result<std::unique_ptr<StreamedFile>> ModelStream::Begin(const std::string& path, uint64_t bytes) {
  const std::string left_out = LeftOutAs(path);
  CARNET_TRY_VOID(left_out.empty() ? CheckFilePath(path) : CheckLeftOutPath(path));
  if (bytes > kUnknownBytes) return Rejected("no file has so many bytes as were announced");
  if (!open_files_.Take(1)) {
    return Unsupported(fmt::format("cannot be begun: {} files are open", kMaxOpenFiles));
  }
  if (auto registered = Register(path, left_out); !registered) {
    open_files_.Give(1);
    return registered.error();
  }
  return std::unique_ptr<StreamedFile>(new StreamedFile(*this, path, bytes, left_out.empty()));
}

Result<> ModelStream::Register(const std::string& path, const std::string& left_out) {
  const std::lock_guard lock(mutex_);
  const bool in_folder = left_out.ends_with('/');
  if (in_folder && paths_.contains(left_out)) return Ok();  // all of it is left out under one name
  const std::string& name = in_folder ? left_out : path;
  CARNET_TRY_VOID(CheckFree(name));
  if (paths_.size() >= kMaxFiles) return Rejected("the model has too many files");
  if (!room_.memory.Take(kFileMemoryBytes + kPathCopies * name.size())) {
    return Unsupported(
        fmt::format("the files would take over {} bytes of memory", room_.memory.most()));
  }
  paths_.insert(name);
  if (!left_out.empty()) left_out_.insert(left_out);
  return Ok();
}

// No folder has both, and whoever writes the files to one would lose the first.
Result<> ModelStream::CheckFree(const std::string& path) const {
  if (paths_.contains(path)) return Conflict("is there more than once");
  const std::string folder = path.ends_with('/') ? path : path + "/";
  const auto below = paths_.lower_bound(folder);
  if (below != paths_.end() && below->starts_with(folder)) {
    return Conflict("is a file and a folder");
  }
  for (size_t slash = path.find('/'); slash != path.npos; slash = path.find('/', slash + 1)) {
    if (paths_.contains(path.substr(0, slash))) {
      return Conflict(
          fmt::format("is below \"{}\", which is a file", Printable(path.substr(0, slash))));
    }
  }
  return Ok();
}

void ModelStream::Add(FileOutcome outcome) {
  const std::lock_guard lock(mutex_);
  outcomes_.push_back(std::move(outcome));
}

Result<ModelFiles> ModelStream::Finish() {
  const std::lock_guard lock(mutex_);
  if (outcomes_.empty()) return Rejected("no file that counts was closed");
  std::sort(outcomes_.begin(), outcomes_.end(),
            [](const FileOutcome& a, const FileOutcome& b) { return a.entry.path < b.entry.path; });
  std::vector<std::string_view> paths;
  for (const FileOutcome& outcome : outcomes_) paths.push_back(outcome.entry.path);
  std::vector<std::string> collisions = PathCollisions(paths);
  return AssembleModel(std::move(outcomes_), {left_out_.begin(), left_out_.end()},
                       std::move(collisions));
}

}  // namespace carnet::artifact
