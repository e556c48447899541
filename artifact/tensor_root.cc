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

Result<> CheckTensors(const std::vector<TensorSummary>& sorted) {
  if (sorted.size() > kMaxTensors) return Malformed("too many tensors");
  for (size_t i = 0; i < sorted.size(); ++i) {
    CARNET_TRY_VOID(CheckName(sorted[i].name));
    if (i > 0 && sorted[i - 1].name == sorted[i].name) {
      return Malformed(
          fmt::format("tensor \"{}\" appears more than once", Printable(sorted[i].name)));
    }
  }
  return Ok();
}

TensorRoot RootOf(const std::vector<TensorSummary>& sorted) {
  merkle::CompactRange tree;
  for (const TensorSummary& tensor : sorted) {
    tree.Append(merkle::HashLeaf(AsBytes(TensorLeafText(tensor))));
  }
  return Retag<TensorRoot>(tree.Root());
}

}  // namespace

std::string TensorLeafText(const TensorSummary& tensor) {
  std::string text = HexEncode(tensor.sha256.span()) + "  " + tensor.dtype + "  [";
  for (size_t i = 0; i < tensor.shape.size(); ++i) {
    if (i > 0) text += ',';
    text += std::to_string(tensor.shape[i]);
  }
  return text + "]  " + tensor.name + "\n";
}

Result<WeightSet> MakeWeightSet(std::string name, std::vector<TensorSummary> tensors,
                                const std::optional<QuantizationConfig>& config) {
  std::sort(tensors.begin(), tensors.end(),
            [](const TensorSummary& a, const TensorSummary& b) { return a.name < b.name; });
  CARNET_TRY_VOID(CheckTensors(tensors));
  uint64_t elements = 0;
  bool packed = false;
  for (const TensorSummary& tensor : tensors) {
    if (__builtin_add_overflow(elements, tensor.counted(), &elements)) {
      return Malformed("number of elements overflows 64 bits");
    }
    packed = packed || tensor.packed;
  }
  const TensorRoot root = RootOf(tensors);
  ParameterCount parameters = CountParameters(tensors, config);
  return WeightSet{std::move(name),   root, elements, packed, std::move(parameters),
                   std::move(tensors)};
}

}  // namespace carnet::artifact
