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
  Internals::State<Model> state{std::move(files), "", {}, {}, {}, 0};
  state.digest = HexEncode(state.read.digest.span());
  const artifact::CoveredFiles covered(state.read, state.read.leaves_out);
  for (const artifact::FileEntry& file : covered.files()) {
    state.files.push_back({file.path, HexEncode(file.sha256.span()), file.bytes});
  }
  state.bytes = covered.bytes();
  state.not_covered = state.read.not_covered;
  for (const artifact::FileEntry& file : covered.left_out()) {
    state.not_covered.push_back(file.path);
  }
  for (const artifact::WeightSet& set : state.read.weight_sets) {
    state.weight_sets.push_back(
        {set.name, HexEncode(set.root.span()), set.tensors.size(), set.elements, set.packed});
  }
  return Internals::Make<Model>(std::move(state));
}

}  // namespace carnet::api
