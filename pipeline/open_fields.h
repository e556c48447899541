// What a draft still lacks: the fields that its kind requires, each with its meaning.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "json/document.h"
#include "pipeline/draft.h"
#include "schemas/field_guide.h"

namespace carnet::pipeline {

enum class Offer {
  kRequired,
  kAll,  // also what may be left out, and says so
};

// Adds a placeholder (pipeline/placeholder.h) for each absent field of the draft's objects, except
// for `left_out` in the outermost, which Carnet sets.
void AddPlaceholders(const schemas::ObjectGuide& guide, const FieldNames& left_out, Offer offer,
                     json::Document& draft);

struct OpenField {
  std::string path;  // as `--set` takes it
  std::string meaning;
};

// Every placeholder in the draft, in its order.
std::vector<OpenField> OpenFieldsIn(const json::Document& draft);

// Optional fields of the outermost object that the draft does not state.
std::vector<OpenField> OptionalFieldsOf(const schemas::ObjectGuide& guide,
                                        const FieldNames& left_out, const json::Document& draft);

// Requires open fields. Malformed, with a line for each: how to give it (`how` and its path), and
// its meaning.
Error NotFilledIn(const std::vector<OpenField>& open, std::string_view how);

// The members in the schema's order, for people who read the draft.
json::Document InOrder(const schemas::ObjectGuide& guide, const json::Document& draft);

}  // namespace carnet::pipeline
