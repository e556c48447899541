// A tile has one path.
#include <cstddef>
#include <cstdint>

#include "core/bytes.h"
#include "core/check.h"
#include "merkle/tile_path.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view path = carnet::AsText({data, size});
  const auto tile = carnet::merkle::ParseTilePath(path);
  if (!tile) return 0;
  CARNET_CHECK(carnet::merkle::TilePath(*tile) == path);
  CARNET_CHECK(tile->width >= 1 && tile->width <= carnet::merkle::kTileWidth);
  return 0;
}
