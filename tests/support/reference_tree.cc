#include "tests/support/reference_tree.h"

#include <openssl/evp.h>

#include <array>

#include "core/check.h"

namespace carnet::test {
namespace {

template <typename Hash>
Hash Sha256(const std::string& input) {
  std::array<uint8_t, 32> digest;
  CARNET_CHECK(
      EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha256(), nullptr) == 1);
  return Hash(digest);
}

// The largest power of two smaller than n. Requires n > 1.
uint64_t SplitPoint(uint64_t n) {
  uint64_t k = 1;
  while (k * 2 < n) k *= 2;
  return k;
}

}  // namespace

LeafHash ReferenceTree::Leaf(uint64_t index) const {
  return Sha256<LeafHash>(std::string(1, '\x00') + entries_.at(index));
}

NodeHash ReferenceTree::Subtree(uint64_t start, uint64_t end) const {
  CARNET_CHECK(start <= end && end <= size());
  if (start == end) return Sha256<NodeHash>("");
  if (end - start == 1) return Retag<NodeHash>(Leaf(start));
  const auto known = known_.find({start, end});
  if (known != known_.end()) return known->second;
  const uint64_t middle = start + SplitPoint(end - start);
  const NodeHash left = Subtree(start, middle), right = Subtree(middle, end);
  const std::string input =
      '\x01' + std::string(AsText(left.span())) + std::string(AsText(right.span()));
  return known_.emplace(std::pair(start, end), Sha256<NodeHash>(input)).first->second;
}

RootHash ReferenceTree::Root(uint64_t size) const { return Retag<RootHash>(Subtree(0, size)); }

std::vector<NodeHash> ReferenceTree::Inclusion(uint64_t index, uint64_t start, uint64_t end) const {
  CARNET_CHECK(start <= index && index < end);
  if (end - start == 1) return {};
  const uint64_t middle = start + SplitPoint(end - start);
  const bool left = index < middle;
  auto path = left ? Inclusion(index, start, middle) : Inclusion(index, middle, end);
  path.push_back(left ? Subtree(middle, end) : Subtree(start, middle));
  return path;
}

std::vector<NodeHash> ReferenceTree::Consistency(uint64_t start, uint64_t end,
                                                 uint64_t size) const {
  if (start == end) return {};
  return SubProof({start, end}, {0, size}, true);
}

// SUBTREE_SUBPROOF of the draft; with subtree.start = 0, SUBPROOF of RFC 6962 section 2.1.2.
std::vector<NodeHash> ReferenceTree::SubProof(Range subtree, Range tree, bool complete) const {
  if (subtree.start == tree.start && subtree.end == tree.end) {
    if (complete) return {};
    return {Subtree(tree.start, tree.end)};
  }
  const uint64_t middle = tree.start + SplitPoint(tree.end - tree.start);
  if (subtree.end <= middle) {
    auto proof = SubProof(subtree, {tree.start, middle}, complete);
    proof.push_back(Subtree(middle, tree.end));
    return proof;
  }
  const bool spans = subtree.start < middle;
  const uint64_t start = spans ? middle : subtree.start;
  auto proof = SubProof({start, subtree.end}, {middle, tree.end}, complete && !spans);
  proof.push_back(Subtree(tree.start, middle));
  return proof;
}

bool ReferenceTree::IsValidSubtree(uint64_t start, uint64_t end) {
  uint64_t power = 1;
  while (power < end - start) power *= 2;
  return start == 0 || start == end || start % power == 0;
}

}  // namespace carnet::test
