// What the targets with several inputs take them from: parts behind their size in two bytes,
// big-endian, and the rest.
#pragma once

#include <optional>

#include "core/byte_reader.h"

namespace carnet::test {

class SizedParts {
 public:
  explicit SizedParts(ByteSpan input) : reader_(input) {}

  // Absent where there is no whole part left.
  std::optional<ByteSpan> Next() {
    const auto size = reader_.Take(2);
    if (!size) return std::nullopt;
    return reader_.Take(static_cast<uint64_t>((*size)[0] << 8 | (*size)[1]));
  }
  ByteSpan Rest() { return *reader_.Take(reader_.remaining()); }

 private:
  ByteReader reader_;
};

}  // namespace carnet::test
