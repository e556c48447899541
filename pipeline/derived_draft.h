// What of a draft follows from something at hand: the machine, the files, the run so far. Nothing
// is guessed: what is not known stays out, or is a placeholder (pipeline/placeholder.h), and a note
// says so.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "json/document.h"
#include "schemas/limits.h"

namespace carnet::pipeline {

struct DerivedDraft {
  json::Document fields = json::Document::Object();
  std::vector<std::string> notes = {};  // what was taken from where, and what is not known
};

inline bool IsText(const json::Document* value, std::string_view text) {
  return value != nullptr && value->is(json::Type::kString) && value->text() == text;
}

// As S4 spells a count.
inline json::Document CountOf(uint64_t value) {
  return value <= schemas::kMaxJsonInteger ? json::Document::Unsigned(value)
                                           : json::Document::String(std::to_string(value));
}

}  // namespace carnet::pipeline
