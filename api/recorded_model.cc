#include "api/recorded_model.h"

#include "api/verify_state.h"
#include "artifact/covered_files.h"
#include "core/hex.h"

namespace carnet::api {
namespace {

// What cannot be left out matters to whoever records; a gate goes by the passport.
Result<artifact::ModelFiles> Recorded(artifact::ModelFiles files, NotCovered patterns) {
  const auto checked = artifact::CoveredFiles(files, patterns).CheckLeftOut();
  if (checked) return artifact::LeaveOut(std::move(files), patterns);
  files.warnings.push_back("no file is left out of the digest: " + checked.error().message);
  return files;
}

}  // namespace

Result<Model> RecordedModel(artifact::ModelFiles files, NotCovered patterns) {
  CARNET_TRY(files, Recorded(std::move(files), patterns));
  const artifact::CoveredFiles covered(files, files.leaves_out);
  std::vector<ModelFile> listed;
  for (const artifact::FileEntry& file : covered.files()) {
    listed.push_back({file.path, HexEncode(file.sha256.span()), file.bytes});
  }
  std::vector<std::string> not_covered = files.not_covered;
  for (const artifact::FileEntry& file : covered.left_out()) not_covered.push_back(file.path);
  std::vector<WeightSet> weight_sets;
  for (const artifact::WeightSet& set : files.weight_sets) {
    weight_sets.push_back(
        {set.name, HexEncode(set.root.span()), set.tensors.size(), set.elements, set.packed});
  }
  const uint64_t bytes = covered.bytes();
  std::string digest = HexEncode(files.digest.span());
  return Internals::Make<Model>(std::move(files), std::move(digest), std::move(listed),
                                std::move(weight_sets), std::move(not_covered), bytes);
}

}  // namespace carnet::api
