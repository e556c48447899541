// Where a command's input comes from: a file, or `-`, standard input.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/result.h"

namespace carnet::cli {

inline constexpr char kStandard[] = "-";

// As ReadFile and ReadFilePrefix, with the same limits for standard input.
Result<std::string> ReadInput(const std::string& path, uint64_t max_bytes);
Result<std::string> ReadInputPrefix(const std::string& path, uint64_t max_bytes);

// What messages call it: "standard input", or the path.
std::string InputName(const std::string& path);

// Standard input can be read only once: what is wrong with several `-`, or nothing.
std::string CheckOneStandard(const std::vector<std::string>& paths);

}  // namespace carnet::cli
