// The one list of the fields that name other statements (docs/rules.md S2): index, closure and
// lineage use it.
#pragma once

#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "schemas/enums.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

struct Reference {
  StatementId target;
  std::string_view field;         // "last[]", "usage[].device", …: static text
  std::span<const Kind> allowed;  // kinds that the target may have; static
  std::optional<EdgeType> edge;   // of a run's input
};

// Strong references in the order of the fields, repeats included (a device named by two usage
// items appears twice); undisclosed and absent ones are left out.
std::vector<Reference> StrongReferences(const Predicate& predicate);

// R20: names of lists (or of pairs) in which one target appears more than once, such as "last" or
// "datasets"; usage items may repeat a device with another allocation, and inputs a parent with
// another type: one model can lend its weights and generate data.
std::vector<std::string_view> ListsWithRepeatedTargets(std::span<const Reference> references);

}  // namespace carnet::schemas
