// The totals of a completion, summed over its segments (R32): exact, and "undisclosed" as soon as
// one term is.
#pragma once

#include "core/flop.h"
#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

class SegmentTotals {
 public:
  // Errors: corruption (not a segment), malformed (a sum overflows).
  Result<> Add(const schemas::Predicate& segment);

  // `tokens` and `flop`; a figure that a segment does not state is left out. Requires a completion.
  void SetIn(schemas::Predicate& completion) const;

 private:
  struct Sum {
    Uint128 amount = 0;
    bool undisclosed = false;
    bool missing = false;
  };
  Sum tokens_;
  Sum update_;
  Sum total_;
};

}  // namespace carnet::pipeline
