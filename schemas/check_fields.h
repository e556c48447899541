// What schemas/codec.h asks of the JSON of a predicate, asked of a predicate whose fields a program
// has set: a draft that was completed is held to the same rules as one read as a whole.
#pragma once

#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

// Of every field: required ones are there, "undisclosed" where it may stand, lists and text within
// their limits, text as S4, digests of their length; then schemas/validate.h. A head is not asked
// for. Errors: malformed, with the field's path.
Result<> CheckFields(const Predicate& predicate);

}  // namespace carnet::schemas
