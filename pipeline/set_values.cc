#include "pipeline/set_values.h"

#include <fmt/core.h>

#include <set>

#include "core/decimal.h"
#include "core/utf8.h"
#include "pipeline/derived_draft.h"
#include "pipeline/placeholder.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using json::Type;
using schemas::FieldForm;
using schemas::FieldGuide;
using schemas::ObjectGuide;

constexpr std::string_view kUndisclosed = "undisclosed";
constexpr size_t kMaxItems = 10'000;  // of a list that is given item by item
constexpr size_t kMaxDepth = 16;      // no predicate is deeper

struct PathStep {
  std::string_view name;
  std::optional<size_t> item;
};

// "sources[1].kind" as {sources, 1}, {kind}. Absent: not a path.
std::optional<std::vector<PathStep>> StepsOf(std::string_view path) {
  std::vector<PathStep> steps;
  while (true) {
    const size_t dot = path.find('.');
    std::string_view part = path.substr(0, dot);
    PathStep step{part, std::nullopt};
    if (const size_t open = part.find('['); open != part.npos) {
      if (!part.ends_with("]")) return std::nullopt;
      const auto item = ParseDecimalU64(part.substr(open + 1, part.size() - open - 2));
      if (!item || *item >= kMaxItems) return std::nullopt;
      step = {part.substr(0, open), static_cast<size_t>(*item)};
    }
    if (step.name.empty() || steps.size() == kMaxDepth) return std::nullopt;
    steps.push_back(step);
    if (dot == path.npos) return steps;
    path.remove_prefix(dot + 1);
  }
}

std::string KnownFields(const ObjectGuide& guide) {
  std::string names;
  for (const FieldGuide& field : guide.fields) names += (names.empty() ? "" : ", ") + field.name;
  return names;
}

// The field of that name; in a segment's `flop` also one of the figure that both of its own share.
const FieldGuide* FieldOf(const ObjectGuide& guide, std::string_view name) {
  if (const FieldGuide* field = guide.Find(name)) return field;
  const FieldGuide* update = guide.Find("update");
  return update != nullptr && update->object != nullptr ? update->object->Find(name) : nullptr;
}

Result<Document> ValueOf(const FieldGuide& field, std::string_view text) {
  const auto expected = [&] {
    return Malformed("expected " + schemas::ValueText(field) + ", found " + Quoted(text));
  };
  if (text == kUndisclosed && field.undisclosable) return Document::String(text);
  switch (field.form) {
    case FieldForm::kText:
    case FieldForm::kFlop:
    case FieldForm::kSigner:
    case FieldForm::kTime:
      return Document::String(text);
    case FieldForm::kDigest:
      if (text.starts_with("sha256:")) text.remove_prefix(7);
      return Document::String(text);
    case FieldForm::kChoice:
      for (const std::string& choice : field.choices) {
        if (choice == text) return Document::String(text);
      }
      return expected();
    case FieldForm::kFlag:
      if (text == "true" || text == "false") return Document::Bool(text == "true");
      return expected();
    case FieldForm::kCount: {
      const auto count = ParseDecimalU64(text);
      if (!count) return expected();
      return CountOf(*count);
    }
    case FieldForm::kObject:
      break;
  }
  return Malformed("an object: name one of its fields: " + KnownFields(*field.object));
}

class Assigner {
 public:
  explicit Assigner(const ObjectGuide& guide) : guide_(guide) {}

  Result<> Assign(const Assignment& assignment) {
    if (!IsValidUtf8(assignment.value) || FindForbiddenCharacter(assignment.value)) {
      return Malformed("expected UTF-8 without control or invisible characters");
    }
    if (IsPlaceholder(assignment.value)) return Malformed("a placeholder is no value");
    const auto steps = StepsOf(assignment.path);
    if (!steps) return Malformed("not a field's name, such as name or sources[0].kind");
    Document* object = &object_;
    const ObjectGuide* guide = &guide_;
    for (size_t i = 0; i < steps->size(); ++i) {
      const PathStep& step = (*steps)[i];
      const FieldGuide* field = FieldOf(*guide, step.name);
      if (field == nullptr) {
        return Malformed(
            fmt::format("no field {}; there are: {}", Quoted(step.name), KnownFields(*guide)));
      }
      if (i + 1 == steps->size()) return SetLast(*field, step, assignment.value, *object);
      CARNET_TRY(object, Descend(*field, step, *object));
      guide = field->object;
    }
    CARNET_CHECK(false);
  }

  Document Take() { return std::move(object_); }

 private:
  // The object in a field, or in an item of a list.
  static Result<Document*> Descend(const FieldGuide& field, const PathStep& step,
                                   Document& object) {
    if (field.form != FieldForm::kObject) return Malformed(field.name + " has no fields");
    if (step.item && !field.list) return Malformed(field.name + " is no list");
    Document* known = object.Find(field.name);
    if (known == nullptr) {
      known = &object.Set(field.name, field.list ? Document::Array() : Document::Object());
    }
    if (known->is(Type::kString)) return Malformed(field.name + " is given as undisclosed");
    if (!field.list) return known;
    const size_t item = step.item.value_or(0);
    while (known->size() <= item) known->Append(Document::Object());
    return &(*known)[item];
  }

