// Tensor roots (S6): an RFC 6962 root over one leaf per tensor, which survives resharding and
// renaming of files. Values only. Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"

namespace carnet::artifact {

struct TensorSummary {
  std::string name;
  std::string dtype;            // as safetensors or ggml spells it
  std::vector<uint64_t> shape;  // outermost dimension first; empty for a scalar
  uint64_t elements;            // product of the shape
  bool packed;                  // several elements share bytes: quantised blocks, F4, F6
  Sha256Digest sha256;          // of the raw bytes

  friend bool operator==(const TensorSummary&, const TensorSummary&) = default;
};

// All shards of one safetensors index, any other single safetensors file, or a GGUF file or series.
struct WeightSet {
  std::string name;  // path of the index, file or first shard
  TensorRoot root;
  uint64_t elements;  // a parameter count only where not packed (nor packed by convention, as
                      // GPTQ does in I32 tensors: no header says so)
  bool packed;        // any tensor is
  std::vector<TensorSummary> tensors;  // sorted by the name's bytes

  friend bool operator==(const WeightSet&, const WeightSet&) = default;
};

// `<hex sha256>  <dtype>  [<d0>,<d1>,…]  <name>\n`
std::string TensorLeafText(const TensorSummary& tensor);

// Sorts the tensors and computes the root. Errors: malformed when a name appears more than once, is
// longer than 512 bytes or has characters that S4 refuses, and when `elements` overflows.
Result<WeightSet> MakeWeightSet(std::string name, std::vector<TensorSummary> tensors);

}  // namespace carnet::artifact
