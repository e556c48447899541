// Numbers as people read them.
#pragma once

#include <cstdint>
#include <string>

namespace carnet::cli {

std::string BytesText(uint64_t bytes);    // "3.3 MB", powers of 1,000
std::string GroupedText(uint64_t count);  // "812,544"

}  // namespace carnet::cli
