// Checks proofs that come from outside: exact length, no recursion, constant memory.
#pragma once

#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/strong_u64.h"
#include "merkle/proof.h"

namespace carnet::merkle {

// The root that the proof leads to (RFC 9162 section 2.1.3.2). Errors: rejected (index outside
// the tree, proof too short or too long).
Result<RootHash> RootFromInclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                                   const InclusionProof& proof);

// Errors: rejected, also when the proof leads to a different root.
Result<> CheckInclusion(LeafIndex index, TreeSize size, const LeafHash& leaf,
                        const InclusionProof& proof, const RootHash& root);

// CheckInclusion for many leaves of one tree. Where a proof comes to a node that the last good one
// came to, with the same hash and the same hashes above, it is not followed further: neighbours
// cost two hashes instead of the logarithm of the size. For one thread.
class InclusionChecker {
 public:
  InclusionChecker(TreeSize size, const RootHash& root) : size_(size), root_(root) {}

  // Errors as CheckInclusion.
  Result<> Check(LeafIndex index, const LeafHash& leaf, const InclusionProof& proof);

 private:
  struct Node {
    int level;
    uint64_t position;  // on that level
    NodeHash hash;
    NodeHash sibling;  // the hash of the proof that led to it
  };
  bool Follow(LeafIndex index, const LeafHash& leaf, const InclusionProof& proof);

  TreeSize size_;
  RootHash root_;
  std::vector<Node> way_;  // of the last good proof, from the root down
};

// Root of the tree of size index + 1, folded from the leaf and the left siblings of its inclusion
// proof at any later size (S10). Errors: rejected (index outside, wrong length).
Result<RootHash> RootAtLeaf(LeafIndex index, TreeSize size, const LeafHash& leaf,
                            const InclusionProof& proof);

// RFC 9162 section 2.1.4.2. Errors: rejected. From size 0 every proof is refused: there is
// nothing to be consistent with, and a client that starts there must treat it as a case of its own.
Result<> CheckConsistency(TreeSize from, const RootHash& from_root, TreeSize to,
                          const RootHash& to_root, const ConsistencyProof& proof);

}  // namespace carnet::merkle
