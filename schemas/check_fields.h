// What schemas/codec.h requires of the JSON of a predicate, required of a predicate whose fields a
// program has set: a completed draft obeys the same rules as one that was read as a whole.
#pragma once

#include "core/result.h"
#include "schemas/predicate.h"

namespace carnet::schemas {

// For every field: required ones are present, "undisclosed" only where it is allowed, lists and
// text within their limits, text as in S4, digests of the right length; then schemas/validate.h. A
// head is not required. Errors: malformed, with the field's path.
Result<> CheckFields(const Predicate& predicate);

}  // namespace carnet::schemas
