// The Merkle tree as RFC 6962 section 2.1 writes it down: recursion over lists of entries, slow
// and plain, with OpenSSL's one-shot SHA-256. The oracle for merkle/ and ledger/. Subtrees of any
// start, and their consistency proofs, follow draft-ietf-plants-merkle-tree-certs section 4,
// where they contain RFC 6962's own proofs as start = 0.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "core/digests.h"

namespace carnet::test {

class ReferenceTree {
 public:
  explicit ReferenceTree(std::vector<std::string> entries) : entries_(std::move(entries)) {}

  uint64_t size() const { return entries_.size(); }
  void Append(std::string entry) { entries_.push_back(std::move(entry)); }

  LeafHash Leaf(uint64_t index) const;
  // MTH(D[start:end]); of nothing for an empty range.
  NodeHash Subtree(uint64_t start, uint64_t end) const;
  RootHash Root(uint64_t size) const;

  // PATH(index - start, D[start:end]).
  std::vector<NodeHash> Inclusion(uint64_t index, uint64_t start, uint64_t end) const;
  // PROOF(end, D[0:size]) for start = 0.
  std::vector<NodeHash> Consistency(uint64_t start, uint64_t end, uint64_t size) const;

  // start = 0, start = end, or start a multiple of the smallest power of two >= end - start.
  static bool IsValidSubtree(uint64_t start, uint64_t end);

 private:
  struct Range {
    uint64_t start;
    uint64_t end;
  };
  std::vector<NodeHash> SubProof(Range subtree, Range tree, bool complete) const;

  std::vector<std::string> entries_;
  mutable std::map<std::pair<uint64_t, uint64_t>, NodeHash> known_;  // not thread safe
};

}  // namespace carnet::test
