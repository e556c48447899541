// The parts of R38, and the shipped policy files. Private to policy/.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/policy/level.h"
#include "verifier/policy/policy.h"
#include "verifier/policy/verify.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

// What a policy demands, of rows and statements. `rows` are those before policy.
void CheckRequirements(const Demand& demand, const Statement& root, std::span<const Row> rows,
                       const Gaps& gaps, int level, Findings& findings);

// Thresholds as facts (R37, R38).
ThresholdFact JudgeThreshold(const StatementSet& set, const Statement& root, const Policy& policy,
                             const Threshold& threshold, const Measure& measure);

// "not met, 5.3e13 stated; at most 9.2e13 by the device time, …; limit > 1.0e23".
std::string DescribeFact(const ThresholdFact& fact);

// The text of the shipped policies, embedded at build (cmake/embed.cmake).
std::string_view EuGpaiToml();
std::string_view EuSystemicToml();
std::string_view HubCompleteToml();
std::string_view HubDefaultToml();

}  // namespace carnet::verifier::policy
