// Names by which a passport and a weight header say what a tensor is (R35; data/weights.toml).
// Data: a policy may add to each list. Thread safe.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace carnet::trust {
class TomlTable;
}

namespace carnet::verifier::compute {

class MatchingWork;

struct WeightNames {
  std::vector<std::string> lookup_roles;  // each once a weight set
  // Patterns of parts of names between dots, one of which every lookup table of such a role has.
  std::vector<std::string> table_words;
  std::vector<std::string> position_words;
  std::vector<std::string> type_words;
  std::vector<std::string> output_heads;  // ends of tensor names, whole parts between dots
  std::vector<std::string> expert_parts;  // parts of tensor names between dots
  // By the `model_type` of a config.json, the setting that states how many experts a token uses.
  std::map<std::string, std::string, std::less<>> experts_per_token;

  bool IsLookupRole(std::string_view role) const;
  // Whether a table of that role may have the name. An output layer's is never a table's.
  bool IsTableName(std::string_view tensor, std::string_view role) const;
  // Of any role. False where that takes too much work.
  bool IsTableName(std::string_view tensor, MatchingWork& work) const;
  // Whether tables of that role are over a vocabulary, which an output layer may share.
  static bool IsOfTokens(std::string_view role) { return role.ends_with("token"); }
  bool IsOutputHead(std::string_view tensor) const;
  bool IsExpertPart(std::string_view part) const;
  // Whether any part of the name is.
  bool HasExpertPart(std::string_view tensor) const;

  // The setting of a model type; absent where it is not listed.
  std::optional<std::string_view> ExpertsPerTokenOf(std::string_view model_type) const;

  void Add(const WeightNames& more);

 private:
  const std::vector<std::string>& WordsOf(std::string_view role) const;
};

// Each list may be absent. Errors: malformed, with file, key and line.
Result<WeightNames> ReadWeightNames(const trust::TomlTable& table);
// The lists embedded at build. Errors: malformed, which a test rules out.
Result<WeightNames> ShippedWeightNames();

// Text of data/weights.toml, embedded at build (cmake/embed.cmake).
std::string_view WeightsToml();

}  // namespace carnet::verifier::compute
