// Paths that Linux tells apart and other systems do not: unpacked on a file system that ignores
// case or normalisation, the model would lose a file. Thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carnet::artifact {

// What is left of `path` without case and normalisation: NFD(toCasefold(NFD(path))), by which the
// Unicode Standard defines canonical caseless matching (section 3.13, D145). For comparison only:
// what is signed is never normalised. Requires valid UTF-8.
std::string FoldedPath(std::string_view path);

// One warning for each path that equals an earlier one once both are folded. Requires valid UTF-8.
std::vector<std::string> PathCollisions(const std::vector<std::string_view>& paths);

}  // namespace carnet::artifact
