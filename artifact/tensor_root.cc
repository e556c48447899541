#include "artifact/tensor_root.h"

#include <fmt/core.h>

#include <algorithm>

#include "artifact/weight_header.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "merkle/compact_range.h"
#include "merkle/hasher.h"

namespace carnet::artifact {
namespace {

Result<> CheckName(const std::string& name) {
  const std::string quoted = fmt::format("tensor \"{}\"", Printable(name));
  if (name.size() > kMaxTensorNameBytes) return Malformed(quoted + ": name is over 512 bytes");
  if (!IsValidUtf8(name)) return Malformed(quoted + ": name is not UTF-8");
  if (FindForbiddenCharacter(name)) {
    return Malformed(quoted + ": name contains a control or invisible character");
  }
  return Ok();
}

TensorRoot RootOf(const std::vector<TensorSummary>& sorted) {
  std::vector<LeafHash> leaves;
  leaves.reserve(sorted.size());
  for (const TensorSummary& tensor : sorted) leaves.push_back(TensorLeafHash(tensor));
  return RootOfLeaves(leaves);
}

}  // namespace

Result<> CheckTensors(std::vector<const TensorSummary*> tensors) {
  if (tensors.size() > kMaxTensors) return Malformed("too many tensors");
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorSummary* a, const TensorSummary* b) { return a->name < b->name; });
  uint64_t elements = 0;
  for (size_t i = 0; i < tensors.size(); ++i) {
    CARNET_TRY_VOID(CheckName(tensors[i]->name));
    if (i > 0 && tensors[i - 1]->name == tensors[i]->name) {
      return Malformed(
          fmt::format("tensor \"{}\" appears more than once", Printable(tensors[i]->name)));
    }
    if (__builtin_add_overflow(elements, tensors[i]->counted(), &elements)) {
      return Malformed("number of elements overflows 64 bits");
    }
  }
  return Ok();
}

std::string TensorLeafText(const TensorSummary& tensor) {
  std::string text = HexEncode(tensor.sha256.span()) + "  " + tensor.dtype + "  [";
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(tensor.shape[i]);
  }
  return text + "]  " + tensor.name + "\n";
}

LeafHash TensorLeafHash(const TensorSummary& tensor) {
  return merkle::HashLeaf(AsBytes(TensorLeafText(tensor)));
}

TensorRoot RootOfLeaves(std::span<const LeafHash> leaves) {
  merkle::CompactRange tree;
  for (const LeafHash& leaf : leaves) tree.Append(leaf);
  return Retag<TensorRoot>(tree.Root());
}

Result<WeightSet> MakeWeightSet(std::string name, std::vector<TensorSummary> tensors,
                                const std::optional<QuantizationConfig>& config) {
  std::vector<const TensorSummary*> pointers;
  pointers.reserve(tensors.size());
  for (const TensorSummary& tensor : tensors) pointers.push_back(&tensor);
  CARNET_TRY_VOID(CheckTensors(std::move(pointers)));
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorSummary& a, const TensorSummary& b) { return a.name < b.name; });
  uint64_t elements = 0;
  bool packed = false;
  for (const TensorSummary& tensor : tensors) {
    elements += tensor.counted();
    packed = packed || tensor.packed;
  }
  const TensorRoot root = RootOf(tensors);
  ParameterCount parameters = CountParameters(tensors, config);
  return WeightSet{std::move(name),   root, elements, packed, std::move(parameters),
                   std::move(tensors)};
}

}  // namespace carnet::artifact
