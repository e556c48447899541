#include "pipeline/parent_tensors.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

#include "core/hex.h"
#include "schemas/readers.h"
#include "statements/graph.h"

namespace carnet::pipeline {
namespace {

// "sha256:… or 2 others"
std::string ExpectedText(const std::vector<TensorRoot>& stated) {
  if (stated.empty()) return "no parent of the run states a tensor root";
  const std::string others =
      stated.size() > 1 ? fmt::format(" or {} others", stated.size() - 1) : "";
  return fmt::format(
      "no weight set has a tensor root that a parent of the run states: expected "
      "sha256:{}{}",
      HexEncode(stated.front().span()), others);
}

}  // namespace

Result<> SetParentTensors(const statements::StatementSet& closure,
                          const statements::Statement& completion,
                          std::span<const ParentModel> models, schemas::Predicate& passport) {
  if (models.empty()) return Ok();
  const statements::Statement* run = statements::RunBehind(closure, completion);
  std::vector<TensorRoot> stated;
  if (run != nullptr) stated = statements::ParentTensorRootsOf(closure, *run);
  std::vector<const artifact::WeightSet*> sets;
  std::set<TensorRoot> taken;
  for (const ParentModel& model : models) {
    bool matches = false;
    for (const artifact::WeightSet& set : model.files.weight_sets) {
      if (!std::binary_search(stated.begin(), stated.end(), set.root)) continue;
      matches = true;
      if (taken.insert(set.root).second) sets.push_back(&set);
    }
    if (!matches) return Rejected(fmt::format("{}: {}", model.name, ExpectedText(stated)));
  }
  auto lists = schemas::BuilderOf<wire::Passport>(passport).initParentTensors(
      static_cast<uint32_t>(sets.size()));
  for (uint32_t i = 0; i < lists.size(); ++i) {
    const auto& tensors = sets[i]->tensors;
    auto leaves = lists[i].initLeaves(static_cast<uint32_t>(tensors.size()));
    for (uint32_t j = 0; j < leaves.size(); ++j) {
      schemas::SetDigest(leaves[j], artifact::TensorLeafHash(tensors[j]));
    }
  }
  return Ok();
}

}  // namespace carnet::pipeline
