#include "artifact/model_config.h"

#include "artifact/quantization_config.h"
#include "json/reader.h"

namespace carnet::artifact {
namespace {

constexpr json::Limits kConfigLimits{
    .max_bytes = kMaxConfigBytes, .max_values = 1 << 16, .allow_null = true};
// Far above any; against memory.
constexpr size_t kMaxNumbers = 4'096;
constexpr size_t kMaxNameBytes = 1 << 20;  // of all numbers

// Takes the names that it adds from `name_bytes`: that of an object comes before each of its own.
Result<> AddNumbers(const json::Value& object, const std::string& prefix, size_t& name_bytes,
                    ModelConfig& config) {
  for (auto member = object.first_child(); member; member = member->next()) {
    if (member->key() == "auto_map") config.custom_code = true;
    if (!member->is(json::Type::kNumber)) continue;
    const auto number = member->AsU64();
    if (!number) continue;
    const size_t bytes = prefix.size() + member->key().size();
    if (config.numbers.size() == kMaxNumbers || bytes > name_bytes) {
      return Malformed("too many settings");
    }
    name_bytes -= bytes;
    config.numbers.emplace(prefix + std::string(member->key()), *number);
  }
  return Ok();
}

}  // namespace

Result<ModelConfig> ParseModelConfig(std::string_view text) {
  CARNET_TRY(const json::Tree tree, json::Parse(text, kConfigLimits));
  if (!tree.root().is(json::Type::kObject)) return Malformed("not a JSON object");
  const auto type = tree.root().Find("model_type");
  if (!type || !type->is(json::Type::kString)) return Malformed("no model_type");
  ModelConfig config{std::string(type->string()), false, {}};
  size_t name_bytes = kMaxNameBytes;
  CARNET_TRY_VOID(AddNumbers(tree.root(), "", name_bytes, config));
  for (auto member = tree.root().first_child(); member; member = member->next()) {
    if (!member->is(json::Type::kObject)) continue;
    const std::string prefix = std::string(member->key()) + ".";
    CARNET_TRY_VOID(AddNumbers(*member, prefix, name_bytes, config));
  }
  return config;
}

}  // namespace carnet::artifact
