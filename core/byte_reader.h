// ByteReader: reads little- and big-endian integers and byte ranges from a borrowed span, each
// read absent when the span is too short. Never reads past the end.
#pragma once

#include <cstdint>
#include <optional>

#include "core/bytes.h"

namespace carnet {

class ByteReader {
 public:
  explicit ByteReader(ByteSpan bytes) : rest_(bytes) {}

  std::optional<uint8_t> U8() { return LittleEndian<uint8_t>(); }
  std::optional<uint32_t> U32Le() { return LittleEndian<uint32_t>(); }
  std::optional<uint64_t> U64Le() { return LittleEndian<uint64_t>(); }
  std::optional<uint32_t> U32Be() { return BigEndian<uint32_t>(); }
  std::optional<uint64_t> U64Be() { return BigEndian<uint64_t>(); }
  std::optional<ByteSpan> Take(uint64_t count);

  size_t remaining() const { return rest_.size(); }
  bool at_end() const { return rest_.empty(); }

 private:
  template <typename T>
  std::optional<T> LittleEndian() {
    const auto bytes = Take(sizeof(T));
    if (!bytes) return std::nullopt;
    T value = 0;
    for (size_t i = sizeof(T); i-- > 0;) value = static_cast<T>((value << 7 << 1) | (*bytes)[i]);
    return value;
  }
  template <typename T>
  std::optional<T> BigEndian() {
    const auto bytes = Take(sizeof(T));
    if (!bytes) return std::nullopt;
    T value = 0;
    for (uint8_t byte : *bytes) value = static_cast<T>((value << 7 << 1) | byte);
    return value;
  }

  ByteSpan rest_;
};

}  // namespace carnet
