// Which members two JSON objects do not agree in: what a refusal of a second, other content names.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "json/tree.h"

namespace carnet::pipeline {

// "flop, time" in the order of `one`, then those that `other` alone has; at most eight are named,
// with the number of the others. Values are equal if their canonical texts are. `head` is passed
// over. Requires objects.
std::string DifferingFields(json::Value one, json::Value other);

// The same of two texts. Errors: malformed (not a JSON object).
Result<std::string> DifferingFields(std::string_view one, std::string_view other);

}  // namespace carnet::pipeline
