#include "ledger/tile_rows.h"

#include <map>

#include "ledger/store.h"
#include "merkle/hasher.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

using Rows = std::map<std::string, std::string>;

RowSink Into(Rows& rows) {
  return [&rows](std::string_view key, std::string_view value) {
    rows.insert_or_assign(std::string(key), std::string(value));
  };
}

// The rows of a tree of `size` leaves, put in batches of `batch`.
Rows RowsOf(const ReferenceTree& tree, uint64_t size, uint64_t batch) {
  Rows rows;
  RightEdge edge;
  for (uint64_t i = 0; i < size; ++i) {
    edge.Append(tree.Leaf(i));
    if ((i + 1) % batch == 0) edge.PutRows(Into(rows));
  }
  edge.PutRows(Into(rows));
  BOOST_CHECK(edge.state().root == tree.Root(size));
  return rows;
}

uint64_t WidthOf(const ReferenceTree& tree, uint32_t level) { return tree.size() >> (8 * level); }

// Every node that the row of (level, index) must have, by the recursion of RFC 6962.
void CheckRow(const Rows& rows, const ReferenceTree& tree, const TilePosition& position) {
  const auto row = rows.find(TileKey(position));
  BOOST_REQUIRE_MESSAGE(row != rows.end(), DescribeRow(TileKey(position)));
  REQUIRE_VALUE(const Tile tile, Tile::Decode(AsBytes(row->second)));
  const uint64_t width =
      std::min<uint64_t>(256, WidthOf(tree, position.level) - 256 * position.index);
  BOOST_REQUIRE_EQUAL(tile.width(), width);
  for (uint32_t height = 0; height < kTileHeight; ++height) {
    BOOST_REQUIRE_EQUAL(tile.width_at(height), width >> height);
    for (uint32_t offset = 0; offset < width >> height; ++offset) {
      const merkle::NodeId node = NodeAt({position, height, offset});
      BOOST_REQUIRE(*tile.Node(height, offset) ==
                    tree.Subtree(node.index << node.level, (node.index + 1) << node.level));
    }
  }
}

ReferenceTree TreeOf(uint64_t size) {
  std::vector<std::string> entries;
  for (uint64_t i = 0; i < size; ++i) entries.push_back("entry " + std::to_string(i));
  return ReferenceTree(std::move(entries));
}

struct SizeCase {
  uint64_t size;
  uint64_t batch;
};

std::ostream& operator<<(std::ostream& out, const SizeCase& value) {
  return out << value.size << " in batches of " << value.batch;
}

const SizeCase kSizes[] = {{1, 1},       {2, 1},        {3, 2},       {255, 1},    {256, 1},
                           {257, 1},     {511, 100},    {512, 256},   {513, 1000}, {1000, 7},
                           {65535, 999}, {65536, 4096}, {65537, 1000}};

}  // namespace

BOOST_AUTO_TEST_SUITE(tile_rows)

BOOST_AUTO_TEST_CASE(a_node_lies_in_one_row_only) {
  const NodePosition leaf = PositionOf({0, 257});
  BOOST_CHECK(leaf.tile == (TilePosition{0, 1}));
  BOOST_CHECK_EQUAL(leaf.height, 0u);
  BOOST_CHECK_EQUAL(leaf.offset, 1u);
  const NodePosition inner = PositionOf({7, 5});
  BOOST_CHECK(inner.tile == (TilePosition{0, 2}));
  BOOST_CHECK_EQUAL(inner.height, 7u);
  BOOST_CHECK_EQUAL(inner.offset, 1u);
  const NodePosition root = PositionOf({8, 256});
  BOOST_CHECK(root.tile == (TilePosition{1, 1}));
  BOOST_CHECK_EQUAL(root.height, 0u);
  for (uint32_t level = 0; level < 20; ++level)
    for (uint64_t index = 0; index < 600; index += 7)
      BOOST_CHECK(NodeAt(PositionOf({level, index})) == (merkle::NodeId{level, index}));
}

