// ByteWriter: appends big-endian integers and bytes; the counterpart of ByteReader. Big-endian,
// because database keys must sort by value.
#pragma once

#include <cstdint>
#include <string>

#include "core/bytes.h"

namespace carnet {

class ByteWriter {
 public:
  ByteWriter& U8(uint8_t value);
  ByteWriter& U16Be(uint16_t value);
  ByteWriter& U32Be(uint32_t value);
  ByteWriter& U64Be(uint64_t value);
  ByteWriter& Append(ByteSpan bytes);
  ByteWriter& Append(std::string_view text) { return Append(AsBytes(text)); }

  const std::string& text() const { return text_; }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;  // std::string: the store's slices and the hasher take it without a copy
};

}  // namespace carnet
