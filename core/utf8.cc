#include "core/utf8.h"

#include <cstdint>

namespace carnet {
namespace {

// Length of the well-formed sequence at the start of `text` and its code point; length 0 if none.
struct Decoded {
  size_t length;
  uint32_t code_point;
};

Decoded DecodeOne(std::string_view text) {
  const auto byte = [&](size_t i) { return static_cast<uint8_t>(text[i]); };
  const uint8_t first = byte(0);
  if (first < 0x80) return {1, first};
  size_t length = 0;
  uint32_t value = 0, least = 0;
  if (first >= 0xc2 && first <= 0xdf) {
    length = 2, value = first & 0x1fu, least = 0x80;
  } else if ((first & 0xf0) == 0xe0) {
    length = 3, value = first & 0x0fu, least = 0x800;
  } else if (first >= 0xf0 && first <= 0xf4) {
    length = 4, value = first & 0x07u, least = 0x10000;
  } else {
    return {0, 0};
  }
  if (text.size() < length) return {0, 0};
  for (size_t i = 1; i < length; ++i) {
    if ((byte(i) & 0xc0) != 0x80) return {0, 0};
    value = value << 6 | (byte(i) & 0x3fu);
  }
  const bool surrogate = value >= 0xd800 && value <= 0xdfff;
  if (value < least || surrogate || value > 0x10ffff) return {0, 0};
  return {length, value};
}

bool IsForbidden(uint32_t c) {
  if (c < 0x20 || (c >= 0x7f && c <= 0x9f)) return true;
  return c == 0x061c || c == 0x200e || c == 0x200f || (c >= 0x202a && c <= 0x202e) ||
         (c >= 0x2066 && c <= 0x2069);
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const Decoded one = DecodeOne(text);
    if (one.length == 0) return false;
    text.remove_prefix(one.length);
  }
  return true;
}

std::optional<size_t> FindForbiddenCharacter(std::string_view text) {
  size_t at = 0;
  while (at < text.size()) {
    const Decoded one = DecodeOne(text.substr(at));
    if (one.length == 0 || IsForbidden(one.code_point)) return at;
    at += one.length;
  }
  return std::nullopt;
}

std::string Printable(std::string_view text, size_t max_bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  while (!text.empty()) {
    if (out.size() >= max_bytes) return out + "...";
    const Decoded one = DecodeOne(text);
    if (one.length != 0 && !IsForbidden(one.code_point)) {
      out.append(text.substr(0, one.length));
      text.remove_prefix(one.length);
      continue;
    }
    const auto byte = static_cast<uint8_t>(text.front());
    out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
    text.remove_prefix(1);
  }
  return out;
}

}  // namespace carnet
