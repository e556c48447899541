#include "artifact/quantization_config.h"

#include <algorithm>

#include "json/reader.h"

namespace carnet::artifact {
namespace {

// A configuration may be deep, and has null where a setting is not used.
constexpr json::Limits kQuantizationLimits{
    .max_bytes = kMaxConfigBytes, .max_values = 1 << 16, .allow_null = true};

void Widen(std::optional<json::Value> bits, std::optional<QuantizationConfig>& widths) {
  const auto number = bits && bits->is(json::Type::kNumber) ? bits->AsU64() : std::nullopt;
  if (!number || *number == 0 || *number > 64) return;
  const auto width = static_cast<uint32_t>(*number);
  if (!widths) widths = QuantizationConfig{width, width};
  widths->fewest_bits = std::min(widths->fewest_bits, width);
  widths->most_bits = std::max(widths->most_bits, width);
}

std::optional<json::Value> MemberObject(const json::Value& object, std::string_view key) {
  const auto member = object.Find(key);
  return member && member->is(json::Type::kObject) ? member : std::nullopt;
}

// GPTQ's and AWQ's spellings, and the groups of compressed-tensors.
std::optional<QuantizationConfig> WidthsOf(const json::Value& config) {
  std::optional<QuantizationConfig> widths;
  for (const char* key : {"bits", "w_bit"}) Widen(config.Find(key), widths);
  const auto groups = MemberObject(config, "config_groups");
  if (!groups) return widths;
  for (auto group = groups->first_child(); group; group = group->next()) {
    if (!group->is(json::Type::kObject)) continue;
    if (const auto weights = MemberObject(*group, "weights")) {
      Widen(weights->Find("num_bits"), widths);
    }
  }
  return widths;
}

}  // namespace

bool IsQuantizationConfigName(std::string_view base_name) {
  return base_name == "config.json" || base_name == "quantize_config.json" ||
         base_name == "quant_config.json";
}

Result<std::optional<QuantizationConfig>> ParseQuantizationConfig(std::string_view text) {
  CARNET_TRY(const json::Tree tree, json::Parse(text, kQuantizationLimits));
  if (!tree.root().is(json::Type::kObject)) return Malformed("not a JSON object");
  for (const char* key : {"quantization_config", "compression_config"}) {
    if (const auto config = MemberObject(tree.root(), key)) return WidthsOf(*config);
  }
  return WidthsOf(tree.root());
}

}  // namespace carnet::artifact
