#include "core/utf8.h"

#include <algorithm>
#include <array>
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

struct Range {
  uint32_t first, last;
};

// The line and paragraph separators, and Unicode 15's Default_Ignorable_Code_Point (its file
// DerivedCoreProperties.txt): what is not drawn, all bidirectional controls among it. Ascending.
constexpr std::array kInvisible = {
    Range{0x00ad, 0x00ad},   Range{0x034f, 0x034f},   Range{0x061c, 0x061c},
    Range{0x115f, 0x1160},   Range{0x17b4, 0x17b5},   Range{0x180b, 0x180f},
    Range{0x200b, 0x200f},   Range{0x2028, 0x202e},   Range{0x2060, 0x206f},
    Range{0x3164, 0x3164},   Range{0xfe00, 0xfe0f},   Range{0xfeff, 0xfeff},
    Range{0xffa0, 0xffa0},   Range{0xfff0, 0xfff8},   Range{0x1bca0, 0x1bca3},
    Range{0x1d173, 0x1d17a}, Range{0xe0000, 0xe0fff},
};

bool IsForbidden(uint32_t c) {
  if (c < kInvisible.front().first) return c < 0x20 || (c >= 0x7f && c <= 0x9f);
  const auto range = std::find_if(kInvisible.begin(), kInvisible.end(),
                                  [c](const Range& each) { return c <= each.last; });
  return range != kInvisible.end() && c >= range->first;
}

// Those of Unicode's White_Space that are not forbidden, and the Braille pattern without a dot.
bool IsSpace(uint32_t c) {
  return c == ' ' || c == 0x2800 || c == 0xa0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200a) ||
         c == 0x202f || c == 0x205f || c == 0x3000;
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

bool IsBlank(std::string_view text) {
  while (!text.empty()) {
    const Decoded one = DecodeOne(text);
    if (one.length == 0 || !IsSpace(one.code_point)) return false;
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

namespace {

// Moves the first character of `text` to `out`; what may not be shown, byte by byte as \xNN.
void MoveOne(std::string_view& text, std::string& out) {
  static constexpr char kDigits[] = "0123456789abcdef";
  const Decoded one = DecodeOne(text);
  if (one.length != 0 && !IsForbidden(one.code_point)) {
    out.append(text.substr(0, one.length));
    text.remove_prefix(one.length);
    return;
  }
  const auto byte = static_cast<uint8_t>(text.front());
  out += {'\\', 'x', kDigits[byte >> 4], kDigits[byte & 15]};
  text.remove_prefix(1);
}

}  // namespace

std::string Printable(std::string_view text, size_t max_bytes) {
  std::string out;
  while (!text.empty()) {
    if (out.size() >= max_bytes) return out + "...";
    MoveOne(text, out);
  }
  return out;
}

std::string Quoted(std::string_view text, size_t max_bytes) {
  std::string out = "\"";
  while (!text.empty()) {
    if (out.size() > max_bytes) return out + "...\"";
    if (text.front() == '"' || text.front() == '\\') out.push_back('\\');
    MoveOne(text, out);
  }
  return out + "\"";
}

}  // namespace carnet
