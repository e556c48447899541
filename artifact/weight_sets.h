// Groups the weight files of a model into weight sets (S6). Values in, values out. Thread safe.
#pragma once

#include <string>
#include <vector>

#include "artifact/file_outcome.h"
#include "artifact/tensor_root.h"
#include "artifact/unread_weights.h"

namespace carnet::artifact {

struct WeightSets {
  std::vector<WeightSet> sets;                  // sorted by name
  std::vector<std::string> warnings;            // which weight file has no tensor root, and why
  std::vector<std::string> executable_pickles;  // "path: calls posix.system"
  std::vector<UnreadWeights> unread;
};

// All shards of one index of safetensors or PyTorch files, all files of one GGUF series, any other
// weight file by itself. An index or series that is refused groups nothing: each of its files
// counts by itself. Requires `files` sorted by path.
WeightSets GroupWeights(std::vector<FileOutcome> files);

}  // namespace carnet::artifact
