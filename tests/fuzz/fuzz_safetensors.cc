// A safetensors header is refused, or its tensors cover the data exactly and in order.
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "artifact/safetensors.h"
#include "core/check.h"

namespace carnet::artifact {
namespace {

void CheckCoverage(const WeightHeader& header, uint64_t file_bytes) {
  uint64_t covered = header.data_begin;
  for (const TensorInfo& tensor : header.tensors) {
    CARNET_CHECK(tensor.begin == covered);
    CARNET_CHECK(tensor.end >= tensor.begin);
    CARNET_CHECK(tensor.packed || tensor.elements <= tensor.end - tensor.begin);
    CARNET_CHECK(tensor.elements <= 2 * (tensor.end - tensor.begin));  // F4
    covered = tensor.end;
  }
  CARNET_CHECK(covered == file_bytes);
}

// The input is a file; how long the file claims to be is for the header alone to say.
void ParseFile(ByteSpan file) {
  const auto header_bytes = SafetensorsHeaderBytes(file, file.size());
  if (!header_bytes) return;
  CARNET_CHECK(*header_bytes <= file.size());
  const auto header = ParseSafetensorsHeader(file.first(*header_bytes), file.size());
  if (header) CheckCoverage(*header, file.size());
}

// The input is the JSON alone, of a file with as much data as it wants up to 1 MiB.
void ParseText(ByteSpan text) {
  Bytes header(8);
  for (size_t i = 0; i < 8; ++i) header[i] = static_cast<uint8_t>(text.size() >> (8 * i));
  header.insert(header.end(), text.begin(), text.end());
  for (const uint64_t data_bytes : {0u, 1u, 4u, 64u, 1u << 20}) {
    const auto parsed = ParseSafetensorsHeader(header, header.size() + data_bytes);
    if (parsed) CheckCoverage(*parsed, header.size() + data_bytes);
  }
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const carnet::ByteSpan input(data, size);
  carnet::artifact::ParseFile(input);
  carnet::artifact::ParseText(input);
  if (const auto index = carnet::artifact::ParseShardIndex(carnet::AsText(input))) {
    CARNET_CHECK(!index->weight_map.empty());
  }
  return 0;
}
