#include "pipeline/draft.h"

#include "json/canonical.h"
#include "json/reader.h"
#include "json/writer.h"
#include "schemas/codec.h"

namespace carnet::pipeline {
namespace {

Result<json::Tree> ParseObject(std::string_view text, std::string_view name) {
  auto tree = json::Parse(text);
  if (!tree.has_value()) return tree.error().In(name);
  if (!tree->root().is(json::Type::kObject)) {
    return Malformed(std::string(name) + ": must be a JSON object, not " +
                     std::string(json::TypeName(tree->root().type())));
  }
  return std::move(tree).value();
}

// The members of `draft`, then the added fields.
Result<std::string> Merge(json::Value draft, std::string_view name, const AddedFields& added) {
  json::Writer writer;
  writer.BeginObject();
  for (auto member = draft.first_child(); member; member = member->next()) {
    writer.Key(member->key()).Copy(*member);
  }
  for (const auto& [field, text] : added) {
    if (draft.Find(field)) {
      return Malformed(std::string(name) + ": " + field + " is set by carnet; leave it out");
    }
    CARNET_TRY(const json::Tree value, json::Parse(text));
    writer.Key(field).Copy(value.root());
  }
  return writer.EndObject().Take();
}

}  // namespace

Result<schemas::Predicate> CompleteDraft(schemas::Kind kind, std::string_view draft,
                                         std::string_view name, const AddedFields& added) {
  CARNET_TRY(const json::Tree given, ParseObject(draft, name));
  CARNET_TRY(const std::string merged, Merge(given.root(), name, added));
  CARNET_TRY(const json::Tree whole, json::Parse(merged));
  auto predicate = schemas::ReadPredicate(kind, whole.root(), schemas::HeadRule::kForbidden);
  if (!predicate.has_value()) return predicate.error().In(name);
  return std::move(predicate).value();
}

Result<bool> DraftHas(std::string_view draft, std::string_view name, std::string_view field) {
  CARNET_TRY(const json::Tree tree, ParseObject(draft, name));
  return tree.root().Find(field).has_value();
}

Result<std::string> CanonicalDraft(std::string_view draft, std::string_view name) {
  CARNET_TRY(const json::Tree tree, ParseObject(draft, name));
  return json::Canonical(tree.root());
}

}  // namespace carnet::pipeline
