// What a reader says of rows that were changed behind its back: nothing that the checkpoint does
// not prove.
#include "core/file.h"
#include "ledger/keyspace.h"
#include "ledger/reader.h"
#include "merkle/check_proof.h"
#include "tests/ledger/damaged_world.h"
#include "tests/support/altered_proof.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr uint64_t kSize = kDevices + 6;

// In a row of a full tile: after the width, the nodes of each height, from the lowest.
size_t PlaceOf(size_t height, size_t offset) {
  size_t nodes = 0;
  for (size_t h = 0; h < height; ++h) nodes += size_t{256} >> h;
  return 2 + 32 * (nodes + offset);
}

// The tile's node [0, 128): a part of every root from 128 to 255, and of no root of the head.
const size_t kFirstHalf = PlaceOf(7, 0);

}  // namespace

BOOST_FIXTURE_TEST_SUITE(reader_damage, DamagedWorld)

BOOST_AUTO_TEST_CASE(reader_hands_out_no_proof_from_a_damaged_tile) {
  Flip(TileKey({0, 0}), 2 + 32 * 17);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->Inclusion(LeafIndex(16), reader->size()), ErrorCode::kCorruption,
              "do not prove entry 16");
  CHECK_ERROR(reader->Receipt(LeafIndex(17)), ErrorCode::kCorruption, "entry 17");
  BOOST_CHECK(reader->Receipt(LeafIndex(40)).has_value());
}

BOOST_AUTO_TEST_CASE(reader_hands_out_no_entry_that_is_not_in_the_tree) {
  const std::string key = EntryKey(LeafIndex(40));
  Flip(key, Get(key).size() - 300);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->EntryAt(LeafIndex(40)), ErrorCode::kCorruption, "entry 40");
  CHECK_ERROR(reader->BundleAt(LeafIndex(40)), ErrorCode::kCorruption, "entry 40");
}

BOOST_AUTO_TEST_CASE(reader_hands_out_no_root_that_the_checkpoint_does_not_cover) {
  REQUIRE_VALUE(const auto sound, Reader::Open(folder()));
  REQUIRE_VALUE(const RootHash root, sound->RootAt(TreeSize(200)));
  Flip(TileKey({0, 0}), kFirstHalf);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->RootAt(TreeSize(200)), ErrorCode::kCorruption,
              "tiles do not prove consistency of size 306 with size 200");
  REQUIRE_VALUE(const RootHash untouched, reader->RootAt(TreeSize(256)));
  REQUIRE_VALUE(const RootHash expected, sound->RootAt(TreeSize(256)));
  BOOST_CHECK(untouched == expected);
  Flip(TileKey({0, 0}), kFirstHalf);
  REQUIRE_VALUE(const auto mended, Reader::Open(folder()));
  REQUIRE_VALUE(const RootHash again, mended->RootAt(TreeSize(200)));
  BOOST_CHECK(again == root);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(reader_hands_out_no_consistency_proof_from_a_damaged_tile) {
  Flip(TileKey({0, 0}), kFirstHalf);
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->Consistency(TreeSize(200), TreeSize(kSize)), ErrorCode::kCorruption,
              "tiles do not prove consistency of size 306 with size 200");
  // Both roots would be made of the same wrong node.
  CHECK_ERROR(reader->Consistency(TreeSize(150), TreeSize(200)), ErrorCode::kCorruption,
              "tiles do not prove consistency of size 306 with size 150");
  BOOST_CHECK(reader->Consistency(TreeSize(256), TreeSize(kSize)).has_value());
  Flip(TileKey({0, 0}), kFirstHalf);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(reader_hands_out_no_inclusion_proof_under_a_root_that_is_not_covered) {
  // The entry, its path in the tree of 201 and that root's nodes agree; the checkpoint does not.
  Flip(TileKey({0, 0}), PlaceOf(0, 200));
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  CHECK_ERROR(reader->Inclusion(LeafIndex(200), TreeSize(201)), ErrorCode::kCorruption,
              "tiles do not prove consistency of size 306 with size 201");
  CHECK_ERROR(reader->Inclusion(LeafIndex(200), TreeSize(256)), ErrorCode::kCorruption,
              "tiles do not prove entry 200");
  Flip(TileKey({0, 0}), PlaceOf(0, 200));
  CheckClean();
}

// Both roots are right, and what the proof is made of: what is handed out is what was checked.
BOOST_AUTO_TEST_CASE(reader_hands_out_no_consistency_proof_that_changed_once_it_was_made) {
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  const TreeSize from(150);
  const TreeSize to(200);
  {
    const AlteredProof altered;
    CHECK_ERROR(reader->Consistency(from, to), ErrorCode::kCorruption,
                "tiles do not prove consistency of size 200 with size 150");
    BOOST_CHECK(altered.fired());
  }
  REQUIRE_VALUE(const auto proof, reader->Consistency(from, to));
  REQUIRE_VALUE(const auto first, reader->RootAt(from));
  REQUIRE_VALUE(const auto second, reader->RootAt(to));
  BOOST_CHECK(merkle::CheckConsistency(from, first, to, second, proof).has_value());
  CheckClean();
}

// Nodes of the head's own root, in either row.
BOOST_AUTO_TEST_CASE(reader_does_not_open_over_tiles_that_do_not_have_the_signed_root) {
  const std::vector<std::pair<TilePosition, size_t>> nodes = {
      {{1, 0}, 2},                                // [0, 256)
      {{0, 1}, 2 + 32 * (50 + 25 + 12 + 6 + 3)},  // [256, 288): after 50 hashes and 25, 12, 6, 3
  };
  for (const auto& [tile, byte] : nodes) {
    Flip(TileKey(tile), byte);
    CHECK_ERROR(Reader::Open(folder()), ErrorCode::kCorruption,
                "the root of the tiles differs from that of the checkpoint of size 306");
    BOOST_CHECK(!Fsck().findings.empty());
    Flip(TileKey(tile), byte);
  }
  REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
  BOOST_CHECK_EQUAL(reader->size().value(), kSize);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(reader_does_not_open_with_a_checkpoint_whose_signature_is_wrong) {
  const std::string row = SingleKey(RowClass::kCheckpoint);
  Flip(row, Get(row).size() - 10);
  CHECK_ERROR(Reader::Open(folder()), ErrorCode::kCorruption, folder() + ": checkpoint: ");
  Flip(row, Get(row).size() - 10);
  const std::string file = guard() + "/checkpoint";
  REQUIRE_VALUE(const std::string note, ReadFile(file, 1 << 16));
  std::string changed = note;
  char& byte = changed[changed.size() - 10];
  byte = byte == 'A' ? 'B' : 'A';
  BOOST_REQUIRE(WriteFileAtomic(file, changed, Overwrite::kReplace).has_value());
  CHECK_ERROR(Reader::Open(folder()), ErrorCode::kCorruption, file + ": ");
  BOOST_REQUIRE(WriteFileAtomic(file, note, Overwrite::kReplace).has_value());
  BOOST_CHECK(Reader::Open(folder()).has_value());
  CheckClean();
}

BOOST_AUTO_TEST_SUITE_END()
