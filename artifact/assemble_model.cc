#include "artifact/assemble_model.h"

#include <string_view>
#include <utility>

#include "artifact/model_digest.h"
#include "artifact/weight_sets.h"

namespace carnet::artifact {
namespace {

constexpr std::string_view kAdapterConfig = "adapter_config.json";

std::vector<std::string> AdapterFolders(const std::vector<FileEntry>& files) {
  std::vector<std::string> folders;
  for (const FileEntry& file : files) {
    const size_t base = file.path.rfind('/') + 1;
    if (std::string_view(file.path).substr(base) == kAdapterConfig) {
      folders.push_back(file.path.substr(0, base));
    }
  }
  return folders;
}

}  // namespace

ModelFiles AssembleModel(std::vector<FileOutcome> outcomes, std::vector<std::string> not_covered,
                         std::vector<std::string> warnings) {
  std::vector<FileEntry> files;
  std::vector<LeavableFile> leavable;
  uint64_t total_bytes = 0;
  for (FileOutcome& outcome : outcomes) {
    files.push_back(outcome.entry);
    total_bytes += outcome.entry.bytes;
    if (!outcome.why_not_leavable) continue;
    leavable.push_back({outcome.entry.path, NotCovered::Matching(outcome.entry.path),
                        std::move(*outcome.why_not_leavable)});
  }
  WeightSets weights = GroupWeights(std::move(outcomes));
  warnings.insert(warnings.end(), weights.warnings.begin(), weights.warnings.end());
  std::optional<Adapter> adapter = FindAdapter(weights.sets, AdapterFolders(files));
  const ModelDigest digest = ModelDigestOf(files);
  return ModelFiles{std::move(files),          digest,
                    std::move(weights.sets),   std::move(not_covered),
                    std::move(warnings),       total_bytes,
                    std::move(adapter),        std::move(weights.executable_pickles),
                    std::move(weights.unread), std::move(leavable)};
}

}  // namespace carnet::artifact
