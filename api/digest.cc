#include <carnet/digest.h>

#include "api/recorded_model.h"
#include "api/verify_state.h"

namespace carnet {

namespace {

Result<NotCovered> PatternsOf(const ModelOptions& options) {
  const std::vector<std::string_view> stated(options.not_covered.begin(),
                                             options.not_covered.end());
  auto more = NotCovered::Of(stated);
  if (!more) return Malformed("not_covered" + more.error().message);
  return options.cover_all ? *more : more->With(NotCovered::Shipped());
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
  return api::RecordedModel(std::move(files), patterns);
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
