// What a model's config.json says of the width of its packed integers. The file is as hostile as
// any other: what it says narrows a count only where the tensors' shapes do not show the width.
// Thread safe.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/result.h"

namespace carnet::artifact {

struct QuantizationConfig {
  uint32_t fewest_bits;  // of a value; equal unless groups of layers differ
  uint32_t most_bits;

  friend bool operator==(const QuantizationConfig&, const QuantizationConfig&) = default;
};

inline constexpr uint64_t kMaxConfigBytes = 1 << 20;  // far above any; against memory

// Whether a file of this name may have such a configuration: `config.json`, and the
// `quantize_config.json` and `quant_config.json` of older writers, which are nothing else.
bool IsQuantizationConfigName(std::string_view base_name);

// Absent where the file states no width. Errors: malformed.
Result<std::optional<QuantizationConfig>> ParseQuantizationConfig(std::string_view text);

}  // namespace carnet::artifact
