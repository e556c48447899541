#include "verifier/compute/weight_names.h"

#include <algorithm>

#include "trust/toml_table.h"
#include "verifier/compute/tensor_pattern.h"

namespace carnet::verifier::compute {
namespace {

bool Contains(const std::vector<std::string>& list, std::string_view word) {
  return std::find(list.begin(), list.end(), word) != list.end();
}

void Append(const std::vector<std::string>& from, std::vector<std::string>& to) {
  to.insert(to.end(), from.begin(), from.end());
}

// Whether a part of the name between dots matches a word. False where that takes too much work.
bool HasPartLike(std::string_view tensor, const std::vector<std::string>& words,
                 MatchingWork& work) {
  return std::any_of(words.begin(), words.end(), [&](const std::string& word) {
    const TensorPattern pattern(word);
    for (std::string_view rest = tensor; work.Spend(1);) {  // a part may be empty
      const size_t dot = rest.find('.');
      if (pattern.Matches(rest.substr(0, dot), work)) return true;
      if (dot == rest.npos) return false;
      rest.remove_prefix(dot + 1);
    }
    return false;
  });
}

}  // namespace

bool WeightNames::IsLookupRole(std::string_view role) const { return Contains(lookup_roles, role); }

const std::vector<std::string>& WeightNames::WordsOf(std::string_view role) const {
  return role.ends_with("position") ? position_words
         : role.ends_with("type")   ? type_words
                                    : table_words;
}

bool WeightNames::IsTableName(std::string_view tensor, std::string_view role) const {
  MatchingWork work;
  return !IsOutputHead(tensor) && HasPartLike(tensor, WordsOf(role), work);
}

// Many roles share a list, which is asked once.
bool WeightNames::IsTableName(std::string_view tensor, MatchingWork& work) const {
  if (IsOutputHead(tensor)) return false;
  const auto lists = {&table_words, &position_words, &type_words};
  return std::any_of(lists.begin(), lists.end(), [&](const std::vector<std::string>* words) {
    const bool used = std::any_of(lookup_roles.begin(), lookup_roles.end(),
                                  [&](const auto& role) { return &WordsOf(role) == words; });
    return used && HasPartLike(tensor, *words, work);
  });
}

bool WeightNames::IsOutputHead(std::string_view tensor) const {
  return std::any_of(output_heads.begin(), output_heads.end(), [&](const std::string& head) {
    return tensor.ends_with(head) &&
           (tensor.size() == head.size() || tensor[tensor.size() - head.size() - 1] == '.');
  });
}

bool WeightNames::IsExpertPart(std::string_view part) const { return Contains(expert_parts, part); }

bool WeightNames::HasExpertPart(std::string_view tensor) const {
  while (true) {
    const size_t dot = tensor.find('.');
    if (IsExpertPart(tensor.substr(0, dot))) return true;
    if (dot == tensor.npos) return false;
    tensor.remove_prefix(dot + 1);
  }
}

std::optional<std::string_view> WeightNames::ExpertsPerTokenOf(std::string_view type) const {
  const auto found = experts_per_token.find(type);
  if (found == experts_per_token.end()) return std::nullopt;
  return found->second;
}

void WeightNames::Add(const WeightNames& more) {
  Append(more.lookup_roles, lookup_roles);
  Append(more.table_words, table_words);
  Append(more.position_words, position_words);
  Append(more.type_words, type_words);
  Append(more.output_heads, output_heads);
  Append(more.expert_parts, expert_parts);
  experts_per_token.insert(more.experts_per_token.begin(), more.experts_per_token.end());
}

Result<WeightNames> ReadWeightNames(const trust::TomlTable& table) {
  CARNET_TRY_VOID(table.OnlyKeys({"lookup_roles", "table_words", "position_words", "type_words",
                                  "output_heads", "expert_parts", "experts_per_token"}));
  WeightNames names;
  CARNET_TRY(names.lookup_roles, table.OptionalTexts("lookup_roles"));
  CARNET_TRY(names.table_words, table.OptionalTexts("table_words"));
  CARNET_TRY(names.position_words, table.OptionalTexts("position_words"));
  CARNET_TRY(names.type_words, table.OptionalTexts("type_words"));
  CARNET_TRY(names.output_heads, table.OptionalTexts("output_heads"));
  CARNET_TRY(names.expert_parts, table.OptionalTexts("expert_parts"));
  if (!table.Has("experts_per_token")) return names;
  CARNET_TRY(const trust::TomlTable settings, table.Table("experts_per_token"));
  for (const std::string& type : settings.Keys()) {
    CARNET_TRY(names.experts_per_token[type], settings.Text(type));
  }
  return names;
}

Result<WeightNames> ShippedWeightNames() {
  CARNET_TRY(const trust::TomlTable table,
             trust::TomlTable::Parse(WeightsToml(), "data/weights.toml"));
  return ReadWeightNames(table);
}

}  // namespace carnet::verifier::compute
