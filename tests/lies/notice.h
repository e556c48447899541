// What a verdict makes of a lie, beside its verdict on the truth.
#pragma once

#include <string>

#include "verifier/verdict.h"

namespace carnet::test::lies {

enum class Notice {
  kRefused,
  kMarked,  // a lower level, a sum newly called a lower bound, a threshold newly left open
  kWords,   // only words say what is missing
  kNothing,
};

struct Noticed {
  Notice notice;
  std::string what;  // what was found, or what the verdict now says wrongly
};

// `lowers`: the lie takes from the sums that thresholds are about, and a verdict that calls them
// lower bounds is right.
Noticed Compare(const verifier::Verdict& truth, const verifier::Verdict& lie, bool lowers);

}  // namespace carnet::test::lies