BOOST_DATA_TEST_CASE(rows_hold_the_nodes_of_the_reference_tree, kSizes, size_case) {
  const ReferenceTree tree = TreeOf(size_case.size);
  const Rows rows = RowsOf(tree, size_case.size, size_case.batch);
  size_t expected_rows = 0;
  for (uint32_t level = 0; WidthOf(tree, level) > 0; ++level) {
    const uint64_t tiles = (WidthOf(tree, level) + 255) / 256;
    expected_rows += tiles;
    // All rows of small trees; of large ones, the first and the last three of each level.
    for (uint64_t index = 0; index < tiles; ++index)
      if (tiles < 8 || index == 0 || index + 3 >= tiles) CheckRow(rows, tree, {level, index});
  }
  BOOST_CHECK_EQUAL(rows.size(), expected_rows);
  BOOST_CHECK_EQUAL(LastTiles(TreeSize(size_case.size)).size(), size_case.size < 256     ? 1u
                                                                : size_case.size < 65536 ? 2u
                                                                                         : 3u);
}

BOOST_AUTO_TEST_CASE(full_row_has_510_nodes) {
  const ReferenceTree tree = TreeOf(256);
  const Rows rows = RowsOf(tree, 256, 256);
  BOOST_CHECK_EQUAL(rows.at(TileKey({0, 0})).size(), 2 + 510 * 32);
}

BOOST_AUTO_TEST_CASE(decoding_takes_no_other_length) {
  const ReferenceTree tree = TreeOf(5);
  const std::string row = RowsOf(tree, 5, 5).at(TileKey({0, 0}));
  REQUIRE_VALUE(const Tile tile, Tile::Decode(AsBytes(row)));
  BOOST_CHECK_EQUAL(tile.Encode(), row);
  CHECK_ERROR(Tile::Decode(AsBytes(row + "x")), ErrorCode::kCorruption, "length does not match");
  CHECK_ERROR(Tile::Decode(AsBytes(row.substr(1))), ErrorCode::kCorruption, "width");
  CHECK_ERROR(Tile::Decode(AsBytes("")), ErrorCode::kCorruption, "too short");
  CHECK_ERROR(Tile::Decode(AsBytes(std::string(2, '\0'))), ErrorCode::kCorruption,
              "width 0 is not in 1..256");
  std::string too_wide(2 + 32 * 511, '\1');
  CHECK_ERROR(Tile::Decode(AsBytes(too_wide)), ErrorCode::kCorruption, "width 257");
}

BOOST_AUTO_TEST_CASE(finds_every_node_that_is_not_the_hash_of_its_children) {
  const ReferenceTree tree = TreeOf(7);
  const std::string row = RowsOf(tree, 7, 7).at(TileKey({0, 0}));
  // Hash 6 has no node above it in the row; every other byte is covered.
  const size_t lone = 2 + 6 * 32;
  for (size_t at = 2; at < row.size(); ++at) {
    std::string flipped = row;
    flipped[at] = static_cast<char>(flipped[at] ^ 1);
    REQUIRE_VALUE(const Tile tile, Tile::Decode(AsBytes(flipped)));
    BOOST_CHECK_EQUAL(tile.FindBadNode({0, 0}).has_value(), at < lone || at >= lone + 32);
  }
}

BOOST_AUTO_TEST_CASE(edge_is_loaded_as_it_was_left) {
  const ScratchFolder folder;
  REQUIRE_VALUE(const auto store, Store::Open(folder / ".", Store::Mode::kCreate, nullptr));
  const ReferenceTree tree = TreeOf(600);
  RightEdge edge;
  for (uint64_t i = 0; i < 600; ++i) {
    edge.Append(tree.Leaf(i));
    if (i % 37 != 0 && i != 255 && i != 256 && i != 511) continue;
    RowBatch batch;
    edge.PutRows(
        [&](std::string row, std::string value) { batch.Put(std::move(row), std::move(value)); });
    BOOST_REQUIRE(store->Commit(std::move(batch)).has_value());
    REQUIRE_VALUE(auto loaded, RightEdge::Load(*store, TreeSize(i + 1)));
    BOOST_CHECK(loaded.state() == edge.state());
    BOOST_CHECK(loaded.state().root == tree.Root(i + 1));
    edge = std::move(loaded);
  }
  CHECK_ERROR(RightEdge::Load(*store, TreeSize(60)), ErrorCode::kCorruption, "width differs");
  CHECK_ERROR(RightEdge::Load(*store, TreeSize(6000)), ErrorCode::kCorruption,
              "tile 1/0: has no node");
}

BOOST_AUTO_TEST_SUITE_END()
