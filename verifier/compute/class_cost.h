// What the declared classes of parameters cost per token, as far as something in hand shows it
// (R35). For .cc files only: the generated headers are large.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "core/flop.h"
#include "schemas/readers.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/weight_files.h"

namespace carnet::verifier::compute {

inline constexpr uint64_t kTrained = 6;  // FLOP per token and parameter (S9)
inline constexpr uint64_t kFrozenUnderTraining = 4;
inline constexpr uint64_t kForwardOnly = 2;

struct ClassCost {
  std::vector<ParameterClass> classes;
  Uint128 in_full = 0;      // parameters stated to cost less, and counted as trained
  std::string why;          // of the first of these
  Uint128 unheld = 0;       // parameters that cost less by statement alone
  Uint128 frozen = 0;       // those of them that are frozen, but for an adapter's base
  std::string false_table;  // the first that the model's own files contradict; may be empty
};

// The elements that lists of names and patterns match in the weight files. Segments of a run repeat
// their lists, so each list is matched once.
class NamedElements {
 public:
  // `files` must outlive it, and so must the names.
  explicit NamedElements(const WeightFiles& files) : files_(files) {}

  // 0 where matching takes too much work.
  Uint128 Of(const std::vector<std::string_view>& names);

 private:
  const WeightFiles& files_;
  MatchingWork work_;
  std::map<std::vector<std::string_view>, Uint128> known_;
};

// `size` is the model of the run that the figure belongs to.
ClassCost CostOf(wire::FlopCalculation::Reader architecture, const ModelSize& size,
                 const WeightFiles& files, NamedElements& named);

}  // namespace carnet::verifier::compute
