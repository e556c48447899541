#include "artifact/oms_root.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "crypto/sha256.h"

namespace carnet::artifact {
namespace {

bool IsLeftOut(std::string_view path) {
  return path == ".git" || path == ".gitignore" || path == ".gitattributes" || path == ".github" ||
         path.starts_with(".git/") || path.starts_with(".github/");
}

}  // namespace

std::optional<Sha256Digest> OmsRootOf(std::span<const FileEntry> files) {
  std::vector<const FileEntry*> sorted;
  for (const FileEntry& file : files) {
    if (!IsLeftOut(file.path)) sorted.push_back(&file);
  }
  if (sorted.empty()) return std::nullopt;
  // The order of UTF-8 bytes is that of code points.
  std::sort(sorted.begin(), sorted.end(),
            [](const FileEntry* a, const FileEntry* b) { return a->path < b->path; });
  crypto::Sha256 root;
  for (const FileEntry* file : sorted) root.Update(file->sha256.span());
  return root.Finish();
}

}  // namespace carnet::artifact
