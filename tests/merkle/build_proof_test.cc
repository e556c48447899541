// Proofs built and checked against the recursion of RFC 6962, for every tree of up to 130 leaves.
#include "merkle/build_proof.h"

#include <algorithm>
#include <array>

#include "merkle/check_proof.h"
#include "tests/support/reference_tree.h"
#include "tests/support/test.h"

namespace carnet::merkle {
namespace {

using test::ReferenceTree;

constexpr uint64_t kMaxSize = 130;

ReferenceTree SmallTree() {
  ReferenceTree tree({});
  for (uint64_t i = 0; i < kMaxSize; ++i) tree.Append("entry " + std::to_string(i));
  return tree;
}

// The proof as a log serves it: complete subtrees fetched, the edge folded.
std::vector<NodeHash> Fetch(const ReferenceTree& tree, const FetchList& list) {
  std::vector<NodeHash> hashes;
  for (const NodeId& id : list.nodes) {
    hashes.push_back(tree.Subtree(id.index << id.level, (id.index + 1) << id.level));
  }
  return FoldProof(list, hashes);
}

NodeHash Changed(const NodeHash& hash) {
  std::array<uint8_t, 32> bytes;
  std::copy_n(hash.data(), 32, bytes.begin());
  bytes[31] ^= 1;
  return NodeHash(bytes);
}

BOOST_AUTO_TEST_SUITE(build_proof)

BOOST_AUTO_TEST_CASE(inclusion_proofs_are_those_of_the_recursion) {
  const ReferenceTree tree = SmallTree();
  for (uint64_t size = 1; size <= kMaxSize; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      REQUIRE_VALUE(const auto list, InclusionNodes(LeafIndex(index), TreeSize(size)));
      const InclusionProof proof{Fetch(tree, list)};
      BOOST_REQUIRE(proof.hashes == tree.Inclusion(index, 0, size));
      BOOST_REQUIRE(
          CheckInclusion(LeafIndex(index), TreeSize(size), tree.Leaf(index), proof, tree.Root(size))
              .has_value());
      REQUIRE_VALUE(const RootHash at_leaf,
                    RootAtLeaf(LeafIndex(index), TreeSize(size), tree.Leaf(index), proof));
      BOOST_REQUIRE(at_leaf == tree.Root(index + 1));
    }
  }
}

BOOST_AUTO_TEST_CASE(consistency_proofs_are_those_of_the_recursion) {
  const ReferenceTree tree = SmallTree();
  for (uint64_t to = 1; to <= kMaxSize; ++to) {
    for (uint64_t from = 1; from <= to; ++from) {
      REQUIRE_VALUE(const auto list, ConsistencyNodes(TreeSize(from), TreeSize(to)));
      const ConsistencyProof proof{Fetch(tree, list)};
      BOOST_REQUIRE(proof.hashes == tree.Consistency(0, from, to));
      BOOST_REQUIRE(
          CheckConsistency(TreeSize(from), tree.Root(from), TreeSize(to), tree.Root(to), proof)
              .has_value());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_proof_for_one_leaf_or_size_proves_no_other) {
  const ReferenceTree tree = SmallTree();
  for (uint64_t size = 2; size <= 40; ++size) {
    for (uint64_t index = 0; index < size; ++index) {
      const InclusionProof proof{tree.Inclusion(index, 0, size)};
      for (uint64_t other = 0; other < size; ++other) {
        if (other == index) continue;
        BOOST_CHECK(!CheckInclusion(LeafIndex(other), TreeSize(size), tree.Leaf(index), proof,
                                    tree.Root(size)));
        BOOST_CHECK(!CheckInclusion(LeafIndex(index), TreeSize(size), tree.Leaf(other), proof,
                                    tree.Root(size)));
        BOOST_CHECK(!CheckInclusion(LeafIndex(index), TreeSize(size), tree.Leaf(index), proof,
                                    tree.Root(other)));
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(refuses_inclusion_proofs_that_were_tampered_with) {
  const ReferenceTree tree = SmallTree();
  const LeafIndex index(69);
  const TreeSize size(kMaxSize);
  const RootHash root = tree.Root(kMaxSize);
  const InclusionProof good{tree.Inclusion(69, 0, kMaxSize)};
  for (size_t i = 0; i < good.hashes.size(); ++i) {
    InclusionProof changed = good;
    changed.hashes[i] = Changed(changed.hashes[i]);
    CHECK_ERROR(CheckInclusion(index, size, tree.Leaf(69), changed, root), ErrorCode::kRejected,
                "a different root");
    InclusionProof shorter = good;
    shorter.hashes.erase(shorter.hashes.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_ERROR(CheckInclusion(index, size, tree.Leaf(69), shorter, root), ErrorCode::kRejected,
                "too short");
    CHECK_ERROR(RootAtLeaf(index, size, tree.Leaf(69), shorter), ErrorCode::kRejected, "too short");
    InclusionProof longer = good;
    longer.hashes.insert(longer.hashes.begin() + static_cast<std::ptrdiff_t>(i), good.hashes[i]);
    CHECK_ERROR(CheckInclusion(index, size, tree.Leaf(69), longer, root), ErrorCode::kRejected,
                "too long");
    CHECK_ERROR(RootAtLeaf(index, size, tree.Leaf(69), longer), ErrorCode::kRejected, "too long");
  }
  CHECK_ERROR(CheckInclusion(LeafIndex(kMaxSize), size, tree.Leaf(69), good, root),
              ErrorCode::kRejected, "not in a tree of size 130");
  CHECK_ERROR(RootAtLeaf(LeafIndex(kMaxSize), size, tree.Leaf(69), good), ErrorCode::kRejected,
              "not in a tree of size 130");
}

// Each hash of each proof changed, left out or doubled, just after each leaf's good proof was
// shown.
BOOST_AUTO_TEST_CASE(a_checker_of_many_leaves_agrees_with_the_check_of_one) {
  const ReferenceTree tree = SmallTree();
  for (const uint64_t size : {1u, 2u, 3u, 13u, 16u, 21u}) {
    const RootHash root = tree.Root(size);
    InclusionChecker checker(TreeSize(size), root);
    size_t refused = 0;
    const auto agrees = [&](uint64_t index, const LeafHash& leaf, const InclusionProof& proof) {
      const auto one = CheckInclusion(LeafIndex(index), TreeSize(size), leaf, proof, root);
      const auto many = checker.Check(LeafIndex(index), leaf, proof);
      if (!one) ++refused;
      return many.has_value() == one.has_value() &&
             (one.has_value() || many.error().message == one.error().message);
    };
    for (uint64_t index = 0; index < size; ++index) {
      const InclusionProof good{tree.Inclusion(index, 0, size)};
      for (uint64_t before = 0; before < size; ++before) {
        const InclusionProof shown{tree.Inclusion(before, 0, size)};
        const auto show = [&] { return agrees(before, tree.Leaf(before), shown); };
        const size_t refused_before = refused;
        BOOST_REQUIRE(show() && agrees(index, tree.Leaf(index), good));
        BOOST_REQUIRE_EQUAL(refused, refused_before);
        for (size_t i = 0; i < good.hashes.size(); ++i) {
          const auto at = static_cast<std::ptrdiff_t>(i);
          InclusionProof changed = good;
          changed.hashes[i] = Changed(changed.hashes[i]);
          BOOST_REQUIRE(show() && agrees(index, tree.Leaf(index), changed));
          InclusionProof shorter = good;
          shorter.hashes.erase(shorter.hashes.begin() + at);
          BOOST_REQUIRE(show() && agrees(index, tree.Leaf(index), shorter));
          InclusionProof longer = good;
          longer.hashes.insert(longer.hashes.begin() + at, good.hashes[i]);
          BOOST_REQUIRE(show() && agrees(index, tree.Leaf(index), longer));
        }
        BOOST_REQUIRE(show() && agrees(index, tree.Leaf(index + 1), good));
        BOOST_REQUIRE(show() && agrees(size, tree.Leaf(index), good));
        BOOST_REQUIRE_EQUAL(refused, refused_before + 3 * good.hashes.size() + 2);
      }
    }
  }
}

BOOST_AUTO_TEST_CASE(a_checker_of_many_leaves_tells_equal_nodes_apart) {
  ReferenceTree tree({});
  for (const char* leaf : {"a", "a", "b", "b", "a", "a", "c", "c"}) tree.Append(leaf);
  const InclusionProof first{tree.Inclusion(0, 0, 8)};
  InclusionChecker checker(TreeSize(8), tree.Root(8));
  BOOST_CHECK(checker.Check(LeafIndex(0), tree.Leaf(0), first).has_value());
  CHECK_ERROR(checker.Check(LeafIndex(4), tree.Leaf(4), first), ErrorCode::kRejected,
              "a different root");
}

BOOST_AUTO_TEST_CASE(a_checker_of_many_leaves_refuses_the_root_of_a_smaller_tree) {
  const ReferenceTree tree = SmallTree();
  InclusionChecker checker(TreeSize(4), tree.Root(2));
  CHECK_ERROR(checker.Check(LeafIndex(0), tree.Leaf(0), {tree.Inclusion(0, 0, 2)}),
              ErrorCode::kRejected, "too short");
}

BOOST_AUTO_TEST_CASE(refuses_consistency_proofs_that_were_tampered_with) {
  const ReferenceTree tree = SmallTree();
  const auto check = [&](const ConsistencyProof& proof) {
    return CheckConsistency(TreeSize(70), tree.Root(70), TreeSize(kMaxSize), tree.Root(kMaxSize),
                            proof);
  };
  const ConsistencyProof good{tree.Consistency(0, 70, kMaxSize)};
  for (size_t i = 0; i < good.hashes.size(); ++i) {
    ConsistencyProof changed = good;
    changed.hashes[i] = Changed(changed.hashes[i]);
    CHECK_ERROR(check(changed), ErrorCode::kRejected, "does not lead to the ");
    ConsistencyProof shorter = good;
    shorter.hashes.erase(shorter.hashes.begin() + static_cast<std::ptrdiff_t>(i));
    CHECK_ERROR(check(shorter), ErrorCode::kRejected, "too short");
    ConsistencyProof longer = good;
    longer.hashes.push_back(good.hashes[i]);
    CHECK_ERROR(check(longer), ErrorCode::kRejected, "too long");
  }
  CHECK_ERROR(check({}), ErrorCode::kRejected, "too short");
}

BOOST_AUTO_TEST_CASE(names_which_root_a_consistency_proof_misses) {
  const ReferenceTree tree = SmallTree();
  const ConsistencyProof proof{tree.Consistency(0, 70, kMaxSize)};
  CHECK_ERROR(
      CheckConsistency(TreeSize(70), tree.Root(69), TreeSize(kMaxSize), tree.Root(kMaxSize), proof),
      ErrorCode::kRejected, "does not lead to the older root");
  CHECK_ERROR(
      CheckConsistency(TreeSize(70), tree.Root(70), TreeSize(kMaxSize), tree.Root(129), proof),
      ErrorCode::kRejected, "does not lead to the newer root");
  CHECK_ERROR(CheckConsistency(TreeSize(70), tree.Root(70), TreeSize(70), tree.Root(71), {}),
              ErrorCode::kRejected, "same size, different roots");
  CHECK_ERROR(CheckConsistency(TreeSize(71), tree.Root(71), TreeSize(70), tree.Root(70), {}),
              ErrorCode::kRejected, "back to 70");
  CHECK_ERROR(CheckConsistency(TreeSize(0), tree.Root(0), TreeSize(0), tree.Root(0), {}),
              ErrorCode::kRejected, "from the empty tree");
}

BOOST_AUTO_TEST_CASE(nothing_is_fetched_from_an_empty_or_to_an_equal_tree) {
  REQUIRE_VALUE(const auto from_empty, ConsistencyNodes(TreeSize(0), TreeSize(9)));
  BOOST_CHECK(from_empty.nodes.empty());
  REQUIRE_VALUE(const auto equal, ConsistencyNodes(TreeSize(9), TreeSize(9)));
  BOOST_CHECK(equal.nodes.empty());
}

BOOST_AUTO_TEST_CASE(refuses_to_prove_what_is_not_there) {
  CHECK_ERROR(InclusionNodes(LeafIndex(9), TreeSize(9)), ErrorCode::kNotFound,
              "index 9 is not in a tree of size 9");
  CHECK_ERROR(InclusionNodes(LeafIndex(0), TreeSize(0)), ErrorCode::kNotFound, "size 0");
  CHECK_ERROR(ConsistencyNodes(TreeSize(10), TreeSize(9)), ErrorCode::kNotFound,
              "size 10 is beyond a tree of size 9");
}

// Where 64-bit arithmetic could overflow: the nodes with the path's own node cover the tree.
BOOST_AUTO_TEST_CASE(the_largest_trees_are_covered_exactly) {
  for (const uint64_t size :
       {~uint64_t{0}, ~uint64_t{0} - 1, (uint64_t{1} << 63) + 1, uint64_t{1} << 63}) {
    for (const uint64_t index : {uint64_t{0}, size / 2, size - 2, size - 1}) {
      REQUIRE_VALUE(const auto list, InclusionNodes(LeafIndex(index), TreeSize(size)));
      uint64_t covered = 1;
      for (const NodeId& id : list.nodes) covered += uint64_t{1} << id.level;
      BOOST_CHECK_EQUAL(covered, size);
      BOOST_CHECK_LE(list.nodes.size(), 127u);
    }
    REQUIRE_VALUE(const auto list, ConsistencyNodes(TreeSize(size - 1), TreeSize(size)));
    BOOST_CHECK_LE(list.nodes.size(), 64u);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
