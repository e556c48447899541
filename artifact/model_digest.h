// The model digest (S5): SHA-256 of the sums file, so that `sha256sum` over the paths,
// as `LC_ALL=C sort` orders them, piped into `sha256sum`, gives the same. Thread safe.
#pragma once

#include <span>
#include <string>

#include "artifact/manifest.h"
#include "core/digests.h"

namespace carnet::artifact {

// The sums file: `<hex sha256><two spaces><path>\n` in the order of the paths' bytes.
// Requires at least one file, distinct paths, and paths that CheckFilePath accepts; any order.
std::string SumsText(std::span<const FileEntry> files);

ModelDigest ModelDigestOf(std::span<const FileEntry> files);

}  // namespace carnet::artifact
