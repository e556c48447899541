// The oracle is held against published values before anything is held against it.
#include "tests/support/reference_tree.h"

#include <array>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::merkle {
namespace {

using test::ReferenceTree;

constexpr uint64_t kMaxSize = 130;

ReferenceTree SingleByteTree() {
  ReferenceTree tree({});
  for (uint64_t i = 0; i < kMaxSize; ++i) tree.Append(std::string(1, static_cast<char>(i)));
  return tree;
}

std::string Range(uint64_t start, uint64_t end) {
  return "[" + std::to_string(start) + ", " + std::to_string(end) + ")";
}

// One rolling SHA-256 over text lines, and how many there were.
class Accumulator {
 public:
  void Add(const std::string& head, const std::vector<NodeHash>& hashes) {
    std::string line = head;
    for (const NodeHash& hash : hashes) line += " " + HexEncode(hash.span());
    stream_.Update(line + "\n");
    ++lines_;
  }
  size_t lines() const { return lines_; }
  std::string Digest() { return HexEncode(stream_.Finish().span()); }

 private:
  crypto::Sha256 stream_;
  size_t lines_ = 0;
};

BOOST_AUTO_TEST_SUITE(reference_tree)

// draft-ietf-plants-merkle-tree-certs, appendix "Subtree Test Vectors".
BOOST_AUTO_TEST_CASE(subtree_hashes_accumulate_to_the_published_value) {
  const ReferenceTree tree = SingleByteTree();
  Accumulator all;
  for (uint64_t end = 0; end <= kMaxSize; ++end) {
    for (uint64_t start = 0; start <= end; ++start) {
      if (!ReferenceTree::IsValidSubtree(start, end)) continue;
      all.Add(Range(start, end), {tree.Subtree(start, end)});
    }
  }
  BOOST_CHECK_EQUAL(all.lines(), 712u);
  BOOST_CHECK_EQUAL(all.Digest(),
                    "b82806ad4265bb151c1119c0f4db437bb4d1a1f887b3a7fba1cd4ebf552e3e81");
}

BOOST_AUTO_TEST_CASE(inclusion_proofs_accumulate_to_the_published_value) {
  const ReferenceTree tree = SingleByteTree();
  Accumulator all;
  for (uint64_t end = 0; end <= kMaxSize; ++end) {
    for (uint64_t start = 0; start <= end; ++start) {
      if (!ReferenceTree::IsValidSubtree(start, end)) continue;
      for (uint64_t index = start; index < end; ++index) {
        all.Add(std::to_string(index) + " " + Range(start, end), tree.Inclusion(index, start, end));
      }
    }
  }
  BOOST_CHECK_EQUAL(all.lines(), 12'807u);
  BOOST_CHECK_EQUAL(all.Digest(),
                    "ac2a8f989e44d99e399db448050ff5f19757df53cfb716aa81015d3955d8163f");
}

BOOST_AUTO_TEST_CASE(consistency_proofs_accumulate_to_the_published_value) {
  const ReferenceTree tree = SingleByteTree();
  Accumulator all;
  for (uint64_t size = 0; size <= kMaxSize; ++size) {
    for (uint64_t end = 0; end <= size; ++end) {
      for (uint64_t start = 0; start <= end; ++start) {
        if (!ReferenceTree::IsValidSubtree(start, end)) continue;
        all.Add(Range(start, end) + " " + std::to_string(size), tree.Consistency(start, end, size));
      }
    }
  }
  BOOST_CHECK_EQUAL(all.lines(), 42'893u);
  BOOST_CHECK_EQUAL(all.Digest(),
                    "10fa99b37bf9bf9ffa26b412fbd98bd75363256d0b75d61bc4538b9c9c5a0a74");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
