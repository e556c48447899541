// The fields of a predicate for people who fill them in: names as JSON spells them, what each
// takes, and a meaning in one line. Names, forms and rules are those of the compiled schema;
// meanings are the comments beside the fields in schemas/*.capnp, of which docs/formats.md is made
// too.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "schemas/kind.h"

namespace carnet::schemas {

enum class FieldForm {
  kText,
  kChoice,  // one of `choices`
  kCount,
  kFlag,
  kFlop,
  kDigest,
  kSigner,
  kTime,
  kObject,
};

struct ObjectGuide;

struct FieldGuide {
  std::string name;
  std::string meaning;
  FieldForm form;  // of its items, where it is a list
  bool list = false;
  bool required = false;
  bool undisclosable = false;
  bool not_empty = false;
  std::vector<std::string> choices = {};
  const ObjectGuide* object = nullptr;  // exactly where kObject
};

struct ObjectGuide {
  std::vector<FieldGuide> fields;  // in the schema's order

  const FieldGuide* Find(std::string_view name) const;  // null: no such field
};

// Without `head`, which the signer adds. Lives as long as the program; thread safe.
const ObjectGuide& GuideOf(Kind kind);

// "a whole number", "one of public, licensed, …", "64 hex digits": what the field takes.
std::string ValueText(const FieldGuide& field);

}  // namespace carnet::schemas
