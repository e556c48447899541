// CompactRange: the right edge of a tree, enough to append leaves and to compute the root: the
// hashes of the complete subtrees of [0, size), largest first, one for each bit set in the size.
#pragma once

#include <functional>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/node_id.h"

namespace carnet::merkle {

// Called for every node that becomes complete, leaves included, in the order of completion.
using NodeSink = std::function<void(const NodeId&, const NodeHash&)>;

class CompactRange {
 public:
  CompactRange();  // the empty tree
  // Errors: malformed unless `hashes` has one hash for each bit set in `size`.
  static Result<CompactRange> FromHashes(TreeSize size, std::vector<NodeHash> hashes);

  void Append(const LeafHash& leaf, const NodeSink& sink = nullptr);

  TreeSize size() const { return size_; }
  const std::vector<NodeHash>& hashes() const { return hashes_; }  // largest subtree first
  RootHash Root() const;

 private:
  TreeSize size_;
  std::vector<NodeHash> hashes_;
};

// The nodes whose hashes FromHashes takes, in its order.
std::vector<NodeId> RangeNodes(TreeSize size);

}  // namespace carnet::merkle
