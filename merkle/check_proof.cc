#include "merkle/check_proof.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <cstddef>
#include <span>

#include "merkle/hasher.h"

namespace carnet::merkle {
namespace {

enum class Side { kLeft, kRight };

// The way from a node to the root: fn and sn of RFC 9162 section 2.1.3.2, the positions of the
// node and of the last node on the level that has been reached.
class Ascent {
 public:
  Ascent(uint64_t node, uint64_t last) : node_(node), last_(last) {}

  bool at_root() const { return last_ == 0; }
  int level() const { return level_; }
  uint64_t node() const { return node_; }

  // Goes up past the next sibling and says on which side it was. Requires !at_root(), so that
  // on the left branch node_ is not 0 and no shift is by 64.
  Side Step() {
    const Side side = (node_ & 1) != 0 || node_ == last_ ? Side::kLeft : Side::kRight;
    if (side == Side::kLeft) Up(std::countr_zero(node_));  // levels without a sibling
    Up(1);
    return side;
  }

 private:
  void Up(int levels) {
    node_ >>= levels;
    last_ >>= levels;
    level_ += levels;
  }

  uint64_t node_;
  uint64_t last_;
  int level_ = 0;
};

// Folds an inclusion proof; where `left_only`, the right siblings are walked past, not taken in.
Result<RootHash> FoldInclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                               const InclusionProof& proof, bool left_only) {
  if (!size.Contains(index)) {
    return Rejected(fmt::format("inclusion proof: index {} is not in a tree of size {}",
                                index.value(), size.value()));
  }
  Ascent ascent(index.value(), size.value() - 1);
  NodeHash hash = Retag<NodeHash>(leaf);
  for (const NodeHash& sibling : proof.hashes) {
    if (ascent.at_root()) return Rejected("inclusion proof is too long");
    if (ascent.Step() == Side::kLeft) {
      hash = HashChildren(sibling, hash);
    } else if (!left_only) {
      hash = HashChildren(hash, sibling);
    }
  }
  if (!ascent.at_root()) return Rejected("inclusion proof is too short");
  return Retag<RootHash>(hash);
}

struct TwoRoots {
  RootHash from;
  RootHash to;
};

// Both roots that a consistency proof leads to. Requires 0 < from < to.
Result<TwoRoots> FoldConsistency(TreeSize from, const RootHash& from_root, TreeSize to,
                                 const ConsistencyProof& proof) {
  const bool known_start = std::has_single_bit(from.value());
  if (!known_start && proof.hashes.empty()) return Rejected("consistency proof is too short");
  const NodeHash start = known_start ? Retag<NodeHash>(from_root) : proof.hashes.front();
  const int level = std::countr_zero(from.value());
  Ascent ascent((from.value() - 1) >> level, (to.value() - 1) >> level);
  NodeHash old_hash = start, new_hash = start;
  for (size_t i = known_start ? 0 : 1; i < proof.hashes.size(); ++i) {
    const NodeHash& sibling = proof.hashes[i];
    if (ascent.at_root()) return Rejected("consistency proof is too long");
    if (ascent.Step() == Side::kLeft) {
      old_hash = HashChildren(sibling, old_hash);
      new_hash = HashChildren(sibling, new_hash);
    } else {
      new_hash = HashChildren(new_hash, sibling);
    }
  }
  if (!ascent.at_root()) return Rejected("consistency proof is too short");
  return TwoRoots{Retag<RootHash>(old_hash), Retag<RootHash>(new_hash)};
}

Result<> CheckSameSize(const RootHash& from_root, const RootHash& to_root,
                       const ConsistencyProof& proof) {
  if (!proof.hashes.empty()) return Rejected("consistency proof is too long");
  if (from_root != to_root) return Rejected("consistency proof: same size, different roots");
  return Ok();
}

}  // namespace

Result<RootHash> RootFromInclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                                   const InclusionProof& proof) {
  return FoldInclusion(index, size, leaf, proof, /*left_only=*/false);
}

Result<> CheckInclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                        const InclusionProof& proof, const RootHash& root) {
  CARNET_TRY(const RootHash folded, RootFromInclusion(index, size, leaf, proof));
  if (folded != root) return Rejected("inclusion proof leads to a different root");
  return Ok();
}

Result<> InclusionChecker::Check(LeafIndex index, const LeafHash& leaf,
                                 const InclusionProof& proof) {
  if (size_.Contains(index) && Follow(index, leaf, proof)) return Ok();
  way_.clear();
  return CheckInclusion(index, size_, leaf, proof, root_);
}

// False also leaves a way that is good for nothing.
bool InclusionChecker::Follow(LeafIndex index, const LeafHash& leaf, const InclusionProof& proof) {
  const auto& hashes = proof.hashes;
  Ascent ascent(index.value(), size_.value() - 1);
  NodeHash hash = Retag<NodeHash>(leaf);
  way_.resize(hashes.size(), {0, 0, hash, hash});  // no hash leads to a node of level 0
  for (size_t above = hashes.size(); above > 0; --above) {
    if (ascent.at_root()) return false;
    const NodeHash& sibling = hashes[hashes.size() - above];
    hash = ascent.Step() == Side::kLeft ? HashChildren(sibling, hash) : HashChildren(hash, sibling);
    Node& known = way_[above - 1];
    const bool same =
        known.level == ascent.level() && known.position == ascent.node() && known.hash == hash;
    known = {ascent.level(), ascent.node(), hash, sibling};
    const auto rest = std::span(hashes).last(above - 1);
    if (same &&
        std::equal(rest.rbegin(), rest.rend(), way_.begin(),
                   [](const NodeHash& up, const Node& node) { return up == node.sibling; })) {
      return true;
    }
  }
  return ascent.at_root() && Retag<RootHash>(hash) == root_;
}

Result<RootHash> RootAtLeaf(LeafIndex index, TreeSize size, const LeafHash& leaf,
                            const InclusionProof& proof) {
  return FoldInclusion(index, size, leaf, proof, /*left_only=*/true);
}

Result<> CheckConsistency(TreeSize from, const RootHash& from_root, TreeSize to,
                          const RootHash& to_root, const ConsistencyProof& proof) {
  if (from.value() == 0) return Rejected("consistency proof from the empty tree");
  if (from > to) {
    return Rejected(
        fmt::format("consistency proof from size {} back to {}", from.value(), to.value()));
  }
  if (from == to) return CheckSameSize(from_root, to_root, proof);
  CARNET_TRY(const TwoRoots roots, FoldConsistency(from, from_root, to, proof));
  if (roots.from != from_root) return Rejected("consistency proof does not lead to the older root");
  if (roots.to != to_root) return Rejected("consistency proof does not lead to the newer root");
  return Ok();
}

}  // namespace carnet::merkle
