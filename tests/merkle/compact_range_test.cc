#include "merkle/compact_range.h"

#include <map>

#include "core/hex.h"
#include "crypto/random.h"
#include "merkle/hasher.h"
#include "tests/support/reference_tree.h"
#include "tests/support/test.h"

namespace carnet::merkle {
namespace {

using test::ReferenceTree;

// The eight leaves of RFC 6962's reference tree, and its hashes as transparency-dev/merkle
// publishes them (testonly/constants.go).
constexpr const char* kEntries[] = {"",
                                    "00",
                                    "10",
                                    "2021",
                                    "3031",
                                    "40414243",
                                    "5051525354555657",
                                    "606162636465666768696a6b6c6d6e6f"};

struct PublishedNode {
  NodeId id;
  const char* hash;
};

constexpr PublishedNode kNodes[] = {
    {{0, 0}, "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"},
    {{0, 1}, "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7"},
    {{0, 2}, "0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7"},
    {{0, 3}, "07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7"},
    {{0, 4}, "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b"},
    {{0, 5}, "4271a26be0d8a84f0bd54c8c302e7cb3a3b5d1fa6780a40bcce2873477dab658"},
    {{0, 6}, "b08693ec2e721597130641e8211e7eedccb4c26413963eee6c1e2ed16ffb1a5f"},
    {{0, 7}, "46f6ffadd3d06a09ff3c5860d2755c8b9819db7df44251788c7d8e3180de8eb1"},
    {{1, 0}, "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"},
    {{1, 1}, "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e"},
    {{1, 2}, "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a"},
    {{1, 3}, "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0"},
    {{2, 0}, "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7"},
    {{2, 1}, "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4"},
    {{3, 0}, "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"},
};

constexpr const char* kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
};

std::vector<std::string> RandomEntries(size_t count) {
  std::vector<std::string> entries(count);
  for (std::string& entry : entries) {
    uint8_t length = 0;
    crypto::FillRandom({&length, 1});
    Bytes bytes(length);
    crypto::FillRandom(bytes);
    entry = AsText(bytes);
  }
  return entries;
}

// The node's hash by the recursion.
NodeHash Expected(const ReferenceTree& tree, const NodeId& id) {
  return tree.Subtree(id.index << id.level, (id.index + 1) << id.level);
}

BOOST_AUTO_TEST_SUITE(compact_range)

BOOST_AUTO_TEST_CASE(gives_the_published_nodes_and_roots) {
  std::map<NodeId, std::string> nodes;
  CompactRange range;
  BOOST_CHECK_EQUAL(HexEncode(range.Root().span()), kRoots[0]);
  for (size_t i = 0; i < std::size(kEntries); ++i) {
    range.Append(HashLeaf(HexDecode(kEntries[i]).value()),
                 [&](const NodeId& id, const NodeHash& hash) {
                   BOOST_CHECK(nodes.emplace(id, HexEncode(hash.span())).second);
                 });
    BOOST_CHECK_EQUAL(range.size().value(), i + 1);
    BOOST_CHECK_EQUAL(HexEncode(range.Root().span()), kRoots[i + 1]);
  }
  BOOST_CHECK_EQUAL(nodes.size(), std::size(kNodes));
  for (const PublishedNode& node : kNodes) BOOST_CHECK_EQUAL(nodes.at(node.id), node.hash);
}

BOOST_AUTO_TEST_CASE(agrees_with_the_recursion_on_random_entries) {
  const ReferenceTree tree(RandomEntries(700));
  CompactRange range;
  size_t completed = 0;
  for (uint64_t i = 0; i < tree.size(); ++i) {
    range.Append(tree.Leaf(i), [&](const NodeId& id, const NodeHash& hash) {
      BOOST_REQUIRE(hash == Expected(tree, id));
      BOOST_REQUIRE((id.index + 1) << id.level == i + 1);  // only now complete
      ++completed;
    });
    BOOST_REQUIRE(range.Root() == tree.Root(i + 1));
  }
  // All complete subtrees of 700 leaves: the sum of 700 >> level.
  BOOST_CHECK_EQUAL(completed, 1394u);
}

BOOST_AUTO_TEST_CASE(goes_on_from_stored_nodes) {
  const ReferenceTree tree(RandomEntries(300));
  for (uint64_t size = 0; size < tree.size(); size += 7) {
    std::vector<NodeHash> hashes;
    for (const NodeId& id : RangeNodes(TreeSize(size))) hashes.push_back(Expected(tree, id));
    REQUIRE_VALUE(CompactRange range, CompactRange::FromHashes(TreeSize(size), hashes));
    BOOST_CHECK(range.Root() == tree.Root(size));
    for (uint64_t i = size; i < tree.size(); ++i) range.Append(tree.Leaf(i));
    BOOST_CHECK(range.Root() == tree.Root(tree.size()));
  }
}

BOOST_AUTO_TEST_CASE(range_nodes_cover_the_tree_from_left_to_right) {
  for (const uint64_t size : {uint64_t{0}, uint64_t{1}, uint64_t{6}, uint64_t{0xffff'fffe},
                              uint64_t{1} << 63, ~uint64_t{0}}) {
    uint64_t covered = 0;
    for (const NodeId& id : RangeNodes(TreeSize(size))) {
      BOOST_CHECK_EQUAL(id.index << id.level, covered);
      covered += uint64_t{1} << id.level;
    }
    BOOST_CHECK_EQUAL(covered, size);
  }
}

BOOST_AUTO_TEST_CASE(refuses_another_number_of_hashes) {
  const NodeHash hash = ReferenceTree({"a"}).Subtree(0, 1);
  CHECK_ERROR(CompactRange::FromHashes(TreeSize(6), {hash}), ErrorCode::kMalformed,
              "2 complete subtrees, not 1");
  CHECK_ERROR(CompactRange::FromHashes(TreeSize(0), {hash}), ErrorCode::kMalformed,
              "0 complete subtrees, not 1");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
