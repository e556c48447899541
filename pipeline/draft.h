// Drafts: predicates as users write them, JSON without a head (S1), completed with fields that
// Carnet knows better. A draft that states one of those is refused, never overruled.
//
// A draft is parsed once. Read gives it as a message without the fields that Carnet sets; the
// caller sets those; Complete checks the whole against the rules for a statement's predicate.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/tree.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// Names of a predicate's fields, as JSON spells them.
using FieldNames = std::vector<std::string_view>;

class Draft {
 public:
  // `name` is what messages call the text. Errors: malformed (not a JSON object; a placeholder that
  // is not filled in, see pipeline/placeholder.h), naming it.
  static Result<Draft> Parse(std::string_view text, std::string_view name);

  std::optional<json::Value> Find(std::string_view field) const { return tree_.root().Find(field); }
  // The canonical (RFC 8785) text: equal drafts have equal texts, whatever their spacing. Errors:
  // malformed.
  Result<std::string> Canonical() const;

  // Refuses a draft that states one of `set_by_carnet`; those, and `read_by_caller`, are not in the
  // resulting predicate. Errors: malformed, naming the draft and the field.
  Result<schemas::Predicate> Read(schemas::Kind kind, const FieldNames& set_by_carnet,
                                  const FieldNames& read_by_caller = {}) const;
  // What Read returned, once the missing fields are set. Errors: as Read.
  Result<schemas::Predicate> Complete(schemas::Predicate predicate) const;

  // "<name>:<line>:<column>: why"; the place is that of the field whose path `why` begins with.
  Error Refuse(std::string_view why) const;

 private:
  Draft(std::string_view name, std::string_view text, json::Tree tree)
      : name_(name), text_(text), tree_(std::move(tree)) {}
  std::string name_;
  std::string text_;
  json::Tree tree_;
};

// A draft to which nothing is added. Errors: as Draft::Read.
Result<schemas::Predicate> ReadWholeDraft(schemas::Kind kind, std::string_view text,
                                          std::string_view name);

}  // namespace carnet::pipeline
