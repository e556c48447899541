// Unsigned decimal text, the one spelling: digits only, no leading zero except in "0", no sign.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace carnet {

// Absent for any other spelling and above 2^64-1.
std::optional<uint64_t> ParseDecimalU64(std::string_view text);

}  // namespace carnet
