// Paths that are two on Linux and one elsewhere: the same model unpacked on a case-insensitive or
// normalising file system would lose a file. Thread safe.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carnet::artifact {

// One warning for each path that equals an earlier one but for case (of ASCII letters, accented or
// not) or normalisation (of the letters of decomposition.h). Requires valid UTF-8.
std::vector<std::string> PathCollisions(const std::vector<std::string_view>& paths);

}  // namespace carnet::artifact
