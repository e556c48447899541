// Lowercase hexadecimal, the only spelling read or written (S4).
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace carnet {

std::string HexEncode(ByteSpan bytes);
// Absent for odd lengths, capitals and anything but 0-9a-f.
std::optional<Bytes> HexDecode(std::string_view text);
// The same into place; false also unless `text` spells as many bytes as `to` has.
bool HexDecodeInto(std::string_view text, std::span<uint8_t> to);

// Exactly T::kSize bytes; otherwise absent.
template <typename T>
std::optional<T> HexDecodeTo(std::string_view text) {
  std::array<uint8_t, T::kSize> bytes;
  if (!HexDecodeInto(text, bytes)) return std::nullopt;
  return T::FromSpan(bytes);
}

}  // namespace carnet
