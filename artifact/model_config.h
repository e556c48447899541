// What a model's own configuration says of how it computes, beside its weights: config.json, or the
// key-values of a GGUF file. Inference follows it, so a wrong one shows in what the model answers.
// As hostile as any other file. Thread safe.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::artifact {

struct ModelConfig {
  std::string model_type;  // GGUF: general.architecture
  // Whether the model brings code of its own (`auto_map`), which may read any setting or none.
  bool custom_code = false;
  // Settings that are whole numbers, by name; those of objects inside as `text_config.hidden_size`.
  // GGUF: only `expert_used_count`, without its architecture.
  std::map<std::string, uint64_t, std::less<>> numbers;

  friend bool operator==(const ModelConfig&, const ModelConfig&) = default;
};

// Errors: malformed, also where no `model_type` is stated or settings are without end.
Result<ModelConfig> ParseModelConfig(std::string_view text);

}  // namespace carnet::artifact
