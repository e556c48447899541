#include "core/hex.h"

#include <array>

namespace carnet {
namespace {

constexpr uint8_t kNoNibble = 0xff;

constexpr std::array<uint8_t, 256> kNibbles = [] {
  std::array<uint8_t, 256> nibbles{};
  nibbles.fill(kNoNibble);
  for (uint8_t i = 0; i < 10; ++i) nibbles[static_cast<uint8_t>('0' + i)] = i;
  for (uint8_t i = 10; i < 16; ++i) nibbles[static_cast<uint8_t>('a' + i - 10)] = i;
  return nibbles;
}();

uint32_t Nibble(char c) { return kNibbles[static_cast<uint8_t>(c)]; }

}  // namespace

std::string HexEncode(ByteSpan bytes) {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string text(bytes.size() * 2, '\0');
  for (size_t i = 0; i < bytes.size(); ++i) {
    text[2 * i] = kDigits[bytes[i] >> 4];
    text[2 * i + 1] = kDigits[bytes[i] & 15];
  }
  return text;
}

bool HexDecodeInto(std::string_view text, std::span<uint8_t> to) {
  if (text.size() != 2 * to.size()) return false;
  for (size_t i = 0; i < to.size(); ++i) {
    const uint32_t high = Nibble(text[2 * i]), low = Nibble(text[2 * i + 1]);
    if ((high | low) >= 16) return false;
    to[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return true;
}

std::optional<Bytes> HexDecode(std::string_view text) {
  Bytes bytes(text.size() / 2);
  if (!HexDecodeInto(text, bytes)) return std::nullopt;
  return bytes;
}

}  // namespace carnet
