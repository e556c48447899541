// Standard base64 with padding (RFC 4648 section 4), the only spelling read or written.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/bytes.h"

namespace carnet {

std::string Base64Encode(ByteSpan bytes);
// Absent for the URL alphabet, missing padding, white space and non-zero unused bits.
std::optional<Bytes> Base64Decode(std::string_view text);
// The same into place; false also unless `text` spells as many bytes as `to` has.
bool Base64DecodeInto(std::string_view text, std::span<uint8_t> to);

// Exactly T::kSize bytes; otherwise absent.
template <typename T>
std::optional<T> Base64DecodeTo(std::string_view text) {
  std::array<uint8_t, T::kSize> bytes;
  if (!Base64DecodeInto(text, bytes)) return std::nullopt;
  return T::FromSpan(bytes);
}

}  // namespace carnet
