#include "artifact/model_files.h"

#include "artifact/model_digest.h"
#include "artifact/read_files.h"
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

Result<ModelFiles> ReadModel(const std::string& path, const ReadOptions& options) {
  CARNET_TRY(FileList list,
             ListFiles(path, options.follow_links ? Links::kFollow : Links::kRefuse));
  CARNET_TRY(std::vector<FileOutcome> outcomes, ReadFiles(list.files, options));
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
  std::vector<std::string> warnings = std::move(list.warnings);
  warnings.insert(warnings.end(), weights.warnings.begin(), weights.warnings.end());
  std::optional<Adapter> adapter = FindAdapter(weights.sets, AdapterFolders(files));
  const ModelDigest digest = ModelDigestOf(files);
  return ModelFiles{std::move(files),          digest,
                    std::move(weights.sets),   std::move(list.not_covered),
                    std::move(warnings),       total_bytes,
                    std::move(adapter),        std::move(weights.executable_pickles),
                    std::move(weights.unread), std::move(leavable)};
}

}  // namespace carnet::artifact
