// What the declared classes of parameters cost per token, as far as something in hand shows it
// (R35). For .cc files only: the generated headers are large.
#pragma once

#include <string>
#include <vector>

#include "core/flop.h"
#include "schemas/readers.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/named_tensors.h"
#include "verifier/compute/weight_files.h"

namespace carnet::verifier::compute {

inline constexpr uint64_t kTrained = 6;  // FLOP per token and parameter (S9)
inline constexpr uint64_t kFrozenUnderTraining = 4;
inline constexpr uint64_t kForwardOnly = 2;

struct ClassCost {
  std::vector<ParameterClass> classes;
  Uint128 in_full = 0;  // parameters stated to cost less, and counted as trained
  std::string why;      // of the first of these
  Uint128 unheld = 0;   // parameters that cost less by statement alone
  // Of the frozen ones, but for an adapter's base:
  Uint128 frozen = 0;        // by statement alone, which `unheld` has as well
  Uint128 forward_only = 0;  // unchanged, but run forward only by statement alone: in `unheld` too
  Uint128 unchanged = 0;     // shown by the parent's tensors
  std::string false_table;   // the first that the model's own files contradict; may be empty
};

// `size` is the model of the run that the figure belongs to.
ClassCost CostOf(wire::FlopCalculation::Reader architecture, const ModelSize& size,
                 const WeightFiles& files, NamedTensors& named);

}  // namespace carnet::verifier::compute
