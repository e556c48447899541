// Proofs from stored nodes: first which complete subtrees are needed, then, once the caller has
// fetched them, the proof itself. No I/O here.
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/node_id.h"
#include "merkle/proof.h"

namespace carnet::merkle {

// `nodes` to fetch in this order. The hashes of [fold_begin, fold_end), the right edge of the
// tree, are folded into one by `FoldProof`; the others enter the proof as they are.
struct FetchList {
  std::vector<NodeId> nodes;
  size_t fold_begin = 0;
  size_t fold_end = 0;
};

// Errors: not_found when the index is not in the tree.
Result<FetchList> InclusionNodes(LeafIndex index, TreeSize size);
// Errors: not_found when from > to. Empty when from is 0 or equal to `to`.
Result<FetchList> ConsistencyNodes(TreeSize from, TreeSize to);

// Requires hashes.size() == list.nodes.size().
std::vector<NodeHash> FoldProof(const FetchList& list, std::span<const NodeHash> hashes);

}  // namespace carnet::merkle
