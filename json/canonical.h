// RFC 8785 (JCS): members sorted by UTF-16 code units, no white space, shortest strings, numbers
// as ECMAScript prints the double.
#pragma once

#include <string>

#include "core/result.h"
#include "json/tree.h"

namespace carnet::json {

// Errors: malformed for a number outside the range of a double, above or below.
Result<std::string> Canonical(Value value);

}  // namespace carnet::json
