#include "core/base64.h"

#include <array>

namespace carnet {
namespace {

constexpr char kAlphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr uint8_t kInvalid = 0xff;

constexpr std::array<uint8_t, 256> kValues = [] {
  std::array<uint8_t, 256> values{};
  values.fill(kInvalid);
  for (uint8_t i = 0; i < 64; ++i) values[static_cast<uint8_t>(kAlphabet[i])] = i;
  return values;
}();

// What a character at each of the four places of a group adds to its 24 bits; the bit above them
// for one that is not of the alphabet.
constexpr uint32_t kBad = uint32_t{1} << 24;
using Table = std::array<uint32_t, 256>;
constexpr Table Shifted(unsigned bits) {
  Table table{};
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] = kValues[i] == kInvalid ? kBad : uint32_t{kValues[i]} << bits;
  }
  return table;
}
constexpr std::array<Table, 4> kGroups = {Shifted(18), Shifted(12), Shifted(6), Shifted(0)};

uint32_t ValueAt(std::string_view text, size_t at) {
  return kValues[static_cast<uint8_t>(text[at])];
}

}  // namespace

std::string Base64Encode(ByteSpan bytes) {
  std::string text((bytes.size() + 2) / 3 * 4, '=');
  size_t at = 0;
  for (size_t i = 0; i < bytes.size(); i += 3) {
    const size_t left = bytes.size() - i;
    const uint32_t group = uint32_t{bytes[i]} << 16 | (left > 1 ? uint32_t{bytes[i + 1]} << 8 : 0) |
                           (left > 2 ? uint32_t{bytes[i + 2]} : 0);
    text[at] = kAlphabet[group >> 18];
    text[at + 1] = kAlphabet[group >> 12 & 63];
    if (left > 1) text[at + 2] = kAlphabet[group >> 6 & 63];
    if (left > 2) text[at + 3] = kAlphabet[group & 63];
    at += 4;
  }
  return text;
}

std::optional<Bytes> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  if (text.empty()) return Bytes{};
  const size_t padding = text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
  const size_t whole = text.size() - (padding != 0 ? 4 : 0);
  Bytes bytes(text.size() / 4 * 3 - padding);
  uint8_t* to = bytes.data();
  for (size_t i = 0; i < whole; i += 4) {
    const auto at = [&](size_t place) {
      return kGroups[place][static_cast<uint8_t>(text[i + place])];
    };
    const uint32_t group = at(0) | at(1) | at(2) | at(3);
    if ((group & kBad) != 0) return std::nullopt;
    *to++ = static_cast<uint8_t>(group >> 16);
    *to++ = static_cast<uint8_t>(group >> 8);
    *to++ = static_cast<uint8_t>(group);
  }
  if (padding == 0) return bytes;
  const uint32_t a = ValueAt(text, whole), b = ValueAt(text, whole + 1);
  const uint32_t c = padding == 1 ? ValueAt(text, whole + 2) : 0;
  if ((a | b | c) >= 64) return std::nullopt;
  const uint32_t group = a << 18 | b << 12 | c << 6;
  if ((group & (padding == 1 ? 0xffu : 0xffffu)) != 0) return std::nullopt;
  *to++ = static_cast<uint8_t>(group >> 16);
  if (padding == 1) *to = static_cast<uint8_t>(group >> 8);
  return bytes;
}

}  // namespace carnet
