#include "ledger/tile_rows.h"

#include <fmt/core.h>

#include "core/byte_reader.h"
#include "core/byte_writer.h"
#include "ledger/store.h"
#include "merkle/hasher.h"

namespace carnet::ledger {
namespace {

constexpr size_t kHash = NodeHash::kSize;
constexpr size_t kWidthBytes = 2;
constexpr size_t kRowsKept = 16;  // twice the levels: a path and the right edge

// Nodes below `height` in a row of this width.
size_t NodesBelow(uint32_t height, uint32_t width) {
  size_t nodes = 0;
  for (uint32_t h = 0; h < height; ++h) nodes += width >> h;
  return nodes;
}

// The width of a row. Errors: corruption.
Result<uint32_t> WidthOf(ByteSpan value) {
  ByteReader reader(value);
  const auto high = reader.U8();
  const auto low = reader.U8();
  if (!high || !low) return Corruption("too short");
  const uint32_t width = uint32_t{*high} << 8 | *low;
  if (width == 0 || width > kTileHashes)
    return Corruption(fmt::format("width {} is not in 1..256", width));
  if (reader.remaining() != NodesBelow(kTileHeight, width) * kHash)
    return Corruption("length does not match width " + std::to_string(width));
  return width;
}

NodeHash HashAt(ByteSpan nodes, size_t position) {
  return NodeHash(nodes.subspan(position * kHash).first<kHash>());
}

}  // namespace

NodePosition PositionOf(const merkle::NodeId& node) {
  const uint32_t height = node.level % kTileHeight;
  const uint32_t bits = kTileHeight - height;
  return {{node.level / kTileHeight, node.index >> bits},
          height,
          static_cast<uint32_t>(node.index & ((uint64_t{1} << bits) - 1))};
}

merkle::NodeId NodeAt(const NodePosition& position) {
  return {position.tile.level * kTileHeight + position.height,
          position.tile.index << (kTileHeight - position.height) | position.offset};
}

Result<Tile> Tile::Decode(ByteSpan value) {
  CARNET_TRY(const uint32_t width, WidthOf(value));
  Tile tile;
  ByteSpan rest = value.subspan(kWidthBytes);
  for (uint32_t height = 0; height < kTileHeight; ++height) {
    const size_t bytes = (width >> height) * kHash;
    tile.nodes_[height] = AsText(rest.first(bytes));
    rest = rest.subspan(bytes);
  }
  return tile;
}

std::string Tile::Encode() const {
  ByteWriter writer;
  writer.U16Be(static_cast<uint16_t>(width()));
  for (const std::string& nodes : nodes_) writer.Append(nodes);
  return writer.Take();
}

uint32_t Tile::width_at(uint32_t height) const {
  return static_cast<uint32_t>(nodes_[height].size() / kHash);
}

std::optional<NodeHash> Tile::Node(uint32_t height, uint32_t offset) const {
  if (offset >= width_at(height)) return std::nullopt;
  return HashAt(AsBytes(nodes_[height]), offset);
}

std::optional<NodePosition> Tile::FindBadNode(const TilePosition& position) const {
  for (uint32_t height = 1; height < kTileHeight; ++height)
    for (uint32_t offset = 0; offset < width_at(height); ++offset)
      if (merkle::HashChildren(*Node(height - 1, 2 * offset), *Node(height - 1, 2 * offset + 1)) !=
          *Node(height, offset))
        return NodePosition{position, height, offset};
  return std::nullopt;
}

void Tile::Append(uint32_t height, const NodeHash& hash) {
  CARNET_CHECK(width_at(height) < kTileHashes >> height);
  nodes_[height] += AsText(hash.span());
}

void Tile::CutTo(uint32_t new_width) {
  CARNET_CHECK(new_width <= width());
  for (uint32_t height = 0; height < kTileHeight; ++height)
    nodes_[height].resize((new_width >> height) * kHash);
}

Result<const std::string*> NodeReader::Row(const TilePosition& tile) {
  for (auto row = rows_.rbegin(); row != rows_.rend(); ++row)
    if (row->first == tile) return &row->second;
  const std::string key = TileKey(tile);
  CARNET_TRY(auto value, store_.Need(key));
  if (auto width = WidthOf(AsBytes(value)); !width) return store_.InRow(key, width.error());
  if (rows_.size() == kRowsKept) rows_.erase(rows_.begin());
  return &rows_.emplace_back(tile, std::move(value)).second;
}

Result<NodeHash> NodeReader::Node(const merkle::NodeId& node) {
  const NodePosition position = PositionOf(node);
  CARNET_TRY(const std::string* row, Row(position.tile));
  CARNET_TRY(const uint32_t width, WidthOf(AsBytes(*row)));
  if (position.offset >= width >> position.height)
    return store_.InRow(
        TileKey(position.tile),
        Corruption(fmt::format("has no node {}.{}", position.height, position.offset)));
  return HashAt(AsBytes(*row).subspan(kWidthBytes),
                NodesBelow(position.height, width) + position.offset);
}

Result<std::vector<NodeHash>> NodeReader::Nodes(std::span<const merkle::NodeId> nodes) {
  std::vector<NodeHash> hashes;
  hashes.reserve(nodes.size());
  for (const merkle::NodeId& node : nodes) {
    CARNET_TRY(const NodeHash hash, Node(node));
    hashes.push_back(hash);
  }
  return hashes;
}

std::vector<LastTile> LastTiles(TreeSize size) {
  std::vector<LastTile> tiles;
  uint64_t nodes = size.value();
  for (uint32_t level = 0; nodes != 0; ++level, nodes /= kTileHashes)
    tiles.push_back(
        {{level, (nodes - 1) / kTileHashes}, static_cast<uint32_t>((nodes - 1) % kTileHashes + 1)});
  return tiles;
}

Result<RightEdge> RightEdge::Load(const Store& store, TreeSize size) {
  return LoadRows(store, size, Wider::kIsDamage);
}

Result<RightEdge> RightEdge::LoadInside(const Store& store, TreeSize size) {
  return LoadRows(store, size, Wider::kIsCut);
}

Result<RightEdge> RightEdge::LoadRows(const Store& store, TreeSize size, Wider wider) {
  RightEdge edge;
  NodeReader reader(store);
  CARNET_TRY(auto hashes, reader.Nodes(merkle::RangeNodes(size)));
  CARNET_TRY(edge.range_, merkle::CompactRange::FromHashes(size, std::move(hashes)));
  for (const LastTile& last : LastTiles(size)) {
    const std::string key = TileKey(last.position);
    CARNET_TRY(const std::string value, store.Need(key));
    auto tile = Tile::Decode(AsBytes(value));
    if (!tile) return store.InRow(key, tile.error());
    if (wider == Wider::kIsCut && tile->width() > last.width) tile->CutTo(last.width);
    if (tile->width() != last.width)
      return store.InRow(key, Corruption("its width differs from the tree's"));
    edge.last_.emplace(last.position.level, Row{last.position.index, std::move(*tile), false});
  }
  return edge;
}

void RightEdge::Append(const LeafHash& leaf) {
  range_.Append(leaf, [this](const merkle::NodeId& node, const NodeHash& hash) {
    Place(PositionOf(node), hash);
  });
}

void RightEdge::Place(const NodePosition& position, const NodeHash& hash) {
  const auto found = last_.try_emplace(position.tile.level, Row{position.tile.index, {}, false});
  Row& row = found.first->second;
  if (row.index != position.tile.index) {
    if (row.changed)
      closed_.emplace_back(TilePosition{position.tile.level, row.index}, row.tile.Encode());
    row = Row{position.tile.index, {}, false};
  }
  row.tile.Append(position.height, hash);
  row.changed = true;
}

void RightEdge::PutRows(const RowSink& put) {
  PutClosedRows(put);
  for (auto& [level, row] : last_) {
    if (row.changed) put(TileKey({level, row.index}), row.tile.Encode());
    row.changed = false;
  }
}

void RightEdge::PutClosedRows(const RowSink& put) {
  for (auto& [position, value] : closed_) put(TileKey(position), std::move(value));
  closed_.clear();
}

}  // namespace carnet::ledger
