// Tensor roots (S6): an RFC 6962 root over one leaf per tensor, which survives resharding and
// renaming of files. Values only. Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/model_config.h"
#include "artifact/parameter_count.h"
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
  uint64_t shared = 0;          // of the elements, how many another tensor has counted already

  // The elements that no other tensor of the set has in the same storage.
  uint64_t counted() const { return elements - shared; }

  friend bool operator==(const TensorSummary&, const TensorSummary&) = default;
};

// All shards of one index of safetensors or PyTorch files, any other single file of these, or a
// GGUF file or series.
struct WeightSet {
  std::string name;  // path of the index, file or first shard
  TensorRoot root;
  uint64_t elements;                   // sum over the tensors, each storage once
  bool packed;                         // any tensor is
  ParameterCount parameters;           // how many the elements are
  std::vector<TensorSummary> tensors;  // sorted by the name's bytes
  // Of config.json in its folder, or its own; GroupWeights fills it.
  std::optional<ModelConfig> config = std::nullopt;

  friend bool operator==(const WeightSet&, const WeightSet&) = default;
};

// `<hex sha256>  <dtype>  [<d0>,<d1>,…]  <name>\n`
std::string TensorLeafText(const TensorSummary& tensor);
// The hash of that leaf.
LeafHash TensorLeafHash(const TensorSummary& tensor);
// Of a weight set whose tensors have these leaves, in the order of their names.
TensorRoot RootOfLeaves(std::span<const LeafHash> leaves);

// Whether the tensors can be one set. Errors: those of MakeWeightSet.
Result<> CheckTensors(std::vector<const TensorSummary*> tensors);

// Sorts the tensors, counts the parameters, with the help of the `config` beside them, and computes
// the root. Errors: malformed when a name appears more than once, is
// longer than 512 bytes or has characters that S4 refuses, and when `elements` overflows.
Result<WeightSet> MakeWeightSet(std::string name, std::vector<TensorSummary> tensors,
                                const std::optional<QuantizationConfig>& config = {});

}  // namespace carnet::artifact
