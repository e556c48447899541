// Tiles and entry bundles as tlog-tiles clients get them, against the recursion of RFC 6962; and
// readers that follow a log as it grows.
#include <filesystem>

#include "core/byte_writer.h"
#include "ledger/keyspace.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

struct TilesWorld : LedgerWorld {
  std::vector<std::string> leaves;

  void Grow(int entries) {
    const auto ledger = Open();
    std::vector<Submission> batch;
    for (int i = 0; i < entries; ++i) {
      batch.push_back(lab.Submit(lab.Device()));
      leaves.push_back(ExpectedLeaf(batch.back()));
    }
    BOOST_REQUIRE(ledger->Append(batch).has_value());
  }
  std::unique_ptr<Reader> OpenReader() const {
    REQUIRE_VALUE(auto reader, Reader::Open(folder()));
    return reader;
  }
  // The hashes [begin, end) of a tile level, each over 256^level leaves.
  std::string Hashes(uint32_t level, uint64_t begin, uint64_t end) const {
    const ReferenceTree tree(leaves);
    const uint64_t span = uint64_t{1} << (8 * level);
    std::string hashes;
    for (uint64_t i = begin; i < end; ++i)
      hashes += AsText(tree.Subtree(i * span, (i + 1) * span).span());
    return hashes;
  }
  std::string Bundle(uint64_t begin, uint64_t end) const {
    ByteWriter writer;
    for (uint64_t i = begin; i < end; ++i)
      writer.U16Be(static_cast<uint16_t>(leaves[i].size())).Append(leaves[i]);
    return writer.Take();
  }
};

template <typename T>
T Must(Result<T> result) {
  if (!result) BOOST_FAIL(result.error().message);
  return *std::move(result);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(tiles, TilesWorld)

BOOST_AUTO_TEST_CASE(every_tile_and_bundle_of_every_width_is_that_of_the_recursion) {
  Grow(600);
  const auto reader = OpenReader();
  for (const uint32_t width : {1u, 2u, 3u, 255u, 256u}) {
    BOOST_CHECK(Must(reader->Tile(0, 0, width)) == Hashes(0, 0, width));
    BOOST_CHECK(Must(reader->EntryBundle(1, width)) == Bundle(256, 256 + width));
  }
  BOOST_CHECK(Must(reader->Tile(0, 1, 256)) == Hashes(0, 256, 512));
  BOOST_CHECK(Must(reader->Tile(0, 2, 88)) == Hashes(0, 512, 600));
  BOOST_CHECK(Must(reader->EntryBundle(2, 88)) == Bundle(512, 600));
  BOOST_CHECK(Must(reader->Tile(1, 0, 2)) == Hashes(1, 0, 2));
}

BOOST_AUTO_TEST_CASE(what_the_checkpoint_does_not_cover_is_not_found) {
  Grow(600);
  const auto reader = OpenReader();
  struct Absent {
    uint32_t level;
    uint64_t index;
    uint32_t width;
  };
  for (const auto& [level, index, width] :
       {Absent{0, 0, 0}, Absent{0, 0, 257}, Absent{0, 2, 89}, Absent{0, 3, 1}, Absent{1, 0, 3},
        Absent{2, 0, 1}, Absent{8, 0, 1}, Absent{63, 0, 1}, Absent{UINT32_MAX / 8, 0, 1},
        Absent{uint32_t{1} << 29, 0, 1}, Absent{UINT32_MAX, 0, 1}, Absent{0, UINT64_MAX, 1},
        Absent{0, UINT64_MAX / 256, 256}})
    CHECK_ERROR(reader->Tile(level, index, width), ErrorCode::kNotFound, "a tree of size 600 has ");
  CHECK_ERROR(reader->EntryBundle(2, 89), ErrorCode::kNotFound, "a tree of size 600 has 88");
  CHECK_ERROR(reader->EntryBundle(UINT64_MAX, 1), ErrorCode::kNotFound, "has 0");
}

// A row may be ahead of the checkpoint that a reader has.
BOOST_AUTO_TEST_CASE(a_reader_serves_the_tree_of_its_own_checkpoint) {
  Grow(300);
  const auto ledger = Open();
  REQUIRE_VALUE(const auto early, ledger->Read());
  for (int i = 0; i < 5; ++i) AppendOne(*ledger, lab.Submit(lab.Device()));
  BOOST_CHECK(Must(early->Tile(0, 1, 44)) == Hashes(0, 256, 300));
  CHECK_ERROR(early->Tile(0, 1, 45), ErrorCode::kNotFound, "a tree of size 300 has 44");
}

BOOST_AUTO_TEST_CASE(no_tile_is_served_that_the_checkpoint_does_not_cover) {
  Grow(600);
  const RawDatabase rows(folder());
  const std::string key = TileKey({0, 1});
  const std::string good = rows.Get(key);
  // One hash alone; and one hash with the nodes above it, as another tree would have them.
  std::string changed = good;
  changed[2 + 32 * 100] = static_cast<char>(changed[2 + 32 * 100] ^ 1);
  rows.Put(key, changed);
  CHECK_ERROR(OpenReader()->Tile(0, 1, 256), ErrorCode::kCorruption,
              "tile 0/1: its nodes differ from its hashes");
  rows.Put(key, rows.Get(TileKey({0, 0})));
  CHECK_ERROR(OpenReader()->Tile(0, 1, 256), ErrorCode::kCorruption, "do not prove entry 256");
  rows.Put(key, good);
  BOOST_CHECK(Must(OpenReader()->Tile(0, 1, 256)) == Hashes(0, 256, 512));
}

BOOST_AUTO_TEST_CASE(a_reader_follows_the_log_as_it_grows) {
  Grow(3);
  const auto reader = OpenReader();
  BOOST_CHECK(!Must(reader->Follow()));
  for (int i = 0; i < 3; ++i) {
    Grow(100);
    BOOST_CHECK(Must(reader->Follow()));
    BOOST_CHECK_EQUAL(reader->size().value(), leaves.size());
    BOOST_CHECK(!Must(reader->Follow()));
  }
  CheckReceipts(*reader, ReferenceTree(leaves), note_key());
}

BOOST_AUTO_TEST_CASE(a_reader_does_not_follow_into_the_past_or_another_history) {
  Grow(3);
  namespace fs = std::filesystem;
  fs::copy(folder(), Beside("early"), fs::copy_options::recursive);
  Grow(3);
  const auto reader = OpenReader();
  fs::rename(folder(), Beside("late"));
  fs::rename(Beside("early"), folder());
  CHECK_ERROR(reader->Follow(), ErrorCode::kRejected, "older than the last signed checkpoint");
  BOOST_CHECK_EQUAL(reader->size().value(), 6u);
  // The same key signs another continuation.
  for (int i = 0; i < 5; ++i) AppendOne(*Open(), stranger.Submit(stranger.Device()));
  CHECK_ERROR(reader->Follow(), ErrorCode::kRejected,
              "the root at size 6 is not the one that was read before");
  BOOST_CHECK_EQUAL(reader->size().value(), 6u);
}

BOOST_AUTO_TEST_SUITE_END()
