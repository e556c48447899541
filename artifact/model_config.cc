#include "artifact/model_config.h"

#include "artifact/quantization_config.h"
#include "json/reader.h"

namespace carnet::artifact {
namespace {

constexpr json::Limits kConfigLimits{
    .max_bytes = kMaxConfigBytes, .max_values = 1 << 16, .allow_null = true};
constexpr size_t kMaxNumbers = 4'096;  // far above any; against memory

void AddNumbers(const json::Value& object, const std::string& prefix, ModelConfig& config) {
  for (auto member = object.first_child(); member; member = member->next()) {
    if (member->key() == "auto_map") config.custom_code = true;
    if (!member->is(json::Type::kNumber)) continue;
    if (const auto number = member->AsU64()) {
      config.numbers.emplace(prefix + std::string(member->key()), *number);
    }
  }
}

}  // namespace

Result<ModelConfig> ParseModelConfig(std::string_view text) {
  CARNET_TRY(const json::Tree tree, json::Parse(text, kConfigLimits));
  if (!tree.root().is(json::Type::kObject)) return Malformed("not a JSON object");
  const auto type = tree.root().Find("model_type");
  if (!type || !type->is(json::Type::kString)) return Malformed("no model_type");
  ModelConfig config{std::string(type->string()), false, {}};
  AddNumbers(tree.root(), "", config);
  for (auto member = tree.root().first_child(); member; member = member->next()) {
    if (!member->is(json::Type::kObject)) continue;
    AddNumbers(*member, std::string(member->key()) + ".", config);
  }
  if (config.numbers.size() > kMaxNumbers) return Malformed("too many settings");
  return config;
}

}  // namespace carnet::artifact
