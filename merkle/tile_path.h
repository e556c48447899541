// Paths of C2SP tlog-tiles v0.1.0: `tile/<L>/<N>[.p/<W>]`, `tile/entries/<N>[.p/<W>]`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"
#include "core/strong_u64.h"

namespace carnet::merkle {

inline constexpr uint64_t kTileWidth = 256;

struct TileId {
  std::optional<uint32_t> level;  // absent for an entry bundle; 0..63
  uint64_t index;
  uint32_t width;  // 1..256; 256 is a full tile

  friend bool operator==(const TileId&, const TileId&) = default;
};

std::string TilePath(const TileId& tile);
Result<TileId> ParseTilePath(std::string_view path);  // Errors: malformed

// Hashes in the tile (level, index) of a tree of this size: 0 (none) to 256.
uint32_t TileWidthAt(uint32_t level, uint64_t index, TreeSize size);

}  // namespace carnet::merkle
