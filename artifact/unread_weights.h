// Weight files whose tensors are not known: what they hold is bounded by their size alone.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace carnet::artifact {

struct UnreadWeights {
  std::string path;
  uint64_t bytes;      // those that are not read
  std::string reason;  // for people

  friend bool operator==(const UnreadWeights&, const UnreadWeights&) = default;
};

// Whether the name is that of a weight file: .safetensors, .gguf, PyTorch's endings.
bool IsWeightFileName(std::string_view path);

// Whether it is that of a weight file of a format that is not read (HDF5, Flax, ONNX, …).
bool IsOtherFrameworkName(std::string_view path);

}  // namespace carnet::artifact
