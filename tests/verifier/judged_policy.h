// A small honest account of compute, judged under a policy of the test's own: model "m" with two
// segments of 61,000,000,000 FLOP, "n" fine-tuned from it with two more.
#pragma once

#include <string>
#include <vector>

#include "tests/verifier/compute_file.h"
#include "verifier/policy/verify.h"

namespace carnet::verifier::policy {

inline constexpr TimestampMs kAt(1'772'323'200'000);  // date -ud 2026-03-01

// Without thresholds, and with `more` at its end.
Policy PolicyWith(const std::string& more);

verifier::test::ComputeFile FineTuned();

struct Judged {
  Outcome outcome;
  Findings findings;
};
Judged Judge(verifier::test::ComputeFile& file, const Policy& policy, const std::string& root,
             const std::vector<Row>& rows = {}, bool lower_bound = false);

}  // namespace carnet::verifier::policy
