// What the files of an adapter (LoRA and kin) tell of the model that they adapt. Values only.
// Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/tensor_root.h"

namespace carnet::artifact {

// A pair A [r, d_in], B [d_out, r] is added to a matrix of d_out · d_in parameters, which the base
// has: their sum is the fewest that the base can have. Zero pairs say nothing of the base: the
// adapter is of another kind, or its tensors bear other names.
struct Adapter {
  std::string weight_set;
  uint64_t least_base_parameters;      // 2^64-1 stands for more
  uint64_t pairs;                      // counted once a module
  std::vector<std::string> unmatched;  // named as half of a pair, without a half that fits

  friend bool operator==(const Adapter&, const Adapter&) = default;
};

// What the pairs of one weight set tell.
Adapter AdapterOf(const WeightSet& set);

// The set whose pairs ask for the largest base. Where none has pairs, the largest set of a folder
// that `configured` names, which has an adapter_config.json; absent where there is none.
// Folders are "" or end in '/'.
std::optional<Adapter> FindAdapter(std::span<const WeightSet> sets,
                                   std::span<const std::string> configured);

}  // namespace carnet::artifact
