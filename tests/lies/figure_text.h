// Figures as a lab drafts them.
#pragma once

#include <string>

#include "tests/lies/account.h"

namespace carnet::test::lies {

// `update` and `total` of a segment, in JSON.
std::string SegmentFlopText(const Model& model, const Segment& segment);
// "fp32" on a CPU, else "bf16".
std::string PrecisionOf(const Account& account, const Segment& segment);

}  // namespace carnet::test::lies
