// The totals of a completion, summed over its segments (R32): exact, and "undisclosed" as soon as
// one term is.
#pragma once

#include <optional>
#include <string>

#include "core/flop.h"
#include "core/result.h"
#include "schemas/predicate.h"
#include "sigstore/bundle.h"

namespace carnet::pipeline {

// The predicate of a bundle that Carnet wrote itself. Errors: corruption.
Result<schemas::Predicate> ReadOwnStatement(const sigstore::Bundle& bundle);

class SegmentTotals {
 public:
  // Errors: corruption (no segment), malformed (a sum overflows).
  Result<> Add(const sigstore::Bundle& segment);

  std::string TokensJson() const;  // a count, or "undisclosed"
  std::string FlopJson() const;    // {"update", "total"}; a figure that a segment lacks is left out

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
