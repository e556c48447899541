// The tensors of the weight files that lists of names and patterns match (R35), and those of them
// that are as a parent left them.
#pragma once

#include <map>
#include <string_view>
#include <vector>

#include "core/flop.h"
#include "verifier/compute/parent_tensors.h"
#include "verifier/compute/tensor_pattern.h"
#include "verifier/compute/weight_files.h"

namespace carnet::verifier::compute {

struct NamedElements {
  Uint128 all = 0;
  Uint128 unchanged = 0;  // of tensors that a parent had with the same values
};

// Segments of a run repeat their lists, so each is matched once.
class NamedTensors {
 public:
  using Names = std::vector<std::string_view>;

  // The files must outlive it, and so must the names.
  NamedTensors(const WeightFiles& files, const ParentTensors& parents);

  // Of the tensors of the largest weight set that `names` match, but for those that are `tables`.
  // None where matching takes too much work.
  NamedElements Of(const Names& tables, const Names& names);

 private:
  NamedElements Match(const Names& tables, const Names& names);

  const WeightFiles& files_;
  std::vector<bool> unchanged_;  // by position in the largest weight set; empty: none is known
  MatchingWork work_;
  std::map<Names, std::map<Names, NamedElements>> known_;  // by tables, then by names
};

}  // namespace carnet::verifier::compute
