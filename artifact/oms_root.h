// The root of OpenSSF Model Signing (specification v1.0, section 6.5.1, method `files`, SHA-256):
// what its signature over the same files has as its subject. It does not bind names: the model
// digest does. Values only. Thread safe.
#pragma once

#include <optional>
#include <span>

#include "artifact/manifest.h"
#include "core/digests.h"

namespace carnet::artifact {

// SHA-256 of the files' raw SHA-256 digests in the order of the paths' code points, without what
// that specification leaves out by default beyond S5: `.gitignore`, `.gitattributes` and `.github/`
// at the top level. Absent where no file is left: the specification refuses an empty model.
// Requires distinct paths that CheckFilePath accepts; any order.
std::optional<Sha256Digest> OmsRootOf(std::span<const FileEntry> files);

}  // namespace carnet::artifact
