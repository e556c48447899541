// The paths of a model's files as statements and sums files spell them (S5). Text only; the files
// on disk are read by artifact/manifest.h.
#pragma once

#include <cstddef>
#include <string_view>

#include "core/result.h"

namespace carnet {

inline constexpr size_t kMaxFilePathBytes = 4'000;  // S5

// Whether `path` may appear in a statement: UTF-8, relative, '/' between components, no empty,
// "." or ".." component, no character that S4 refuses, no backslash, at most kMaxFilePathBytes.
// The message says what is wrong, not where. Errors: malformed.
Result<> CheckFilePath(std::string_view path);

}  // namespace carnet
