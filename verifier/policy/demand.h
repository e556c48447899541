// What a policy demands of a passport besides the rules R1-R37 (R38): a level (docs/levels.md), or
// single requirements.
#pragma once

#include <set>
#include <string>

#include "core/result.h"
#include "verifier/rule.h"

namespace carnet::trust {
class TomlTable;
}

namespace carnet::verifier::policy {

struct Requirements {
  int level = 0;  // at least; level 2 includes every flag below
  bool data_used_stated = false;
  bool intended_deployment_stated = false;
  bool nothing_undisclosed = false;  // in FLOP, tokens, inputs, initial weights
  bool not_retrospective = false;
  // Rows that may not be so; every other one is reported.
  std::set<RowId> refuse_unattested;
  std::set<RowId> refuse_undisclosed;
};

struct Demand {
  std::string policy;  // its id: a policy includes those of others
  Requirements requirements;
};

// The tables `requirements`, `when_unattested` and `when_undisclosed` of a policy file, each of
// them optional. Errors: malformed, with file, key and line.
Result<Requirements> ReadRequirements(const trust::TomlTable& policy);

}  // namespace carnet::verifier::policy
