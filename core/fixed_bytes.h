// FixedBytes<Tag, N>: exactly N bytes with a meaning. Values with different tags never mix.
// Order and equality are by byte value (not constant time: never for secrets).
#pragma once

#include <algorithm>
#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <optional>
#include <span>

#include "core/bytes.h"

namespace carnet {

template <typename Tag, size_t N>
class FixedBytes {
 public:
  static constexpr size_t kSize = N;

  constexpr explicit FixedBytes(std::span<const uint8_t, N> bytes) {
    std::copy(bytes.begin(), bytes.end(), bytes_.begin());
  }
  constexpr explicit FixedBytes(const std::array<uint8_t, N>& bytes) : bytes_(bytes) {}

  // Absent unless `bytes` is exactly N long.
  static std::optional<FixedBytes> FromSpan(ByteSpan bytes) {
    if (bytes.size() != N) return std::nullopt;
    return FixedBytes(std::span<const uint8_t, N>(bytes.data(), N));
  }

  std::span<const uint8_t, N> span() const { return std::span<const uint8_t, N>(bytes_); }
  const uint8_t* data() const { return bytes_.data(); }

  friend bool operator==(const FixedBytes&, const FixedBytes&) = default;
  friend auto operator<=>(const FixedBytes&, const FixedBytes&) = default;

 private:
  std::array<uint8_t, N> bytes_;
};

}  // namespace carnet

template <typename Tag, size_t N>
struct std::hash<carnet::FixedBytes<Tag, N>> {
  // The bytes are hash values already, so their first word is as good as any. An attacker may
  // choose a key that collides here at 2^64 work per pair; tables are bounded (verifier limits).
  size_t operator()(const carnet::FixedBytes<Tag, N>& value) const noexcept {
    static_assert(N >= sizeof(size_t));
    size_t word;
    std::memcpy(&word, value.data(), sizeof word);
    return word;
  }
};
