#include "ledger/fsck/tree.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>
#include <future>
#include <memory>

#include "ledger/store.h"
#include "ledger/tile_rows.h"

namespace carnet::ledger {
namespace {

constexpr uint64_t kPartTiles = 16;  // what one thread checks at once

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

// At the end of the tree a row is what was derived; inside it may go on.
enum class RowEnd { kOfTree, kOfRange };

Result<> CompareTile(Inspection& inspection, std::string_view key, std::string_view expected,
                     RowEnd end) {
  CARNET_TRY(const auto value, inspection.Row(key));
  if (!value) return Ok();
  inspection.Count(key);
  if (*value == expected) return Ok();
  auto stored = Tile::Decode(AsBytes(*value));
  const auto derived = Tile::Decode(AsBytes(expected));
  CARNET_CHECK(derived.has_value());
  if (!stored) {
    inspection.FindInRow(key, stored.error().message);
    return Ok();
  }
  if (end == RowEnd::kOfRange && stored->width() > derived->width())
    stored->CutTo(derived->width());
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

// The entries of some neighbouring tiles: leaf hashes, and what was found below them.
class PartCheck {
 public:
  PartCheck(const Store& store, const TreeState& stored, const EntryVisitor& visit)
      : inspection_(store), stored_(stored), visit_(visit) {}

  Result<> Run(uint64_t from, uint64_t to) {
    for (uint64_t begin = from; begin < to; begin += kTileHashes)
      CARNET_TRY_VOID(ReadTileLeaves(begin, std::min(begin + kTileHashes, to)));
    return Ok();
  }
  const Inspection& inspection() const { return inspection_; }
  const std::vector<LeafHash>& leaves() const { return leaves_; }

 private:
  Result<> ReadTileLeaves(uint64_t begin, uint64_t end) {
    const TilePosition position{0, begin / kTileHashes};
    CARNET_TRY(const auto tile, ReadTile(inspection_, position));
    const uint64_t in_tree = std::min(begin + kTileHashes, stored_.size.value()) - begin;
    const bool is_sound =
        tile && tile->width() == in_tree && AgreesWithItself(*tile, position, stored_);
    for (uint64_t i = begin; i < end; ++i) {
      const auto node = tile ? tile->Node(0, static_cast<uint32_t>(i - begin)) : std::nullopt;
      CARNET_TRY(const LeafHash leaf, LeafOf(LeafIndex(i), node, is_sound));
      leaves_.push_back(leaf);
    }
    return Ok();
  }

  // The leaf hash to continue with: the entry's, unless the tile is the more credible.
  Result<LeafHash> LeafOf(LeafIndex index, const std::optional<NodeHash>& stored, bool is_sound) {
    CARNET_TRY(const auto entry, ReadEntry(inspection_, index));
    const bool differs = entry && is_sound && Retag<NodeHash>(entry->leaf) != *stored;
    if (differs) inspection_.FindInRow(EntryKey(index), "differs from its leaf hash");
    if (entry && !differs) {
      CARNET_TRY_VOID(visit_(inspection_, index, *entry));
      return entry->leaf;
    }
    inspection_.MarkDamaged(index);
    if (stored) return Retag<LeafHash>(*stored);
    return LeafHash(std::array<uint8_t, LeafHash::kSize>{});
  }

  Inspection inspection_;
  const TreeState& stored_;
  const EntryVisitor& visit_;
  std::vector<LeafHash> leaves_;
};

class TreeCheck {
 public:
  TreeCheck(Inspection& inspection, const TreeState& stored, const std::vector<TreeSize>& sizes,
            const EntryVisitor& visit)
      : inspection_(inspection), stored_(stored), sizes_(sizes), visit_(visit) {}

  Result<DerivedTree> Run(const TreeRange& range, const FsckProgress& progress) {
    CARNET_TRY(edge_, RightEdge::LoadInside(inspection_.store(), TreeSize(range.from)));
    NoteRoot();
    std::deque<std::future<Checked>> at_work;
    uint64_t next = range.from;
    while (next < range.to || !at_work.empty()) {
      while (next < range.to && at_work.size() < size_t{2} * range.threads) {
        const uint64_t end = std::min(next + kPartTiles * kTileHashes, range.to);
        at_work.push_back(Begin(next, end, range.threads));
        next = end;
      }
      CARNET_TRY(const auto part, at_work.front().get());
      at_work.pop_front();
      CARNET_TRY_VOID(Take(*part));
      if (progress) progress(edge_.range().size().value() - range.from, range.to - range.from);
    }
    const bool whole = range.to == stored_.size.value();
    CARNET_TRY_VOID(CompareRows(&RightEdge::PutRows, whole ? RowEnd::kOfTree : RowEnd::kOfRange));
    return DerivedTree{edge_.state(), std::move(roots_)};
  }

 private:
  using Checked = Result<std::unique_ptr<PartCheck>>;

  // One part after the other where there is one thread.
  std::future<Checked> Begin(uint64_t from, uint64_t to, unsigned threads) const {
    return std::async(
        threads > 1 ? std::launch::async : std::launch::deferred, [this, from, to]() -> Checked {
          auto part = std::make_unique<PartCheck>(inspection_.store(), stored_, visit_);
          CARNET_TRY_VOID(part->Run(from, to));
          return part;
        });
  }

  Result<> Take(const PartCheck& part) {
    inspection_.Merge(part.inspection());
    for (const LeafHash& leaf : part.leaves()) {
      edge_.Append(leaf);
      NoteRoot();
    }
    return CompareRows(&RightEdge::PutClosedRows, RowEnd::kOfTree);
  }

  void NoteRoot() {
    const TreeSize size = edge_.range().size();
    if (std::find(sizes_.begin(), sizes_.end(), size) != sizes_.end())
      roots_.insert_or_assign(size, edge_.range().Root());
  }

  Result<> CompareRows(void (RightEdge::*put_rows)(const RowSink&), RowEnd end) {
    std::optional<Error> failed;
    (edge_.*put_rows)([&](std::string_view key, std::string_view value) {
      if (failed) return;
      if (auto compared = CompareTile(inspection_, key, value, end); !compared)
        failed = compared.error();
    });
    if (failed) return *failed;
    return Ok();
  }

  Inspection& inspection_;
  const TreeState& stored_;
  const std::vector<TreeSize>& sizes_;
  const EntryVisitor& visit_;
  RightEdge edge_;
  std::map<TreeSize, RootHash> roots_;
};

}  // namespace

Result<DerivedTree> CheckTree(Inspection& inspection, const TreeState& stored,
                              const std::vector<TreeSize>& sizes, const TreeRange& range,
                              const EntryVisitor& visit, const FsckProgress& progress) {
  return TreeCheck(inspection, stored, sizes, visit).Run(range, progress);
}

}  // namespace carnet::ledger
