// Tessera's tiles, derived again from the entries for every size.
#include "tests/merkle/tiled_log.h"

#include "core/byte_writer.h"
#include "merkle/compact_range.h"
#include "merkle/hasher.h"
#include "merkle/tile_path.h"

namespace carnet::merkle {
namespace {

BOOST_AUTO_TEST_SUITE(tiled_log, *boost::unit_test::precondition(carnet::test::HasVectors("tlog")))

BOOST_AUTO_TEST_CASE(tiles_of_all_fifteen_sizes_come_out_again) {
  ByteWriter hashes, bundle;
  CompactRange range;
  for (const std::string_view entry : test::kLogEntries) {
    range.Append(HashLeaf(AsBytes(entry)), [&](const NodeId& id, const NodeHash& hash) {
      if (id.level == 0) hashes.Append(hash.span());
    });
    bundle.U16Be(static_cast<uint16_t>(entry.size())).Append(entry);
    const uint32_t width = TileWidthAt(0, 0, range.size());
    BOOST_CHECK(test::VectorFile("log/" + TilePath({0, 0, width})) == hashes.text());
    BOOST_CHECK(test::VectorFile("log/" + TilePath({std::nullopt, 0, width})) == bundle.text());
  }
  BOOST_CHECK_EQUAL(range.size().value(), test::kLogSize);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::merkle
