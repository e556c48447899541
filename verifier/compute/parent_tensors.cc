#include "verifier/compute/parent_tensors.h"

#include <fmt/core.h>

#include <algorithm>

#include "core/hex.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {

using schemas::ReaderOf;

ParentTensors::ParentTensors(const StatementSet& set, const Statement& root, Findings& findings) {
  const Statement* run = statements::RunBehind(set, root);
  const auto lists = ReaderOf<wire::Passport>(root.predicate).getParentTensors();
  if (run == nullptr || lists.size() == 0) return;
  const std::vector<TensorRoot> stated = statements::ParentTensorRootsOf(set, *run);
  for (uint32_t i = 0; i < lists.size(); ++i) {
    std::vector<LeafHash> leaves;
    for (const auto leaf : lists[i].getLeaves()) {
      leaves.push_back(schemas::DigestOf<LeafHash>(leaf));
    }
    const TensorRoot tree = artifact::RootOfLeaves(leaves);        // 1
    if (std::binary_search(stated.begin(), stated.end(), tree)) {  // 2
      leaves_.insert(leaves_.end(), leaves.begin(), leaves.end());
      continue;
    }
    findings.Add(FindingAbout(
        root, {35, RejectReason::kParametersUnderstated},
        fmt::format(
            "has in parent_tensors[{}] the leaves of tensor root sha256:{}, which no parent "
            "of its run states",
            i, HexEncode(tree.span())),
        "the parent is the model that the run was fine-tuned or initialised from"));
  }
  std::sort(leaves_.begin(), leaves_.end());
}

bool ParentTensors::Have(const artifact::TensorSummary& tensor) const {
  return std::binary_search(leaves_.begin(), leaves_.end(), artifact::TensorLeafHash(tensor));
}

}  // namespace carnet::verifier::compute
