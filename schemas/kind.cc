#include "schemas/kind.h"

namespace carnet::schemas {
namespace {

// Each row is at the position of its kind, and nothing that names a kind names two of them.
constexpr bool IsSound() {
  for (size_t i = 0; i < kKinds.size(); ++i) {
    if (static_cast<size_t>(kKinds[i].kind) != i) return false;
    for (size_t j = 0; j < i; ++j) {
      if (kKinds[i].name == kKinds[j].name || kKinds[i].stored == kKinds[j].stored ||
          kKinds[i].predicate_type == kKinds[j].predicate_type) {
        return false;
      }
    }
  }
  return kKinds.size() == wire::KindStructs::kSize;
}
static_assert(IsSound());

template <typename Value>
std::optional<Kind> KindWith(Value KindRow::*column, const Value& value) {
  for (const KindRow& row : kKinds) {
    if (row.*column == value) return row.kind;
  }
  return std::nullopt;
}

}  // namespace

std::optional<Kind> ParseKindName(std::string_view name) { return KindWith(&KindRow::name, name); }

std::vector<std::string> KindNames() {
  std::vector<std::string> names;
  names.reserve(kKinds.size());
  for (const KindRow& row : kKinds) names.emplace_back(row.name);
  return names;
}

std::optional<Kind> ParsePredicateType(std::string_view predicate_type) {
  return KindWith(&KindRow::predicate_type, predicate_type);
}

std::optional<Kind> KindOfStored(uint8_t number) { return KindWith(&KindRow::stored, number); }

}  // namespace carnet::schemas
