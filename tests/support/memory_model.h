// Models that exist as digests only. Every model here has 1,000,000 parameters in one
// weight set of two tensors: the table `embed.weight` [1000,100] and `layers.weight` [900,1000].
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "artifact/model_files.h"

namespace carnet::test {

inline constexpr uint64_t kParameters = 1'000'000;

// `config.json` and `model.safetensors`; another name gives other contents.
artifact::ModelFiles MakeModel(const std::string& name);
struct Shape {
  std::string tensor;
  std::vector<uint64_t> extents;
};
// The same with these tensors.
artifact::ModelFiles MakeModelOf(const std::string& name, const std::vector<Shape>& tensors);
// The same, but `kept` has the values that it has in MakeModel(parent).
artifact::ModelFiles MakeTunedModel(const std::string& name, const std::string& parent,
                                    const std::string& kept);
// The same with `rows` x 1000 elements in `layers.weight`, and no table.
artifact::ModelFiles MakeModelOf(const std::string& name, uint64_t rows);
// The same tensors in two files and an index.
artifact::ModelFiles Resharded(artifact::ModelFiles model);
// Another `config.json`, the same tensors.
artifact::ModelFiles Reconfigured(artifact::ModelFiles model);
// Blocks of quantised elements in the same files: no parameter count comes from them.
artifact::ModelFiles Packed(artifact::ModelFiles model);
// One more file of this content.
artifact::ModelFiles WithFile(artifact::ModelFiles model, const std::string& path,
                              std::string_view content);
// The same of a file that may be left out, or may not, by what is in it.
artifact::ModelFiles WithLeavable(artifact::ModelFiles model, const std::string& path,
                                  std::string_view content);

}  // namespace carnet::test
