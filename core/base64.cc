#include "core/base64.h"

#include <algorithm>
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

// What a character at each of the four places of a group adds to its 24 bits, which are the upper
// ones; the lowest bit for one that is not of the alphabet.
constexpr uint32_t kBad = 1;
using Table = std::array<uint32_t, 256>;
constexpr Table Shifted(unsigned bits) {
  Table table{};
  for (size_t i = 0; i < table.size(); ++i) {
    table[i] = kValues[i] == kInvalid ? kBad : uint32_t{kValues[i]} << bits;
  }
  return table;
}
constexpr std::array<Table, 4> kGroups = {Shifted(26), Shifted(20), Shifted(14), Shifted(8)};

inline uint32_t GroupAt(const char* text) {
  const auto place = [text](size_t i) { return kGroups[i][static_cast<uint8_t>(text[i])]; };
  return place(0) | place(1) | place(2) | place(3);
}

size_t PaddingOf(std::string_view text) {
  return text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0;
}

// Of text whose length is a multiple of four; of other text any number that is no greater.
size_t DecodedSize(std::string_view text) {
  return text.size() < 4 ? 0 : text.size() / 4 * 3 - PaddingOf(text);
}

// One group of four, to as many bytes as its padding leaves.
bool DecodeLast(std::string_view text, uint8_t* out) {
  const size_t padding = PaddingOf(text);
  std::array<char, 4> filled{'A', 'A', 'A', 'A'};
  std::copy_n(text.begin(), 4 - padding, filled.begin());
  const uint32_t group = GroupAt(filled.data());
  const size_t bytes = 3 - padding;
  const uint32_t unused = padding == 0 ? 0 : padding == 1 ? 0xff00 : 0xffff00;
  if ((group & (kBad | unused)) != 0) return false;
  for (size_t i = 0; i < bytes; ++i) out[i] = static_cast<uint8_t>(group >> (24 - 8 * i));
  return true;
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

bool Base64DecodeInto(std::string_view text, std::span<uint8_t> to) {
  if (text.size() % 4 != 0 || to.size() != DecodedSize(text)) return false;
  if (text.empty()) return true;
  const size_t last = text.size() - 4;
  uint32_t all = 0;
  uint8_t* out = to.data();
  for (size_t i = 0; i < last; i += 4, out += 3) {
    const uint32_t group = GroupAt(text.data() + i);
    all |= group;
    // Four bytes, which is one store: another group follows, and writes the last one again.
    out[0] = static_cast<uint8_t>(group >> 24);
    out[1] = static_cast<uint8_t>(group >> 16);
    out[2] = static_cast<uint8_t>(group >> 8);
    out[3] = static_cast<uint8_t>(group);
  }
  return (all & kBad) == 0 && DecodeLast(text.substr(last), out);
}

std::optional<Bytes> Base64Decode(std::string_view text) {
  Bytes bytes(DecodedSize(text));
  if (!Base64DecodeInto(text, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace carnet
