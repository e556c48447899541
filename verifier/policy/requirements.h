// What hub-default demands of each statement. Private to policy/.
#pragma once

#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/policy/policy.h"

namespace carnet::verifier::policy {

void CheckRequirements(const StatementSet& set, const Requirements& requirements,
                       Findings& findings);

}  // namespace carnet::verifier::policy
