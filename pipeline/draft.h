// Drafts: predicates as users write them, JSON without a head (S1), completed with fields that
// Carnet knows better. A draft that states one of those is refused, never overruled.
//
// A draft is parsed once. Read gives it as a message without the fields that Carnet sets; the
// caller sets those; Complete checks the whole against the rules for a statement's predicate.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"
#include "json/document.h"
#include "json/tree.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// Names of a predicate's fields, as JSON spells them.
using FieldNames = std::vector<std::string_view>;

// Where a draft's text comes from, for messages.
struct DraftOrigin {
  // A text that a person wrote, such as a file, of this name.
  DraftOrigin(const std::convertible_to<std::string_view> auto& draft_name) : name(draft_name) {}

  std::string name;
  // Put together from several sources: nobody wrote the text itself, so that no line of it is named
  // but those of `written`, what a person wrote; empty: nothing.
  bool composed = false;
  std::string written = {};
  json::Document set = json::Document::Object();  // what `--set` gave to a composed one
};

class Draft {
 public:
  // Errors: malformed (not a JSON object; a placeholder that is not filled in, see
  // pipeline/placeholder.h), naming it.
  static Result<Draft> Parse(std::string_view text, DraftOrigin origin);

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

  // "<name>:<line>:<column>: why"; the place is that of the field whose path `why` begins with. Of
  // a field of a composed draft that no person wrote: "<name>: why", or "<name>: --set why".
  Error Refuse(std::string_view why) const;

 private:
  Draft(DraftOrigin origin, std::string_view text, json::Tree tree)
      : origin_(std::move(origin)), text_(text), tree_(std::move(tree)) {}
  DraftOrigin origin_;
  std::string text_;
  json::Tree tree_;
};

// A draft to which nothing is added. Errors: as Draft::Read.
Result<schemas::Predicate> ReadWholeDraft(schemas::Kind kind, std::string_view text,
                                          const DraftOrigin& origin);

}  // namespace carnet::pipeline
