// Thresholds as facts (R37, R38). Private to policy/.
#pragma once

#include <string>

#include "verifier/passport_file.h"
#include "verifier/policy/policy.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

ThresholdFact JudgeThreshold(const StatementSet& set, const Statement& root, const Policy& policy,
                             const Threshold& threshold);

// "not met, 5.3e13 <= 1.0e23".
std::string DescribeFact(const ThresholdFact& fact);

}  // namespace carnet::verifier::policy