  static Result<> SetLast(const FieldGuide& field, const PathStep& step, std::string_view value,
                          Document& object) {
    if (step.item) return Malformed("a list grows by one at each --set; leave the number out");
    Document* known = object.Find(field.name);
    const bool whole = !field.list || (value == kUndisclosed && field.undisclosable);
    if (whole) {
      if (known != nullptr) return Malformed("given more than once");
      CARNET_TRY(Document single, ValueOf(field, value));
      object.Set(field.name, std::move(single));
      return Ok();
    }
    if (known != nullptr && !known->is(Type::kArray)) return Malformed("given more than once");
    if (value.empty()) {
      if (known != nullptr) return Malformed("given more than once");
      object.Set(field.name, Document::Array());
      return Ok();
    }
    CARNET_TRY(Document item, ValueOf(field, value));
    if (known == nullptr) known = &object.Set(field.name, Document::Array());
    if (known->size() >= kMaxItems) return Malformed("too many items");
    known->Append(std::move(item));
    return Ok();
  }

  const ObjectGuide& guide_;
  Document object_ = Document::Object();
};

bool IsListOfObjects(const Document& value) {
  return value.is(Type::kArray) && value.size() > 0 && value[0].is(Type::kObject);
}

bool IsUnfilled(const Document& value) {
  if (value.is(Type::kString)) return IsPlaceholder(value.text());
  return value.is(Type::kArray) && value.size() == 1 && IsUnfilled(value[0]);
}

std::string Shown(const Document& value) { return Quoted(value.Text(json::Layout::kCompact)); }

Result<> PutBesideAt(const std::string& path, const Document& given, Document& stated) {
  if (given.is(Type::kObject) && stated.is(Type::kObject)) {
    for (size_t i = 0; i < given.size(); ++i) {
      const std::string at = path.empty() ? given.key(i) : path + "." + given.key(i);
      if (Document* known = stated.Find(given.key(i))) {
        CARNET_TRY_VOID(PutBesideAt(at, given[i], *known));
      } else {
        stated.Set(given.key(i), given[i]);
      }
    }
    return Ok();
  }
  if (IsListOfObjects(given) && IsListOfObjects(stated)) {
    for (size_t i = 0; i < given.size(); ++i) {
      if (i == stated.size()) stated.Append(given[i]);
      CARNET_TRY_VOID(PutBesideAt(fmt::format("{}[{}]", path, i), given[i], stated[i]));
    }
    return Ok();
  }
  if (IsUnfilled(stated)) {
    stated = given;
    return Ok();
  }
  if (given == stated) return Ok();
  return Malformed(
      fmt::format("{} is {} there, but {} in --set", path, Shown(stated), Shown(given)));
}

}  // namespace

Result<Assignment> ParseAssignment(std::string_view text) {
  const size_t equals = text.find('=');
  if (equals == text.npos || equals == 0) {
    return Malformed("expected field=value, found " + Quoted(text));
  }
  return Assignment{std::string(text.substr(0, equals)), std::string(text.substr(equals + 1))};
}

Result<Document> ObjectOf(const ObjectGuide& guide, std::span<const Assignment> assignments) {
  Assigner assigner(guide);
  for (const Assignment& assignment : assignments) {
    if (const auto set = assigner.Assign(assignment); !set) {
      return set.error().In("--set " + Printable(assignment.path));
    }
  }
  return assigner.Take();
}

void PutOver(const Document& given, Document& derived) {
  if (given.is(Type::kObject) && derived.is(Type::kObject)) {
    for (size_t i = 0; i < given.size(); ++i) {
      if (Document* known = derived.Find(given.key(i))) {
        PutOver(given[i], *known);
      } else {
        derived.Set(given.key(i), given[i]);
      }
    }
  } else if (IsListOfObjects(given) && IsListOfObjects(derived)) {
    for (size_t i = 0; i < given.size(); ++i) {
      if (i == derived.size()) derived.Append(given[i]);
      PutOver(given[i], derived[i]);
    }
  } else {
    derived = given;
  }
}

Result<> PutBeside(const Document& given, Document& stated) {
  return PutBesideAt("", given, stated);
}

bool IsPartOf(const Document& part, const Document& whole) {
  if (part.is(Type::kObject) && whole.is(Type::kObject)) {
    for (size_t i = 0; i < part.size(); ++i) {
      const Document* known = whole.Find(part.key(i));
      if (known == nullptr || !IsPartOf(part[i], *known)) return false;
    }
    return true;
  }
  if (!IsListOfObjects(part) || !whole.is(Type::kArray)) return part == whole;
  if (part.size() != whole.size()) return false;
  for (size_t i = 0; i < part.size(); ++i) {
    if (!IsPartOf(part[i], whole[i])) return false;
  }
  return true;
}

}  // namespace carnet::pipeline
