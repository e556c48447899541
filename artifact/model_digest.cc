#include "artifact/model_digest.h"

#include <algorithm>
#include <vector>

#include "core/check.h"
#include "core/hex.h"
#include "crypto/sha256.h"

namespace carnet::artifact {

std::string SumsText(std::span<const FileEntry> files) {
  CARNET_CHECK(!files.empty());
  std::vector<const FileEntry*> sorted;
  for (const FileEntry& file : files) sorted.push_back(&file);
  std::sort(sorted.begin(), sorted.end(),
            [](const FileEntry* a, const FileEntry* b) { return a->path < b->path; });
  std::string text;
  for (const FileEntry* file : sorted) {
    text += HexEncode(file->sha256.span());
    text += "  ";
    text += file->path;
    text += '\n';
  }
  return text;
}

ModelDigest ModelDigestOf(std::span<const FileEntry> files) {
  return Retag<ModelDigest>(crypto::Sha256Of(SumsText(files)));
}

}  // namespace carnet::artifact
