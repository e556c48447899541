#include <carnet/digest.h>

#include "api/verify_state.h"
#include "artifact/covered_files.h"
#include "core/hex.h"

namespace carnet {

namespace {

Result<NotCovered> PatternsOf(const ModelOptions& options) {
  const std::vector<std::string_view> stated(options.not_covered.begin(),
                                             options.not_covered.end());
  auto more = NotCovered::Of(stated);
  if (!more) return Malformed("not_covered" + more.error().message);
  return options.cover_all ? *more : more->With(NotCovered::Shipped());
}

// What cannot be left out matters to whoever records; a gate goes by the passport.
Result<artifact::ModelFiles> Recorded(artifact::ModelFiles files, NotCovered patterns) {
  const auto checked = artifact::CoveredFiles(files, patterns).CheckLeftOut();
  if (checked) return artifact::LeaveOut(std::move(files), patterns);
  files.warnings.push_back("no file is left out of the digest: " + checked.error().message);
  return files;
}

}  // namespace

Result<Model> Model::Read(const std::string& path, const ModelOptions& options) {
  if (path.find('\0') != path.npos) return Malformed("the path contains a NUL");
  CARNET_TRY(const NotCovered patterns, PatternsOf(options));
  artifact::ReadOptions read;
  read.follow_links = options.follow_links;
  read.tensors = options.tensors;
  read.threads = options.threads;
  read.progress = options.progress;
  read.stop = options.stop;
  CARNET_TRY(artifact::ModelFiles files, artifact::ReadModel(path, read));
  CARNET_TRY(files, Recorded(std::move(files), patterns));
  State state{std::move(files), "", {}, {}, {}, 0};
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
  return Model(std::make_shared<const State>(std::move(state)));
}

Model::Model(std::shared_ptr<const State> state) : state_(std::move(state)) {}
Model::~Model() = default;

const std::string& Model::digest() const { return state_->digest; }
const std::vector<ModelFile>& Model::files() const { return state_->files; }
const std::vector<WeightSet>& Model::weight_sets() const { return state_->weight_sets; }
const std::vector<std::string>& Model::not_covered() const { return state_->not_covered; }
const std::vector<std::string>& Model::warnings() const { return state_->read.warnings; }
uint64_t Model::total_bytes() const { return state_->bytes; }

}  // namespace carnet
