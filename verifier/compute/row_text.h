// What the compute row of a verdict says when no rule has failed on it. Decides nothing. Private to
// compute/, for its .cc files.
#pragma once

#include <optional>
#include <string>

#include "verifier/compute/bounds.h"
#include "verifier/compute/rules.h"

namespace carnet::verifier::compute {

struct ComputeFacts {
  Bounds bounds;  // of the sum that the policy chose
  PassportTotals totals;
  Agreement agreement;
  std::optional<Utilisation> utilisation;
};

// The policy's choice first; then the numbers of the passport, with the edges that it chose itself.
std::string ComputeText(const Statement& root, const Counting& counting, const ComputeFacts& facts);

}  // namespace carnet::verifier::compute
