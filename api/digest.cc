#include <carnet/digest.h>

#include "api/verify_state.h"
#include "core/hex.h"

namespace carnet {

Result<Model> Model::Read(const std::string& path, const ModelOptions& options) {
  if (path.find('\0') != path.npos) return Malformed("the path contains a NUL");
  artifact::ReadOptions read;
  read.follow_links = options.follow_links;
  read.tensors = options.tensors;
  read.threads = options.threads;
  read.progress = options.progress;
  CARNET_TRY(artifact::ModelFiles files, artifact::ReadModel(path, read));
  State state{std::move(files), "", {}, {}};
  state.digest = HexEncode(state.read.digest.span());
  for (const artifact::FileEntry& file : state.read.files) {
    state.files.push_back({file.path, HexEncode(file.sha256.span()), file.bytes});
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
const std::vector<std::string>& Model::not_covered() const { return state_->read.not_covered; }
const std::vector<std::string>& Model::warnings() const { return state_->read.warnings; }
uint64_t Model::total_bytes() const { return state_->read.total_bytes; }

}  // namespace carnet
