// A PyTorch file is refused, or its tensors lie in the file in order, and of two that touch the
// same bytes both have the same ones. Reads stay inside the file.
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "artifact/torch_file.h"
#include "core/check.h"

namespace carnet::artifact {
namespace {

void CheckPlaces(const WeightHeader& header, uint64_t file_bytes) {
  uint64_t begin = 0;
  uint64_t end = 0;
  for (const TensorInfo& tensor : header.tensors) {
    CARNET_CHECK(tensor.begin <= tensor.end && tensor.end <= file_bytes);
    CARNET_CHECK(tensor.elements <= tensor.end - tensor.begin);
    CARNET_CHECK(tensor.shared <= tensor.elements);
    CARNET_CHECK(tensor.begin >= end || (tensor.begin == begin && tensor.end == end));
    begin = tensor.begin;
    end = tensor.end;
  }
}

}  // namespace
}  // namespace carnet::artifact

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace carnet::artifact;
  const ReadAt read = [&](uint64_t offset, std::span<uint8_t> into) -> carnet::Result<> {
    CARNET_CHECK(offset <= size && into.size() <= size - offset);
    if (!into.empty()) std::memcpy(into.data(), data + offset, into.size());
    return carnet::Ok();
  };
  const auto header = ReadTorchFile(read, size);
  if (header) CheckPlaces(*header, size);
  return 0;
}
