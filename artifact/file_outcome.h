// What was learnt about one file of a model. Values only.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "artifact/manifest.h"
#include "artifact/model_config.h"
#include "artifact/quantization_config.h"
#include "artifact/safetensors.h"
#include "artifact/tensor_root.h"
#include "core/result.h"

namespace carnet::artifact {

struct FileOutcome {
  FileEntry entry;
  std::optional<std::vector<TensorSummary>> tensors = std::nullopt;  // of a weight file
  std::optional<ShardIndex> index = std::nullopt;                    // of a safetensors index
  std::string refusal = "";  // why a weight file or index has neither; empty otherwise
  std::optional<QuantizationConfig> quantization = std::nullopt;  // of a configuration that has one
  // rejected: an executable pickle; not_found: the file holds no weights
  ErrorCode refusal_code = ErrorCode::kMalformed;
  std::string part = "";                             // WeightHeader::part
  uint64_t uncounted_bytes = 0;                      // WeightHeader::uncounted_bytes
  std::optional<ModelConfig> config = std::nullopt;  // of config.json, or a GGUF file
  // Of a file of a name that may be left out (leavable_content.h): why not, or empty.
  std::optional<std::string> why_not_leavable = std::nullopt;
};

}  // namespace carnet::artifact
