#include "merkle/build_proof.h"

#include <fmt/core.h>

#include <bit>

#include "core/check.h"
#include "merkle/hasher.h"

namespace carnet::merkle {
namespace {

// The complete subtrees that cover the last leaves of the tree, those after the last whole subtree
// of `level`: the smallest, which is the rightmost, first.
void AppendEdge(uint64_t size, uint32_t level, FetchList& list) {
  list.fold_begin = list.nodes.size();
  for (uint32_t below = 0; below < level; ++below) {
    const uint64_t ends = size >> below;
    if ((ends & 1) != 0) list.nodes.push_back({below, ends - 1});
  }
  list.fold_end = list.nodes.size();
}

// The siblings on the way from `node` up to the root. At most one of them, to the right, is cut
// off by the edge of the tree:
//
//            root
//          /      \         siblings of 4 in a tree of size 7: 5, then 6 alone for the
//       0123      456       pair that 7 is missing from, then 0123
//
void AppendPath(NodeId node, uint64_t size, FetchList& list) {
  const auto height = static_cast<uint32_t>(std::bit_width(size - 1));
  for (; node.level < height; ++node.level, node.index >>= 1) {
    if ((node.index & 1) != 0) {
      list.nodes.push_back({node.level, node.index - 1});
      continue;
    }
    const uint64_t begin = (node.index + 1) << node.level;
    if (begin >= size) continue;
    const bool whole = size - begin >= uint64_t{1} << node.level;
    if (whole) {
      list.nodes.push_back({node.level, node.index + 1});
    } else {
      AppendEdge(size, node.level, list);
    }
  }
}

}  // namespace

Result<FetchList> InclusionNodes(LeafIndex index, TreeSize size) {
  if (!size.Contains(index)) {
    return NotFound(
        fmt::format("index {} is not in a tree of size {}", index.value(), size.value()));
  }
  FetchList list;
  AppendPath({0, index.value()}, size.value(), list);
  return list;
}

Result<FetchList> ConsistencyNodes(TreeSize from, TreeSize to) {
  if (from > to) {
    return NotFound(fmt::format("size {} is beyond a tree of size {}", from.value(), to.value()));
  }
  FetchList list;
  if (from.value() == 0 || from == to) return list;
  // The smallest complete subtree on the right edge of the older tree; when it is that whole
  // tree, the checker has its hash already.
  const auto level = static_cast<uint32_t>(std::countr_zero(from.value()));
  const NodeId last{level, (from.value() >> level) - 1};
  if (last.index != 0) list.nodes.push_back(last);
  AppendPath(last, to.value(), list);
  return list;
}

std::vector<NodeHash> FoldProof(const FetchList& list, std::span<const NodeHash> hashes) {
  CARNET_CHECK(hashes.size() == list.nodes.size());
  std::vector<NodeHash> proof;
  for (size_t i = 0; i < hashes.size(); ++i) {
    const bool folds = i > list.fold_begin && i < list.fold_end;
    if (folds) {
      proof.back() = HashChildren(hashes[i], proof.back());
    } else {
      proof.push_back(hashes[i]);
    }
  }
  return proof;
}

}  // namespace carnet::merkle
