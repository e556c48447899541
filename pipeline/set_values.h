// `--set path=value`: values for fields of a draft, typed by the schema.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/result.h"
#include "json/document.h"
#include "schemas/field_guide.h"

namespace carnet::pipeline {

struct Assignment {
  std::string path;  // "name", "steps.to", "sources[1].kind"
  std::string value;
};

// "path=value", at the first `=`. Errors: malformed.
Result<Assignment> ParseAssignment(std::string_view text);

// The assignments as one object. A list of single values grows by one at each assignment ("" is no
// item: `inputs=` is the empty list); of a list of objects an item is named by its place, and the
// first one needs no `[0]`. "undisclosed" where the field allows it. In a segment's `flop` a field
// of a FLOP statement may be named directly: the one figure that `update` and `total` share.
// Errors: malformed: no such field, a value that the field does not take, one given twice; with the
// assignment.
Result<json::Document> ObjectOf(const schemas::ObjectGuide& guide,
                                std::span<const Assignment> assignments);

// Puts `given` over `derived`: what was given stands.
void PutOver(const json::Document& given, json::Document& derived);

// The same where `stated` is what somebody wrote: absent fields are added and placeholders filled
// in, but what is stated stands. Errors: malformed, at the first field where the two differ.
Result<> PutBeside(const json::Document& given, json::Document& stated);

// Whether every value of `part` is in `whole`, at the same place; lists are compared as a whole.
bool IsPartOf(const json::Document& part, const json::Document& whole);

}  // namespace carnet::pipeline
