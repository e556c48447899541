// Tile rows: the nodes of the tree as they are stored, eight of its levels per row.
//
//   height 7            o           o        the root of a full tile is height 0 of the tile above
//   …                  …
//   height 1       o       o
//   height 0     o   o   o   o   …           `width` hashes: what tlog-tiles serves
//
// The row also keeps the complete nodes above its hashes (floor(width / 2^height) at each height,
// 510 nodes in a full tile), so that a proof takes a few rows and no hashing. The last row
// of each level is rewritten as it grows; full rows never change.
// Persistent: u16be width, then the nodes by height and offset.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"
#include "ledger/keyspace.h"
#include "merkle/compact_range.h"
#include "merkle/node_id.h"

namespace carnet::ledger {

class Store;

inline constexpr uint32_t kTileHeight = 8;
inline constexpr uint32_t kTileHashes = 256;

struct NodePosition {
  TilePosition tile;
  uint32_t height;  // inside the tile, < 8
  uint32_t offset;  // among the nodes of that height, < 256 >> height
};

NodePosition PositionOf(const merkle::NodeId& node);
merkle::NodeId NodeAt(const NodePosition& position);

// One row.
class Tile {
 public:
  Tile() = default;
  // Errors: corruption (length does not match the width).
  static Result<Tile> Decode(ByteSpan value);
  std::string Encode() const;

  uint32_t width() const { return width_at(0); }
  uint32_t width_at(uint32_t height) const;
  // Absent when the node is not complete in this row.
  std::optional<NodeHash> Node(uint32_t height, uint32_t offset) const;
  // The first node that is not the hash of its two children in this row, which is at `position`.
  std::optional<NodePosition> FindBadNode(const TilePosition& position) const;
  // Requires that nodes of one height come in order.
  void Append(uint32_t height, const NodeHash& hash);
  // The row as it was at this width, at most its own.
  void CutTo(uint32_t width);

 private:
  std::array<std::string, kTileHeight> nodes_;  // bytes, as they are stored
};

// Reads nodes; keeps the rows that it has read, so that one proof reads each row once. For one
// call or one thread. The store must outlive it.
class NodeReader {
 public:
  explicit NodeReader(const Store& store) : store_(store) {}

  // Errors: corruption (row or node missing), io.
  Result<NodeHash> Node(const merkle::NodeId& node);
  Result<std::vector<NodeHash>> Nodes(std::span<const merkle::NodeId> nodes);

 private:
  Result<const std::string*> Row(const TilePosition& tile);

  const Store& store_;
  std::vector<std::pair<TilePosition, std::string>> rows_;  // few: searched one by one
};

struct LastTile {
  TilePosition position;
  uint32_t width;
};

// The last row of every level of a tree of this size, lowest level first.
std::vector<LastTile> LastTiles(TreeSize size);

// The growing side of the tree: its compact range and the last row of every level.
class RightEdge {
 public:
  RightEdge() = default;  // of the empty tree
  // From stored rows: of a tree of this size; or of the first so many entries of a larger one.
  // Errors: corruption, io.
  static Result<RightEdge> Load(const Store& store, TreeSize size);
  static Result<RightEdge> LoadInside(const Store& store, TreeSize size);

  void Append(const LeafHash& leaf);
  // Puts every row that has changed since the last call; or, of those, only the ones that are full
  // and have a neighbour on their right.
  void PutRows(const RowSink& put);
  void PutClosedRows(const RowSink& put);

  const merkle::CompactRange& range() const { return range_; }
  TreeState state() const { return {range_.size(), range_.Root(), range_.hashes()}; }

 private:
  struct Row {
    uint64_t index;
    Tile tile;
    bool changed;
  };
  enum class Wider { kIsDamage, kIsCut };
  static Result<RightEdge> LoadRows(const Store& store, TreeSize size, Wider wider);
  void Place(const NodePosition& position, const NodeHash& hash);

  merkle::CompactRange range_;
  std::map<uint32_t, Row> last_;                              // by tile level
  std::vector<std::pair<TilePosition, std::string>> closed_;  // not yet put
};

}  // namespace carnet::ledger
