#include "pipeline/final_model.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "core/hex.h"
#include "schemas/enums.h"
#include "schemas/readers.h"
#include "statements/graph.h"

namespace carnet::pipeline {
namespace {

using Roots = std::multiset<TensorRoot>;

Roots RootsOf(wire::Segment::Reader segment) {
  Roots roots;
  for (const auto set : segment.getTensorRoots()) {
    roots.insert(schemas::DigestOf<TensorRoot>(set.getRoot()));
  }
  return roots;
}

Roots RootsOf(const artifact::ModelFiles& model) {
  Roots roots;
  for (const artifact::WeightSet& set : model.weight_sets) roots.insert(set.root);
  return roots;
}

Result<> CheckLanes(const schemas::Predicate& run, size_t with_segments) {
  const uint64_t lanes = statements::LanesOf(run);
  if (with_segments == lanes) return Ok();
  if (with_segments > 0) {
    return Rejected(fmt::format("the run has {} lanes, {} of them with segments: each needs one",
                                lanes, with_segments));
  }
  const auto kind = schemas::RunKindOf(schemas::ReaderOf<wire::Run>(run).getKind());
  if (kind == schemas::RunKind::kMerge || kind == schemas::RunKind::kQuantisation) return Ok();
  return Rejected(
      "the run has no segments: only a merge or a quantisation may have none, this is " +
      schemas::RunKindName(kind));
}

}  // namespace

Result<> CheckFinalModel(const schemas::Predicate& run, const std::vector<schemas::Predicate>& last,
                         const artifact::ModelFiles& model, bool converted) {
  CARNET_TRY_VOID(CheckLanes(run, last.size()));
  if (last.empty() || converted) return Ok();
  const Roots roots = RootsOf(model);
  const auto is_final = [&](const schemas::Predicate& predicate) {
    const auto segment = schemas::ReaderOf<wire::Segment>(predicate);
    return schemas::DigestOf<ModelDigest>(segment.getModel()) == model.digest ||
           (!roots.empty() && RootsOf(segment) == roots);
  };
  if (std::any_of(last.begin(), last.end(), is_final)) return Ok();
  const auto ended_with =
      schemas::DigestOf<ModelDigest>(schemas::ReaderOf<wire::Segment>(last.front()).getModel());
  return Rejected(fmt::format(
      "the model sha256:{} is not the last checkpoint, sha256:{}: give that, or state `converted` "
      "in the draft",
      HexEncode(model.digest.span()), HexEncode(ended_with.span())));
}

}  // namespace carnet::pipeline
