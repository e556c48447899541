#include "pipeline/draft.h"

#include <algorithm>
#include <utility>

#include "core/decimal.h"
#include "json/canonical.h"
#include "json/position.h"
#include "json/reader.h"
#include "pipeline/placeholder.h"
#include "schemas/check_fields.h"
#include "schemas/codec.h"

namespace carnet::pipeline {

namespace {

using json::Document;

// What the path of a value (as Value::Path spells it) leads to; null: nothing.
const Document* At(const Document& document, std::string_view path) {
  const Document* at = &document;
  while (at != nullptr && !path.empty()) {
    if (path.front() == '[') {
      const size_t close = std::min(path.find(']'), path.size() - 1);
      const auto item = ParseDecimalU64(path.substr(1, close - 1));
      at = at->is(json::Type::kArray) && item && *item < at->size() ? &(*at)[*item] : nullptr;
      path.remove_prefix(close + 1);
    } else {
      const size_t end = std::min(path.find_first_of(".["), path.size());
      at = at->Find(path.substr(0, end));
      path.remove_prefix(end);
    }
    if (path.starts_with('.')) path.remove_prefix(1);
  }
  return at;
}

std::string_view PathIn(std::string_view why) { return why.substr(0, why.find(": ")); }

}  // namespace

Result<Draft> Draft::Parse(std::string_view text, DraftOrigin origin) {
  const std::string name = origin.name;
  auto tree = json::Parse(text);
  if (!tree) return json::InFile(name, text, tree.error());
  Draft draft(std::move(origin), text, std::move(tree).value());
  const json::Type type = draft.tree_.root().type();
  if (type != json::Type::kObject) {
    return draft.Refuse("must be a JSON object, not " + std::string(json::TypeName(type)));
  }
  CARNET_TRY_VOID(RefusePlaceholders(draft.tree_.root(), text, name));
  return draft;
}

Result<std::string> Draft::Canonical() const {
  auto text = json::Canonical(tree_.root());
  if (!text) return text.error().In(origin_.name);
  return text;
}

Result<schemas::Predicate> Draft::Read(schemas::Kind kind, const FieldNames& set_by_carnet,
                                       const FieldNames& read_by_caller) const {
  for (const std::string_view field : set_by_carnet) {
    if (Find(field)) return Refuse(std::string(field) + ": is set by carnet; leave it out");
  }
  FieldNames left_out = set_by_carnet;
  left_out.insert(left_out.end(), read_by_caller.begin(), read_by_caller.end());
  auto predicate = schemas::ReadDraft(kind, tree_.root(), left_out);
  if (!predicate) return Refuse(predicate.error().message);
  return predicate;
}

Result<schemas::Predicate> Draft::Complete(schemas::Predicate predicate) const {
  const auto checked = schemas::CheckFields(predicate);
  if (!checked) return Refuse(checked.error().message);
  return predicate;
}

Error Draft::Refuse(std::string_view why) const {
  // The draft is all of the predicate, so its fields' paths need no name for it.
  for (const std::string_view root : {"predicate.", "predicate: "}) {
    if (why.starts_with(root)) why.remove_prefix(root.size());
  }
  const Error error = Malformed(std::string(why));
  if (!origin_.composed) return json::InFile(origin_.name, text_, error);
  const Document* set = At(origin_.set, PathIn(why));
  if (set != nullptr && set != &origin_.set)
    return Malformed(origin_.name + ": --set " + error.message);
  if (origin_.written.empty()) return error.In(origin_.name);
  return json::InFile(origin_.name, origin_.written, error);
}

Result<schemas::Predicate> ReadWholeDraft(schemas::Kind kind, std::string_view text,
                                          const DraftOrigin& origin) {
  CARNET_TRY(const Draft draft, Draft::Parse(text, origin));
  CARNET_TRY(schemas::Predicate predicate, draft.Read(kind, {}));
  return draft.Complete(std::move(predicate));
}

}  // namespace carnet::pipeline
