// A GGUF header is refused, or its tensors lie in order, aligned, with less than one alignment of
// padding between them; and what is known of a prefix stays true of the whole.
#include <cstddef>
#include <cstdint>

#include "artifact/gguf.h"
#include "core/check.h"

namespace carnet::artifact {
namespace {

constexpr uint64_t kMaxPadding = 65'536;

void CheckPlaces(const WeightHeader& header, uint64_t file_bytes) {
  CARNET_CHECK(header.data_begin <= file_bytes);
  uint64_t covered = header.data_begin;
  for (const TensorInfo& tensor : header.tensors) {
    CARNET_CHECK(tensor.begin >= covered);
    CARNET_CHECK(tensor.begin - covered < kMaxPadding);
    CARNET_CHECK(tensor.end >= tensor.begin);
    CARNET_CHECK(tensor.end <= file_bytes);
    CARNET_CHECK(tensor.packed || tensor.elements <= tensor.end - tensor.begin);
    covered = tensor.end;
  }
  CARNET_CHECK(file_bytes - covered < kMaxPadding);
}

void ParsePrefixes(ByteSpan file, uint64_t file_bytes) {
  const auto whole = ParseGgufHeader(file, file_bytes);
  if (whole && whole->has_value()) CheckPlaces(**whole, file_bytes);
  const auto half = ParseGgufHeader(file.first(file.size() / 2), file_bytes);
  if (half && !half->has_value()) return;  // wants more
  CARNET_CHECK(half.has_value() == whole.has_value());
  if (!half) CARNET_CHECK(half.error().message == whole.error().message);
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const carnet::ByteSpan input(data, size);
  carnet::artifact::ParsePrefixes(input, size);
  carnet::artifact::ParsePrefixes(input, size + 4096);  // a header whose data was cut off
  return 0;
}
