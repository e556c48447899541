#include "merkle/compact_range.h"

#include <fmt/core.h>

#include <bit>
#include <utility>

#include "core/check.h"
#include "merkle/hasher.h"

namespace carnet::merkle {

CompactRange::CompactRange() : size_(0) {}

Result<CompactRange> CompactRange::FromHashes(TreeSize size, std::vector<NodeHash> hashes) {
  const auto expected = static_cast<size_t>(std::popcount(size.value()));
  if (hashes.size() != expected) {
    return Malformed(fmt::format("tree of size {} has {} complete subtrees, not {}", size.value(),
                                 expected, hashes.size()));
  }
  CompactRange range;
  range.size_ = size;
  range.hashes_ = std::move(hashes);
  return range;
}

void CompactRange::Append(const LeafHash& leaf, const NodeSink& sink) {
  CARNET_CHECK(size_.value() != UINT64_MAX);
  NodeHash hash = Retag<NodeHash>(leaf);
  NodeId id{0, size_.value()};
  if (sink) sink(id, hash);
  // As when one is added to the size: each bit that carries joins two subtrees of its level.
  for (; (id.index & 1) != 0; hashes_.pop_back()) {
    hash = HashChildren(hashes_.back(), hash);
    id = {id.level + 1, id.index >> 1};
    if (sink) sink(id, hash);
  }
  hashes_.push_back(hash);
  size_ = TreeSize(size_.value() + 1);
}

RootHash CompactRange::Root() const {
  if (hashes_.empty()) return EmptyRoot();
  NodeHash root = hashes_.back();
  for (size_t i = hashes_.size() - 1; i-- > 0;) root = HashChildren(hashes_[i], root);
  return Retag<RootHash>(root);
}

std::vector<NodeId> RangeNodes(TreeSize size) {
  std::vector<NodeId> nodes;
  for (uint32_t level = 64; level-- > 0;) {
    const uint64_t ends = size.value() >> level;
    if ((ends & 1) != 0) nodes.push_back({level, ends - 1});
  }
  return nodes;
}

}  // namespace carnet::merkle
