// Statements made by hand, for the rules about them, and what such a rule found.
#pragma once

#include <string>

#include "tests/statements/lineage_file.h"
#include "verifier/finding.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::test {

using namespace statements::test;

// The reason of the lowest failed rule with its message: "23 segment-gap: …"; empty for none.
std::string FirstReason(const Findings& findings);

}  // namespace carnet::verifier::test
