#include "ledger/fsck/tree.h"

#include <fmt/core.h>

#include <algorithm>

#include "ledger/store.h"
#include "ledger/tile_rows.h"

namespace carnet::ledger {
namespace {

using EntryVisitor = std::function<Result<>(LeafIndex index, const OpenedEntry& entry)>;

Result<std::optional<OpenedEntry>> ReadEntry(Inspection& inspection, LeafIndex index) {
  const std::string key = EntryKey(index);
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return std::optional<OpenedEntry>();
  inspection.Count(key);
  auto entry = OpenEntry(AsBytes(*value));
  if (!entry) {
    inspection.FindInRow(key, entry.error().message);
    return std::optional<OpenedEntry>();
  }
  return std::optional<OpenedEntry>(std::move(*entry));
}

// Absent where it is missing or damaged: CompareTile reports that.
Result<std::optional<Tile>> ReadTile(const Inspection& inspection, const TilePosition& position) {
  const auto value = inspection.store().Get(TileKey(position));
  if (!value && value.error().code != ErrorCode::kCorruption) return value.error();
  if (!value || !*value) return std::optional<Tile>();
  auto tile = Tile::Decode(AsBytes(**value));
  return tile ? std::optional<Tile>(std::move(*tile)) : std::optional<Tile>();
}

// Whether the row's hashes agree with the nodes above them; a last hash that has no node above it
// in the row, with the state.
bool AgreesWithItself(const Tile& tile, const TilePosition& position, const TreeState& stored) {
  if (tile.FindBadNode(position)) return false;
  const bool lone = tile.width() % 2 == 1;
  return !lone || (!stored.edge.empty() && *tile.Node(0, tile.width() - 1) == stored.edge.back());
}

Result<> CompareTile(Inspection& inspection, std::string_view key, std::string_view expected) {
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return Ok();
  inspection.Count(key);
  if (*value == expected) return Ok();
  const auto stored = Tile::Decode(AsBytes(*value));
  const auto derived = Tile::Decode(AsBytes(expected));
  CARNET_CHECK(derived.has_value());
  if (!stored) {
    inspection.FindInRow(key, stored.error().message);
    return Ok();
  }
  if (stored->width() != derived->width()) {
    inspection.FindInRow(key,
                         fmt::format("width is {}, not {}", stored->width(), derived->width()));
    return Ok();
  }
  for (uint32_t height = 0; height < kTileHeight; ++height)
    for (uint32_t offset = 0; offset < derived->width_at(height); ++offset)
      if (stored->Node(height, offset) != derived->Node(height, offset))
        inspection.FindInRow(key, height == 0 ? fmt::format("hash {} differs", offset)
                                              : fmt::format("node {}.{} differs", height, offset));
  return Ok();
}

class TreeCheck {
 public:
  TreeCheck(Inspection& inspection, const TreeState& stored, const EntryVisitor& visit)
      : inspection_(inspection), stored_(stored), visit_(visit) {}

  Result<DerivedTree> Run(const std::vector<TreeSize>& sizes) {
    DerivedTree derived{edge_.state(), {}};
    const auto note_root = [&] {
      if (std::find(sizes.begin(), sizes.end(), edge_.range().size()) != sizes.end())
        derived.roots.insert_or_assign(edge_.range().size(), edge_.range().Root());
    };
    note_root();
    for (uint64_t begin = 0; begin < stored_.size.value(); begin += kTileHashes) {
      CARNET_TRY(const auto leaves, LeavesOfTile(begin));
      for (const LeafHash& leaf : leaves) {
        edge_.Append(leaf);
        note_root();
      }
      CARNET_TRY_VOID(CompareRows(&RightEdge::PutClosedRows));
    }
    CARNET_TRY_VOID(CompareRows(&RightEdge::PutRows));
    derived.state = edge_.state();
    return derived;
  }

 private:
  Result<std::vector<LeafHash>> LeavesOfTile(uint64_t begin) {
    const uint64_t end = std::min(begin + kTileHashes, stored_.size.value());
    const TilePosition position{0, begin / kTileHashes};
    CARNET_TRY(const auto tile, ReadTile(inspection_, position));
    const bool is_sound =
        tile && tile->width() == end - begin && AgreesWithItself(*tile, position, stored_);
    std::vector<LeafHash> leaves;
    for (uint64_t i = begin; i < end; ++i) {
      const auto node = tile ? tile->Node(0, static_cast<uint32_t>(i - begin)) : std::nullopt;
      CARNET_TRY(const LeafHash leaf, LeafOf(LeafIndex(i), node, is_sound));
      leaves.push_back(leaf);
    }
    return leaves;
  }

  // The leaf hash to continue with: the entry's, unless the tile is the more credible.
  Result<LeafHash> LeafOf(LeafIndex index, const std::optional<NodeHash>& stored, bool is_sound) {
    CARNET_TRY(const auto entry, ReadEntry(inspection_, index));
    const bool differs = entry && is_sound && Retag<NodeHash>(entry->leaf) != *stored;
    if (differs) inspection_.FindInRow(EntryKey(index), "differs from its leaf hash");
    if (entry && !differs) {
      CARNET_TRY_VOID(visit_(index, *entry));
      return entry->leaf;
    }
    inspection_.MarkDamaged(index);
    if (stored) return Retag<LeafHash>(*stored);
    return LeafHash(std::array<uint8_t, LeafHash::kSize>{});
  }

  Result<> CompareRows(void (RightEdge::*put_rows)(const RowSink&)) {
    std::optional<Error> failed;
    (edge_.*put_rows)([&](std::string_view key, std::string_view value) {
      if (failed) return;
      if (auto compared = CompareTile(inspection_, key, value); !compared)
        failed = compared.error();
    });
    if (failed) return *failed;
    return Ok();
  }

  Inspection& inspection_;
  const TreeState& stored_;
  const EntryVisitor& visit_;
  RightEdge edge_;
};

}  // namespace

Result<DerivedTree> CheckTree(Inspection& inspection, const TreeState& stored,
                              const std::vector<TreeSize>& sizes, const EntryVisitor& visit) {
  return TreeCheck(inspection, stored, visit).Run(sizes);
}

}  // namespace carnet::ledger
