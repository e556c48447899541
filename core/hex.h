// Lowercase hexadecimal, the only spelling read or written (S4).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace carnet {

std::string HexEncode(ByteSpan bytes);
// Absent for odd lengths, capitals and anything but 0-9a-f.
std::optional<Bytes> HexDecode(std::string_view text);

// Exactly T::kSize bytes; otherwise absent.
template <typename T>
std::optional<T> HexDecodeTo(std::string_view text) {
  if (text.size() != 2 * T::kSize) return std::nullopt;
  const auto bytes = HexDecode(text);
  if (!bytes) return std::nullopt;
  return T::FromSpan(*bytes);
}

}  // namespace carnet
