// The comments beside the fields of a schema, read from its text, as the compiled schema does not
// keep them. Private to schemas/.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>

namespace carnet::schemas {

// By struct and field, as the schema spells them.
using FieldMeanings = std::map<std::pair<std::string, std::string>, std::string>;

// A comment begins on the field's line or on the next one, and ends before the first line that is
// not a comment: the same rule as in tools/make_field_table.py. Adds to `meanings`.
void AddMeanings(std::string_view capnp, FieldMeanings& meanings);

// Of the predicates, whose schemas are embedded at build (cmake/embed.cmake).
FieldMeanings EmbeddedMeanings();

}  // namespace carnet::schemas
