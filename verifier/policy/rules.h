// The parts of R38, and the shipped policy files. Private to policy/.
#pragma once

#include <string>
#include <string_view>

#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/policy/policy.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

// What hub-default demands of each statement.
void CheckRequirements(const StatementSet& set, const Requirements& requirements,
                       Findings& findings);

// Thresholds as facts (R37, R38).
ThresholdFact JudgeThreshold(const StatementSet& set, const Statement& root, const Policy& policy,
                             const Threshold& threshold);

// "not met, 5.3e13 <= 1.0e23".
std::string DescribeFact(const ThresholdFact& fact);

// The text of the shipped policies, embedded at build (cmake/embed.cmake).
std::string_view EuGpaiToml();
std::string_view EuSystemicToml();
std::string_view HubDefaultToml();

}  // namespace carnet::verifier::policy
