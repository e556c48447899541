// Drafts: predicates as users write them, JSON without head (S1), completed by fields that
// Carnet knows better: a user who gives one of those is refused, never overruled.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"
#include "json/tree.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// Fields that are added to a draft: name and JSON text of the value.
using AddedFields = std::vector<std::pair<std::string, std::string>>;

// Parses `draft` (a JSON object), adds the fields and reads the whole as a predicate of this kind.
// Errors: malformed, naming `name` and the field; also when the draft has an added field itself.
Result<schemas::Predicate> CompleteDraft(schemas::Kind kind, std::string_view draft,
                                         std::string_view name, const AddedFields& added);

// Whether the draft, a JSON object, has this field. Errors: malformed.
Result<bool> DraftHas(std::string_view draft, std::string_view name, std::string_view field);

// The canonical (RFC 8785) text of a draft: equal drafts have equal texts, however spaced.
Result<std::string> CanonicalDraft(std::string_view draft, std::string_view name);

}  // namespace carnet::pipeline
