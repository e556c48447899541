// What stands in a draft for a value that somebody still has to fill in: "<licence: SPDX id, …>",
// the field's name and its meaning. JSON has no comments; and no statement is signed that holds
// one.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "json/tree.h"

namespace carnet::pipeline {

// `optional` ones say that they may as well be deleted.
std::string Placeholder(std::string_view field, std::string_view meaning, bool optional = false);
// "<name: …>", whatever the name: a field that was renamed by hand is not filled in either.
bool IsPlaceholder(std::string_view text);
// What stands after the name. Requires a placeholder.
std::string MeaningIn(std::string_view placeholder);

// Refuses a draft in which any string, at whatever depth, is a placeholder. `text` is what `root`
// was parsed from. Errors: malformed, with a line for each: "data.json:7:14: licence is not filled
// in: SPDX id, …", as file, line and column.
Result<> RefusePlaceholders(json::Value root, std::string_view text, std::string_view name);

// The same of one text that is no part of a draft: "reason is not filled in: why". Errors:
// malformed.
Result<> RefusePlaceholder(std::string_view field, std::string_view text);

}  // namespace carnet::pipeline
