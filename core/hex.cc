#include "core/hex.h"

#include <array>

namespace carnet {
namespace {

constexpr uint8_t kInvalid = 0xff;

constexpr std::array<uint8_t, 256> kNibbles = [] {
  std::array<uint8_t, 256> nibbles{};
  nibbles.fill(kInvalid);
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

std::optional<Bytes> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) return std::nullopt;
  Bytes bytes(text.size() / 2);
  for (size_t i = 0; i < bytes.size(); ++i) {
    const uint32_t high = Nibble(text[2 * i]), low = Nibble(text[2 * i + 1]);
    if ((high | low) >= 16) return std::nullopt;
    bytes[i] = static_cast<uint8_t>(high * 16 + low);
  }
  return bytes;
}

}  // namespace carnet
