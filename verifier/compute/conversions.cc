// R35: a run that converts nothing may be training by another name, which states no work.
#include <fmt/core.h>

#include <set>

#include "statements/graph.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::EdgeType;
using schemas::ReaderOf;

bool MergesOneModel(const StatementSet& set, const Statement& run) {
  std::set<ModelDigest> parts;
  for (const auto& edge : statements::EdgesOf(set, run)) {
    if (edge.type != EdgeType::kMergedFrom) continue;
    if (!edge.model) return false;
    parts.insert(*edge.model);
  }
  return parts.size() == 1;
}

}  // namespace

void CheckConversions(const StatementSet& set, const ModelSizes& sizes, const WeightFiles& files,
                      Unheld& unheld) {
  for (const Statement& line : set) {
    if (line.kind() != schemas::Kind::kRun) continue;
    const auto kind = ReaderOf<wire::Run>(line.predicate).getKind();
    if (kind == wire::RunKind::MERGE && MergesOneModel(set, line)) {
      unheld.Add(Describe(line) + ": a merge of one model with itself");
    }
  }
  const ModelSize* own = sizes.OfRoot();
  if (own == nullptr || files.largest() == nullptr) return;
  if (ReaderOf<wire::Run>(own->run->predicate).getKind() != wire::RunKind::QUANTISATION) return;
  if (files.quantised()) return;
  unheld.Add(fmt::format("{}: a quantisation whose files have values of 16 bits or more",
                         Describe(*own->run)));
}

}  // namespace carnet::verifier::compute
