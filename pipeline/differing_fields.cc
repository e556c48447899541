#include "pipeline/differing_fields.h"

#include <fmt/core.h>

#include <vector>

#include "core/utf8.h"
#include "json/canonical.h"
#include "json/reader.h"

namespace carnet::pipeline {
namespace {

constexpr size_t kMaxNamed = 8;

bool Agree(json::Value one, json::Value other) {
  const auto first = json::Canonical(one);
  const auto second = json::Canonical(other);
  return first && second && *first == *second;
}

std::string Join(const std::vector<std::string>& names) {
  std::string text;
  for (size_t i = 0; i < names.size() && i < kMaxNamed; ++i)
    text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > kMaxNamed) text += fmt::format(" and {} more", names.size() - kMaxNamed);
  return text;
}

}  // namespace

std::string DifferingFields(json::Value one, json::Value other) {
  std::vector<std::string> names;
  const auto add = [&](json::Value member) {
    if (member.key() != "head") names.push_back(Printable(std::string(member.key())));
  };
  for (auto member = one.first_child(); member; member = member->next()) {
    const auto counterpart = other.Find(member->key());
    if (!counterpart || !Agree(*member, *counterpart)) add(*member);
  }
  for (auto member = other.first_child(); member; member = member->next()) {
    if (!one.Find(member->key())) add(*member);
  }
  return Join(names);
}

Result<std::string> DifferingFields(std::string_view one, std::string_view other) {
  CARNET_TRY(const json::Tree first, json::Parse(one));
  CARNET_TRY(const json::Tree second, json::Parse(other));
  for (const json::Tree* tree : {&first, &second}) {
    if (!tree->root().is(json::Type::kObject)) return Malformed("not a JSON object");
  }
  return DifferingFields(first.root(), second.root());
}

}  // namespace carnet::pipeline
