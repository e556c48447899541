// What tlog-tiles clients read: hash tiles and entry bundles. Paths are merkle/tile_path.h's.
#include <fmt/core.h>

#include <algorithm>

#include "core/byte_writer.h"
#include "ledger/keyspace.h"
#include "ledger/reader.h"
#include "ledger/reader_state.h"

namespace carnet::ledger {
namespace {

// Hashes that the tile has in a tree of this size; 0 where there is no such tile.
uint32_t WidthIn(TreeSize size, uint32_t level, uint64_t index) {
  // Compared before it is multiplied: a client may ask for any level.
  const uint64_t hashes = level < 64 / kTileHeight ? size.value() >> (level * kTileHeight) : 0;
  const uint64_t begin = index > UINT64_MAX / kTileHashes ? UINT64_MAX : index * kTileHashes;
  return begin >= hashes ? 0
                         : static_cast<uint32_t>(std::min<uint64_t>(hashes - begin, kTileHashes));
}

Result<> CheckWidth(const Store& store, TreeSize size, uint32_t level, uint64_t index,
                    uint32_t width) {
  const uint32_t there = WidthIn(size, level, index);
  if (width >= 1 && width <= there) return Ok();
  return NotFound(fmt::format("{}: no {} hashes in tile {}/{}: a tree of size {} has {}",
                              store.folder(), width, level, index, size.value(), there));
}

}  // namespace

Result<std::string> Reader::Tile(uint32_t level, uint64_t index, uint32_t width) const {
  CARNET_TRY_VOID(CheckWidth(state_->store, size(), level, index, width));
  const TilePosition position{level, index};
  const std::string key = TileKey(position);
  CARNET_TRY(const std::string row, state_->store.Need(key));
  auto tile = ledger::Tile::Decode(AsBytes(row));
  if (!tile) return state_->store.InRow(key, tile.error());
  if (tile->width() < width) return state_->store.InRow(key, Corruption("is too narrow"));
  if (tile->FindBadNode(position))
    return state_->store.InRow(key, Corruption("its nodes differ from its hashes"));
  // All nodes of the row agree with each other, and a proof from its first leaf uses the topmost of
  // them: with the proof good, all are those of the checkpoint's tree.
  const LeafIndex first(index * kTileHashes << (level * kTileHeight));
  CARNET_TRY_VOID(Inclusion(first, size()));
  std::string hashes;
  for (uint32_t i = 0; i < width; ++i) hashes += AsText(tile->Node(0, i)->span());
  return hashes;
}

Result<std::string> Reader::EntryBundle(uint64_t index, uint32_t width) const {
  CARNET_TRY_VOID(CheckWidth(state_->store, size(), 0, index, width));
  ByteWriter bundle;
  for (uint32_t i = 0; i < width; ++i) {
    CARNET_TRY(const OpenedEntry entry, state_->Entry(LeafIndex(index * kTileHashes + i)));
    bundle.U16Be(static_cast<uint16_t>(entry.body.size())).Append(entry.body);
  }
  return bundle.Take();
}

}  // namespace carnet::ledger
