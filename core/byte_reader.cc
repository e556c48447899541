#include "core/byte_reader.h"

namespace carnet {

std::optional<ByteSpan> ByteReader::Take(uint64_t count) {
  if (count > rest_.size()) return std::nullopt;
  const ByteSpan taken = rest_.first(static_cast<size_t>(count));
  rest_ = rest_.subspan(static_cast<size_t>(count));
  return taken;
}

}  // namespace carnet
