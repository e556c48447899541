// How many parameters the tensors of a weight set hold, as far as their header tells. Values only.
// Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "artifact/quantization_config.h"

namespace carnet::artifact {

struct TensorSummary;

// least == most where the header tells the number exactly.
struct ParameterCount {
  uint64_t least;     // 2^64-1 stands for more
  uint64_t most;      // likewise
  std::string basis;  // for people: "element counts of the header", "GPTQ or AWQ, 4 bits", …

  bool exact() const { return least == most; }
  friend bool operator==(const ParameterCount&, const ParameterCount&) = default;
};

// Counts an element for a parameter, except that
//  1. a packed tensor (packed_formats.h), which is one only beside the companions that its layout
//     requires, holds several parameters in an element;
//  2. its companions (scales, zeros, maps) are no parameters, up to the size that the layout needs;
//  3. where integers that are not packed in any known layout are more than 1 % of the elements,
//     `most` takes each for as many values of 2 bits as fit into it.
// The width of a value is what the shapes show; only where they show none is it what `config` says,
// never wider than 8 bits, so that no configuration counts fewer parameters than bytes. Layouts of
// a byte for a value hold several where there are scales for more rows than of bytes; where
// `config` says less than 8 bits, `most` takes that. What a liar can still do: shape all companions
// of a layout for wider values than there are, which the programs that load the layout then refuse;
// or keep packed values in tensors of floats. Requires `sorted` by the bytes of the name, without
// repeated names.
ParameterCount CountParameters(std::span<const TensorSummary> sorted,
                               const std::optional<QuantizationConfig>& config);

}  // namespace carnet::artifact
