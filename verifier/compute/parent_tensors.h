// The tensors of the models that the root's run trained further, as the root shows them (R35):
// leaves of tensor trees (S6) whose roots the parents' own statements state.
#pragma once

#include <vector>

#include "artifact/tensor_root.h"
#include "core/digests.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::compute {

class ParentTensors {
 public:
  // 1 the leaves of each list have a root; 2 a parent's statement states that root. Not checked:
  // lists of other passports, which show nothing about the files in hand.
  ParentTensors(const StatementSet& set, const Statement& root, Findings& findings);

  bool empty() const { return leaves_.empty(); }
  // Whether a parent had a tensor of this name, type, shape and content.
  bool Have(const artifact::TensorSummary& tensor) const;

 private:
  std::vector<LeafHash> leaves_;  // sorted: whoever signs the passport chooses them
};

}  // namespace carnet::verifier::compute
