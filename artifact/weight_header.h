// What the header of a weight file says: its tensors and where their bytes lie. Filled by
// safetensors.h, gguf.h and torch_file.h, which accept a header only when it accounts for every
// byte of the file.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "artifact/model_config.h"

namespace carnet::artifact {

struct TensorInfo {
  std::string name;
  std::string dtype;            // as safetensors or ggml spells it
  std::vector<uint64_t> shape;  // outermost dimension first; empty for a scalar
  uint64_t elements;            // product of the shape
  bool packed;                  // several elements share bytes: quantised blocks, F4, F6
  uint64_t begin;               // byte offsets in the file
  uint64_t end;
  uint64_t shared = 0;  // of the elements, how many an earlier tensor has in the same bytes
};

struct WeightHeader {
  // In the order of their bytes. Two may have the same bytes, but none a part of another's.
  std::vector<TensorInfo> tensors;
  uint64_t data_begin;  // first byte after the header
  // Whether the bytes between tensors are the format's own; otherwise they are padding, and zero.
  bool has_other_bytes = false;
  // Of a checkpoint, the key of the state dictionary that the tensors are; otherwise empty.
  std::string part = "";
  // Of tensors that are not listed, of parts of their storages, and of all else in the file.
  uint64_t uncounted_bytes = 0;
  std::optional<ModelConfig> config = std::nullopt;  // of a format that holds one
};

// Of a file whose bytes are still on their way: no file is so long. A header is then read as that
// of a file that ends where its tensors do.
inline constexpr uint64_t kUnknownBytes = uint64_t{1} << 63;

// Headers are held in memory. safetensors' own limit; GGUF has none, so the same one is used.
inline constexpr uint64_t kMaxHeaderBytes = 100'000'000;
inline constexpr uint64_t kMaxTensors = 1 << 20;  // in one file or set; against memory
// The most memory that reading needs for a tensor, beside its name. While a header is parsed its
// text is in memory too, and of a safetensors header one member again.
inline constexpr uint64_t kTensorMemoryBytes = 512;
inline constexpr uint64_t kMaxModelTensors = 1 << 20;  // of all files of a model; likewise
inline constexpr size_t kMaxDimensions = 64;           // PyTorch's
inline constexpr size_t kMaxTensorNameBytes = 512;     // S6

}  // namespace carnet::artifact
