#include "merkle/tile_path.h"

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "core/decimal.h"

namespace carnet::merkle {
namespace {

constexpr std::string_view kRoot = "tile/";
constexpr std::string_view kEntries = "entries";
constexpr std::string_view kPartial = ".p/";
constexpr uint32_t kMaxLevel = 63;
constexpr size_t kMaxPathBytes = 64;  // the longest one, level 63 and all digits, has 47

// 1234067 is x001/x234/067.
std::string IndexPath(uint64_t index) {
  std::string digits = std::to_string(index);
  digits.insert(0, (3 - digits.size() % 3) % 3, '0');
  std::string path;
  for (size_t at = 0; at < digits.size(); at += 3) {
    const bool last = at + 3 == digits.size();
    path.append(last ? "" : "x").append(digits, at, 3).append(last ? "" : "/");
  }
  return path;
}

// Reads more spellings than IndexPath writes; the caller compares.
std::optional<uint64_t> ParseIndexPath(std::string_view path) {
  std::string digits;
  for (char c : path) {
    if (c != 'x' && c != '/') digits.push_back(c);
  }
  const size_t leading = digits.find_first_not_of('0');
  return ParseDecimalU64(leading == std::string::npos ? "0" : digits.substr(leading));
}

std::optional<TileId> ParseLoosely(std::string_view path) {
  if (path.size() > kMaxPathBytes || !path.starts_with(kRoot)) return std::nullopt;
  path.remove_prefix(kRoot.size());
  const size_t slash = path.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  TileId tile{std::nullopt, 0, kTileWidth};
  if (path.substr(0, slash) != kEntries) {
    const auto level = ParseDecimalU64(path.substr(0, slash));
    if (!level || *level > kMaxLevel) return std::nullopt;
    tile.level = static_cast<uint32_t>(*level);
  }
  path.remove_prefix(slash + 1);
  if (const size_t partial = path.find(kPartial); partial != std::string_view::npos) {
    const auto width = ParseDecimalU64(path.substr(partial + kPartial.size()));
    if (!width || *width == 0 || *width >= kTileWidth) return std::nullopt;
    tile.width = static_cast<uint32_t>(*width);
    path = path.substr(0, partial);
  }
  const auto index = ParseIndexPath(path);
  if (!index) return std::nullopt;
  tile.index = *index;
  return tile;
}

}  // namespace

std::string TilePath(const TileId& tile) {
  CARNET_CHECK(tile.level.value_or(0) <= kMaxLevel && tile.width >= 1 && tile.width <= kTileWidth);
  std::string path(kRoot);
  path += tile.level ? std::to_string(*tile.level) : std::string(kEntries);
  path += "/" + IndexPath(tile.index);
  if (tile.width < kTileWidth) path.append(kPartial).append(std::to_string(tile.width));
  return path;
}

Result<TileId> ParseTilePath(std::string_view path) {
  const auto tile = ParseLoosely(path);
  if (!tile || TilePath(*tile) != path) {
    return Malformed("tile path: must be tile/<L>/<N>[.p/<W>] or tile/entries/<N>[.p/<W>]");
  }
  return *tile;
}

uint32_t TileWidthAt(uint32_t level, uint64_t index, TreeSize size) {
  const uint64_t hashes = level < 8 ? size.value() >> (8 * level) : 0;
  if (index > hashes / kTileWidth) return 0;
  return static_cast<uint32_t>(std::min(kTileWidth, hashes - index * kTileWidth));
}

}  // namespace carnet::merkle
