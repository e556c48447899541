#include "core/byte_writer.h"

namespace carnet {

ByteWriter& ByteWriter::U8(uint8_t value) {
  text_.push_back(static_cast<char>(value));
  return *this;
}

ByteWriter& ByteWriter::U16Be(uint16_t value) {
  return U8(static_cast<uint8_t>(value >> 8)).U8(static_cast<uint8_t>(value));
}

ByteWriter& ByteWriter::U32Be(uint32_t value) {
  return U16Be(static_cast<uint16_t>(value >> 16)).U16Be(static_cast<uint16_t>(value));
}

ByteWriter& ByteWriter::U64Be(uint64_t value) {
  return U32Be(static_cast<uint32_t>(value >> 32)).U32Be(static_cast<uint32_t>(value));
}

ByteWriter& ByteWriter::Append(ByteSpan bytes) {
  text_.append(AsText(bytes));
  return *this;
}

}  // namespace carnet
