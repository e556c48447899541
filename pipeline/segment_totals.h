// The totals of a completion, summed over its segments (R32): exact, and "undisclosed" as soon as
// one term is, or where the sum cannot be stated: a run can always be aborted.
#pragma once

#include "core/flop.h"
#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

class SegmentTotals {
 public:
  // Errors: corruption (not a segment).
  Result<> Add(const schemas::Predicate& segment);

  // Errors: malformed (a sum overflows), which a run that is completed may not.
  Result<> CheckSums() const;

  // `tokens` and `flop`; a figure that a segment does not state is left out. Requires a completion.
  void SetIn(schemas::Predicate& completion) const;

 private:
  struct Sum {
    Uint128 amount = 0;
    bool undisclosed = false;
    bool missing = false;
    bool overflow = false;
  };
  Sum tokens_;
  Sum update_;
  Sum total_;
};

}  // namespace carnet::pipeline
