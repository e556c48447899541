#include "tests/support/memory_model.h"

#include <algorithm>

#include "artifact/leavable_content.h"
#include "artifact/model_digest.h"
#include "crypto/sha256.h"
#include "tests/support/party_keys.h"

namespace carnet::test {
namespace {

using artifact::FileEntry;
using artifact::ModelFiles;
using artifact::TensorSummary;

FileEntry File(const std::string& path, std::string_view content) {
  return {path, content.size(), crypto::Sha256Of(content)};
}

TensorSummary Tensor(const std::string& name, std::vector<uint64_t> shape,
                     const std::string& content) {
  uint64_t elements = 1;
  for (const uint64_t size : shape) elements *= size;
  return {name, "F32", std::move(shape), elements, false, crypto::Sha256Of(content)};
}

void Refresh(ModelFiles& model) {
  std::sort(model.files.begin(), model.files.end(),
            [](const FileEntry& a, const FileEntry& b) { return a.path < b.path; });
  model.digest = artifact::ModelDigestOf(model.files);
  model.total_bytes = 0;
  for (const FileEntry& file : model.files) model.total_bytes += file.bytes;
}

ModelFiles Assemble(const std::string& name, std::vector<TensorSummary> tensors) {
  const std::vector<FileEntry> files = {File("config.json", name + " config"),
                                        File("model.safetensors", name + " weights")};
  ModelFiles model{.files = files,
                   .digest = artifact::ModelDigestOf(files),
                   .weight_sets = {},
                   .not_covered = {},
                   .warnings = {},
                   .total_bytes = 0};
  model.weight_sets.push_back(
      ValueOf(artifact::MakeWeightSet("model.safetensors", std::move(tensors)), name));
  Refresh(model);
  return model;
}

}  // namespace

ModelFiles MakeModel(const std::string& name) {
  return Assemble(name, {Tensor("embed.weight", {1000, 100}, name + " embed"),
                         Tensor("layers.weight", {900, 1000}, name + " layers")});
}

ModelFiles MakeModelOf(const std::string& name, uint64_t rows) {
  return Assemble(name, {Tensor("layers.weight", {rows, 1000}, name + " layers")});
}

ModelFiles MakeModelOf(const std::string& name, const std::vector<Shape>& tensors) {
  std::vector<TensorSummary> made;
  for (const Shape& each : tensors) {
    made.push_back(Tensor(each.tensor, each.extents, name + " " + each.tensor));
  }
  return Assemble(name, std::move(made));
}

ModelFiles MakeTunedModel(const std::string& name, const std::string& parent,
                          const std::string& kept) {
  auto tensors = MakeModel(name).weight_sets.front().tensors;
  const ModelFiles original = MakeModel(parent);
  for (const TensorSummary& tensor : original.weight_sets.front().tensors) {
    for (TensorSummary& own : tensors) {
      if (own.name == kept && tensor.name == kept) own = tensor;
    }
  }
  return Assemble(name, std::move(tensors));
}

ModelFiles Resharded(ModelFiles model) {
  std::erase_if(model.files, [](const FileEntry& file) { return file.path != "config.json"; });
  model.files.push_back(File("model-00001-of-00002.safetensors", "first"));
  model.files.push_back(File("model-00002-of-00002.safetensors", "second"));
  model.files.push_back(File("model.safetensors.index.json", "index"));
  model.weight_sets.front().name = "model.safetensors.index.json";
  Refresh(model);
  return model;
}

ModelFiles Reconfigured(ModelFiles model) {
  model.files.front() = File("config.json", "another config");
  Refresh(model);
  return model;
}

ModelFiles Packed(ModelFiles model) {
  auto tensors = model.weight_sets.front().tensors;
  for (TensorSummary& tensor : tensors) {
    tensor.dtype = "Q4_K";
    tensor.packed = true;
  }
  model.weight_sets = {
      ValueOf(artifact::MakeWeightSet("model.safetensors", std::move(tensors)), "packed")};
  return model;
}

ModelFiles WithFile(ModelFiles model, const std::string& path, std::string_view content) {
  model.files.push_back(File(path, content));
  Refresh(model);
  return model;
}

ModelFiles WithLeavable(ModelFiles model, const std::string& path, std::string_view content) {
  const auto read = [&](uint64_t offset, std::span<uint8_t> into) -> Result<> {
    std::copy_n(content.begin() + static_cast<ptrdiff_t>(offset), into.size(), into.begin());
    return Ok();
  };
  model = WithFile(std::move(model), path, content);
  model.leavable.push_back({path, NotCovered::Matching(path),
                            ValueOf(artifact::WhyNotLeavable(path, read, content.size()), path)});
  std::sort(model.leavable.begin(), model.leavable.end(),
            [](const auto& a, const auto& b) { return a.path < b.path; });
  return model;
}

}  // namespace carnet::test
