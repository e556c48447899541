#include "cli/quantity_text.h"

#include <array>

namespace carnet::cli {

std::string BytesText(uint64_t bytes) {
  static constexpr std::array<const char*, 6> kUnits = {"B", "kB", "MB", "GB", "TB", "PB"};
  if (bytes < 1'000) return std::to_string(bytes) + " B";
  uint64_t scale = 1'000;
  size_t unit = 1;
  for (; bytes / scale >= 1'000 && unit + 1 < kUnits.size(); ++unit) scale *= 1'000;
  const uint64_t tenths = bytes / (scale / 10);
  return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " " + kUnits[unit];
}

std::string GroupedText(uint64_t count) {
  const std::string digits = std::to_string(count);
  std::string text;
  for (size_t i = 0; i < digits.size(); ++i) {
    if (i > 0 && (digits.size() - i) % 3 == 0) text.push_back(',');
    text.push_back(digits[i]);
  }
  return text;
}

}  // namespace carnet::cli
