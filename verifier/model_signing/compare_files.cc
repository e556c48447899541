// Steps 6 to 8: a statement against the files that are there.
#include <fmt/core.h>

#include <limits.h>
#include <algorithm>
#include <string_view>
#include <unordered_map>
#include <unordered_set>

#include "core/check.h"
#include "core/utf8.h"
#include "verifier/model_signing/verify.h"

namespace carnet::verifier::model_signing {
namespace {

using artifact::ListedFile;
using artifact::OmsListing;
using artifact::OmsManifest;
using artifact::OmsResource;

// The signed paths, sorted, to look up what is at or below another.
std::vector<std::string_view> SortedPaths(const OmsManifest& manifest) {
  std::vector<std::string_view> paths;
  for (const OmsResource& resource : manifest.resources) paths.push_back(resource.path);
  std::sort(paths.begin(), paths.end());
  return paths;
}

bool HoldsSigned(const std::vector<std::string_view>& sorted, const std::string& above) {
  if (std::binary_search(sorted.begin(), sorted.end(), above)) return true;
  const std::string below = above + "/";
  const auto first = std::lower_bound(sorted.begin(), sorted.end(), below);
  return first != sorted.end() && first->starts_with(below);
}

std::string Shown(std::string_view path) { return Printable(path, PATH_MAX); }

// Where each signed file ends: the size that it had. Of whole files nothing is stated.
std::unordered_map<std::string_view, uint64_t> SignedSizes(const OmsManifest& manifest) {
  std::unordered_map<std::string_view, uint64_t> sizes;
  if (!manifest.method.shard_bytes) return sizes;
  for (const OmsResource& resource : manifest.resources) {
    uint64_t& size = sizes[resource.path];
    size = std::max(size, resource.end);
  }
  return sizes;
}

class Comparison {
 public:
  Comparison(const OmsManifest& manifest, const OmsListing& listing, const FileOptions& options)
      : manifest_(manifest), listing_(listing), options_(options) {
    for (const ListedFile& file : listing.files) on_disk_.insert(file.path);
    for (const OmsResource& resource : manifest.resources) {
      const bool single = resource.path == artifact::kOmsSingleFile && listing.single_file;
      signed_.insert(single ? listing.files.front().path : resource.path);
    }
  }

  FilesOutcome Run(const Found& found) {
    CheckContents(found);
    CheckRefused();
    CheckUnsigned();
    for (const std::string& path : listing_.ignored) {
      if (path != options_.signature) outcome_.ignored.push_back(path);
    }
    return std::move(outcome_);
  }

 private:
  void CheckContents(const Found& found) {
    std::string_view reported;  // once for a file, not for each of its shards
    for (size_t i = 0; i < manifest_.resources.size(); ++i) {
      const OmsResource& resource = manifest_.resources[i];
      if (found[i] && *found[i] == resource.digest) continue;
      if (resource.path == reported) continue;
      reported = resource.path;
      const std::string shown = Shown(resource.path);
      if (found[i] || IsThere(resource.path)) {
        Add(Reason::kChangedFile, shown + ": is not what was signed");
      } else {
        Add(Reason::kMissingFile, shown + ": was signed, and is not there");
      }
    }
  }

  bool IsThere(const std::string& path) const {
    return on_disk_.contains(path) || (path == artifact::kOmsSingleFile && listing_.single_file);
  }

  // Links and the like are never signed; in the place of a signed file they are not allowed.
  void CheckRefused() {
    for (const artifact::OmsRefusedEntry& entry : listing_.refused) {
      if (options_.allow_unsigned && !signed_.contains(entry.path)) {
        outcome_.uncovered.push_back(Shown(entry.path));
      } else {
        Add(Reason::kUnsignableEntry, fmt::format("{}: {}", Shown(entry.path), entry.why));
      }
    }
  }

  void CheckUnsigned() {
    size_t empty = 0;
    for (const ListedFile& file : listing_.files) {
      if (signed_.contains(file.path)) continue;
      outcome_.uncovered.push_back(Shown(file.path));
      if (manifest_.method.shard_bytes && file.stamp.bytes == 0) {
        ++empty;
      } else if (!options_.allow_unsigned) {
        Add(Reason::kUnsignedFile, Shown(file.path) + ": is there, and was not signed");
      }
    }
    if (empty == 0) return;
    outcome_.warnings.push_back(
        fmt::format("{} empty {}: no shard says whether they were there when it was signed", empty,
                    empty == 1 ? "file" : "files"));
  }

  void Add(Reason reason, std::string message) {
    outcome_.problems.push_back({reason, std::move(message)});
  }

  const OmsManifest& manifest_;
  const OmsListing& listing_;
  const FileOptions& options_;
  std::unordered_set<std::string_view> on_disk_;
  std::unordered_set<std::string_view> signed_;
  FilesOutcome outcome_;
};

}  // namespace

std::variant<ScopeOf, Problem> ScopeFor(const OmsManifest& manifest, const FileOptions& options) {
  if (manifest.allow_symlinks && !options.allow_symlinks) {
    return Problem{Reason::kLinksNotAllowed,
                   "signed with symbolic links followed, which has to be allowed"};
  }
  ScopeOf out;
  out.scope.links = manifest.allow_symlinks ? artifact::Links::kFollow : artifact::Links::kRefuse;
  out.scope.ignore_git = false;  // one by one below
  out.scope.ignored = manifest.ignore_paths;
  const std::vector<std::string_view> sorted = SortedPaths(manifest);
  std::vector<std::string> wanted = options.ignored;
  if (options.ignore_git) {
    wanted.insert(wanted.end(), artifact::OmsGitPaths().begin(), artifact::OmsGitPaths().end());
  }
  if (!options.signature.empty()) wanted.push_back(options.signature);
  for (const std::string& path : wanted) {
    if (HoldsSigned(sorted, path)) {
      out.warnings.push_back(Shown(path) + ": is not ignored, as it is, or holds, what was signed");
    } else {
      out.scope.ignored.push_back(path);
    }
  }
  return out;
}

std::vector<const ListedFile*> MatchFiles(const OmsManifest& manifest, const OmsListing& listing) {
  std::unordered_map<std::string_view, const ListedFile*> by_path;
  for (const ListedFile& file : listing.files) by_path.emplace(file.path, &file);
  if (listing.single_file) by_path.emplace(artifact::kOmsSingleFile, &listing.files.front());
  const auto sizes = SignedSizes(manifest);
  std::vector<const ListedFile*> matches;
  for (const OmsResource& resource : manifest.resources) {
    const auto found = by_path.find(resource.path);
    const ListedFile* file = found == by_path.end() ? nullptr : found->second;
    const auto size = sizes.find(resource.path);
    const bool same_size =
        file != nullptr && (size == sizes.end() || size->second == file->stamp.bytes);
    matches.push_back(same_size ? file : nullptr);
  }
  return matches;
}

FilesOutcome CompareFiles(const OmsManifest& manifest, const OmsListing& listing,
                          const Found& found, const FileOptions& options) {
  CARNET_CHECK(found.size() == manifest.resources.size());
  const bool single = manifest.resources.front().path == artifact::kOmsSingleFile;
  if (single && !listing.single_file) {
    return {{{Reason::kNotASingleFile, "a single file was signed, and this is a folder"}},
            listing.ignored,
            {},
            {}};
  }
  return Comparison(manifest, listing, options).Run(found);
}

}  // namespace carnet::verifier::model_signing
