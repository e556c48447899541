#include "pipeline/draft.h"

#include <utility>

#include "json/canonical.h"
#include "json/position.h"
#include "json/reader.h"
#include "pipeline/placeholder.h"
#include "schemas/check_fields.h"
#include "schemas/codec.h"

namespace carnet::pipeline {

Result<Draft> Draft::Parse(std::string_view text, std::string_view name) {
  auto tree = json::Parse(text);
  if (!tree) return json::InFile(name, text, tree.error());
  Draft draft(name, text, std::move(tree).value());
  const json::Type type = draft.tree_.root().type();
  if (type != json::Type::kObject) {
    return draft.Refuse("must be a JSON object, not " + std::string(json::TypeName(type)));
  }
  CARNET_TRY_VOID(RefusePlaceholders(draft.tree_.root(), text, name));
  return draft;
}

Result<std::string> Draft::Canonical() const {
  auto text = json::Canonical(tree_.root());
  if (!text) return text.error().In(name_);
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
  return json::InFile(name_, text_, Malformed(std::string(why)));
}

Result<schemas::Predicate> ReadWholeDraft(schemas::Kind kind, std::string_view text,
                                          std::string_view name) {
  CARNET_TRY(const Draft draft, Draft::Parse(text, name));
  CARNET_TRY(schemas::Predicate predicate, draft.Read(kind, {}));
  return draft.Complete(std::move(predicate));
}

}  // namespace carnet::pipeline
