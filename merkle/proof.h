// Inclusion and consistency proofs (RFC 6962 sections 2.1.1 and 2.1.2, RFC 9162 sections 2.1.3
// and 2.1.4): the node hashes only, from the bottom up; index and sizes travel beside them.
#pragma once

#include <vector>

#include "core/digests.h"

namespace carnet::merkle {

struct InclusionProof {
  std::vector<NodeHash> hashes;  // sibling of the leaf first
};

struct ConsistencyProof {
  std::vector<NodeHash> hashes;
};

}  // namespace carnet::merkle
