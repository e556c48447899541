#include "merkle/tile_path.h"

#include "tests/support/test.h"

namespace carnet::merkle {
namespace {

struct Pair {
  TileId tile;
  std::string path;

  friend std::ostream& operator<<(std::ostream& out, const Pair& one) { return out << one.path; }
};

// The specification's examples (C2SP tlog-tiles) and its limits.
const Pair kPairs[] = {{{0, 1234067, 256}, "tile/0/x001/x234/067"},
                       {{0, 1234067, 8}, "tile/0/x001/x234/067.p/8"},
                       {{3, 0, 256}, "tile/3/000"},
                       {{0, 999, 256}, "tile/0/999"},
                       {{0, 1000, 256}, "tile/0/x001/000"},
                       {{0, 273, 112}, "tile/0/273.p/112"},
                       {{1, 1, 17}, "tile/1/001.p/17"},
                       {{2, 0, 1}, "tile/2/000.p/1"},
                       {{63, UINT64_MAX, 255}, "tile/63/x018/x446/x744/x073/x709/x551/615.p/255"},
                       {{std::nullopt, 5, 256}, "tile/entries/005"},
                       {{std::nullopt, 123456, 1}, "tile/entries/x123/456.p/1"}};

constexpr const char* kRefused[] = {
    "",
    "tile",
    "tile/",
    "tile/0",
    "tile/0/",
    "tile/0/0",
    "tile/0/00",
    "tile/0/0000",
    "tile/00/000",
    "tile/64/000",
    "tile/-1/000",
    "tile/+1/000",
    "tile/x/000",
    "tile/0/x000/001",
    "tile/0/x001",
    "tile/0/001/000",
    "tile/0/x001/x000",
    "tile/0/000/",
    "tile/0/000.p",
    "tile/0/000.p/",
    "tile/0/000.p/0",
    "tile/0/000.p/256",
    "tile/0/000.p/01",
    "tile/0/000.p/1/",
    "tile/0/000.p/1.p/1",
    "tile/0/x018/x446/x744/x073/x709/x551/616",
    "tile/entry/000",
    "tile/entries",
    "tile/8/0/000",
    "/tile/0/000",
    "tile/0/x00a/000",
    "tile/0/ 00",
    "tile/0/000 ",
    "Tile/0/000",
    "tile/0/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/x000/000"};

struct Width {
  uint32_t level;
  uint64_t index;
  uint64_t size;
  uint32_t width;
};

// 70,000 and 256 leaves are the specification's examples.
constexpr Width kWidths[] = {{0, 0, 0, 0},
                             {0, 0, 1, 1},
                             {0, 0, 255, 255},
                             {0, 0, 256, 256},
                             {0, 1, 256, 0},
                             {1, 0, 256, 1},
                             {1, 0, 255, 0},
                             {0, 272, 70'000, 256},
                             {0, 273, 70'000, 112},
                             {0, 274, 70'000, 0},
                             {1, 0, 70'000, 256},
                             {1, 1, 70'000, 17},
                             {1, 2, 70'000, 0},
                             {2, 0, 70'000, 1},
                             {3, 0, 70'000, 0},
                             {7, 0, UINT64_MAX, 255},
                             {8, 0, UINT64_MAX, 0},
                             {63, 0, UINT64_MAX, 0},
                             {0, UINT64_MAX, 5, 0},
                             {7, 1, UINT64_MAX, 0},
                             {0, UINT64_MAX / 256, UINT64_MAX, 255}};

BOOST_AUTO_TEST_SUITE(tile_path)

BOOST_DATA_TEST_CASE(writes_and_reads, boost::unit_test::data::make(kPairs), one) {
  BOOST_CHECK_EQUAL(TilePath(one.tile), one.path);
  REQUIRE_VALUE(const TileId tile, ParseTilePath(one.path));
  BOOST_CHECK(tile == one.tile);
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), path) {
  CHECK_ERROR(ParseTilePath(path), ErrorCode::kMalformed, "tile path");
}

BOOST_AUTO_TEST_CASE(widths_follow_the_specification) {
  for (const Width& one : kWidths) {
    BOOST_CHECK_MESSAGE(TileWidthAt(one.level, one.index, TreeSize(one.size)) == one.width,
                        "tile " << one.level << "/" << one.index << " of " << one.size);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
