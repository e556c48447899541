// One flipped bit in each class of row, one missing row, one row too many: fsck names it, and the
// writer does not sign a tree that builds on it.
#include <algorithm>
#include <filesystem>

#include "core/file.h"
#include "ledger/keyspace.h"
#include "ledger/tile_rows.h"
#include "tests/ledger/damaged_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

struct RowCase {
  const char* name;
  std::string (*key)(const DamagedWorld& world);
};

std::ostream& operator<<(std::ostream& out, const RowCase& value) { return out << value.name; }

SignerId Lab() { return SignerId(LabKey().public_key().id()); }

const RowCase kIndexRows[] = {
    {"statement", [](const DamagedWorld& w) { return StatementKey(w.segment.id()); }},
    {"dedup", [](const DamagedWorld& w) { return DedupKey(w.verdict.id(), Lab()); }},
    {"recorders", [](const DamagedWorld& w) { return RecordersKey(w.run.id()); }},
    {"segment",
     [](const DamagedWorld& w) {
       return SegmentKey({w.run.id(), 0, 0});
     }},
    {"completion", [](const DamagedWorld& w) { return CompletionKey(w.run.id()); }},
    {"passport",
     [](const DamagedWorld&) { return PassportKey(Lab(), StatementMaker::ModelOf("weights")); }},
    {"subject",
     [](const DamagedWorld&) {
       return SubjectKey(Retag<SubjectDigest>(StatementMaker::ModelOf("weights")), LeafIndex(3));
     }},
    {"signer", [](const DamagedWorld&) { return SignerKey(Lab(), LeafIndex(17)); }},
    {"referrer", [](const DamagedWorld& w) { return ReferrerKey(w.segment.id(), LeafIndex(2)); }},
    {"from-model",
     [](const DamagedWorld&) {
       return FromModelKey(StatementMaker::ModelOf("weights"), LeafIndex(5));
     }},
};

const RowCase kSurplusRows[] = {
    {"statement",
     [](const DamagedWorld&) {
       return StatementKey(Retag<StatementId>(StatementMaker::ModelOf("x")));
     }},
    {"segment",
     [](const DamagedWorld& w) {
       return SegmentKey({w.run.id(), 0, 9});
     }},
    {"completion", [](const DamagedWorld& w) { return CompletionKey(w.child.id()); }},
    {"signer", [](const DamagedWorld&) { return SignerKey(Lab(), LeafIndex(100'000)); }},
    {"signer of the other form",
     [](const DamagedWorld&) {
       return SignerKey(SignerId(Retag<IdentityDigest>(*Lab().key())), LeafIndex(3));
     }},
    {"passport of the other form",
     [](const DamagedWorld&) {
       return PassportKey(SignerId(Retag<IdentityDigest>(*Lab().key())),
                          StatementMaker::ModelOf("weights"));
     }},
    {"subject",
     [](const DamagedWorld&) {
       return SubjectKey(Retag<SubjectDigest>(StatementMaker::ModelOf("x")), LeafIndex(3));
     }},
    {"entry", [](const DamagedWorld&) { return EntryKey(LeafIndex(kDevices + 6)); }},
    {"tile",
     [](const DamagedWorld&) {
       return TileKey({1, 1});
     }},
    {"recorders", [](const DamagedWorld& w) { return RecordersKey(w.segment.id()); }},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(damage, DamagedWorld)

BOOST_AUTO_TEST_CASE(undamaged_ledger_is_clean) {
  const FsckReport report = Fsck();
  for (const std::string& finding : report.findings) BOOST_ERROR(finding);
  BOOST_CHECK_EQUAL(report.size.value(), kDevices + 6);
  BOOST_CHECK_GT(report.rows_checked, 4 * kDevices);
}

BOOST_DATA_TEST_CASE_F(DamagedWorld, fsck_names_a_damaged_index_row, kIndexRows, row) {
  const std::string key = row.key(*this);
  Damage(key);
  BOOST_CHECK(FsckNames(DescribeRow(key) + ": "));
}

BOOST_DATA_TEST_CASE_F(DamagedWorld, fsck_names_a_missing_index_row, kIndexRows, row) {
  const std::string key = row.key(*this);
  Delete(key);
  BOOST_CHECK(FsckNames(DescribeRow(key) + ": is missing"));
}

BOOST_DATA_TEST_CASE_F(DamagedWorld, fsck_names_a_surplus_row, kSurplusRows, row) {
  const std::string key = row.key(*this);
  Put(key, EncodeIndex(LeafIndex(3)));
  const auto findings = Fsck().findings;
  BOOST_REQUIRE_EQUAL(findings.size(), 1u);
  BOOST_CHECK_EQUAL(findings[0], DescribeRow(key) + ": no entry calls for this row");
}

BOOST_AUTO_TEST_CASE(fsck_names_a_row_of_an_unknown_kind) {
  Put("?what", "");
  BOOST_CHECK(FsckNames("row 3f77686174: unknown kind of row"));
}

BOOST_AUTO_TEST_CASE(one_flipped_bit_of_an_entry_is_one_finding) {
  // The order of a row: statement id from byte 64, signature from 96, key, signer, text. Entry 20
  // is under a full tile, the others under the partial one.
  struct Flipped {
    uint64_t index;
    size_t byte;
    std::string found;
  };
  const std::string text = "payload does not match the stored statement id";
  for (const auto& [index, byte, found] :
       std::vector<Flipped>{{20, 400, text},
                            {20, 70, text},
                            {20, 110, "differs from its leaf hash"},
                            {290, 400, text},
                            {305, 110, "differs from its leaf hash"}}) {
    const std::string key = EntryKey(LeafIndex(index));
    const std::string before = Get(key);
    Flip(key, byte);
    const auto findings = Fsck().findings;
    BOOST_REQUIRE_EQUAL(findings.size(), 1u);
    BOOST_CHECK_EQUAL(findings[0], "entry " + std::to_string(index) + ": " + found);
    Put(key, before);
  }
  CheckClean();
}

// The leaf does not hold the signer, so the tree cannot show that it was changed.
BOOST_AUTO_TEST_CASE(fsck_compares_the_stored_signer_with_the_key) {
  const std::string key = EntryKey(LeafIndex(20));
  const std::string before = Get(key);
  const size_t signer = before.find(std::string(AsText(lab.key().id().span()))) - 1;
  const auto check = [&](size_t byte, char value, const std::string& expected) {
    std::string changed = before;
    changed[signer + byte] = value;
    Put(key, changed);
    const auto findings = Fsck().findings;
    BOOST_REQUIRE_EQUAL(findings.size(), 1u);
    BOOST_CHECK_EQUAL(findings[0], "entry 20: " + expected);
    Put(key, before);
  };
  const std::string differs = "signer does not match the stored key";
  check(0, 2, differs);  // an identity of the key's bytes
  check(1, static_cast<char>(before[signer + 1] ^ 1), differs);
  check(0, 3, "stored record: signer is not a signer id");
  CheckClean();
}

BOOST_AUTO_TEST_CASE(one_flipped_bit_of_a_tile_is_named_by_its_place) {
  const auto check = [&](const TilePosition& tile, size_t node, const std::string& expected) {
    const std::string key = TileKey(tile);
    const std::string before = Get(key);
    Flip(key, 2 + 32 * node);
    const auto findings = Fsck().findings;
    BOOST_REQUIRE_EQUAL(findings.size(), 1u);
    BOOST_CHECK_EQUAL(findings[0], expected);
    Put(key, before);
  };
  check({0, 0}, 17, "tile 0/0: hash 17 differs");
  check({0, 0}, 256 + 5, "tile 0/0: node 1.5 differs");
  check({0, 1}, 49, "tile 0/1: hash 49 differs");
  check({1, 0}, 0, "tile 1/0: hash 0 differs");
  const std::string key = TileKey({0, 1});
  const std::string before = Get(key);
  Flip(key, 1);
  BOOST_CHECK(FsckNames("tile 0/1: length does not match width"));
  Put(key, before);
  Delete(TileKey({0, 0}));
  BOOST_CHECK(FsckNames("tile 0/0: is missing"));
}

BOOST_AUTO_TEST_CASE(one_flipped_bit_of_state_meta_or_checkpoint_is_named) {
  Flip(SingleKey(RowClass::kState), 10);
  BOOST_CHECK(FsckNames("state: checksum differs"));
  CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "state: checksum differs");
  Flip(SingleKey(RowClass::kState), 10);
  Flip(SingleKey(RowClass::kCheckpoint), 20);
  BOOST_CHECK(FsckNames("checkpoint: "));
  Flip(SingleKey(RowClass::kCheckpoint), 20);
  Flip(SingleKey(RowClass::kMeta), 0);
  BOOST_CHECK(FsckNames("meta: format version"));
  CHECK_ERROR(TryOpen(), ErrorCode::kUnsupported, "meta: format version");
  Flip(SingleKey(RowClass::kMeta), 0);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(writer_does_not_open_over_a_damaged_right_edge) {
  struct Edge {
    std::string key;
    size_t byte;
    ErrorCode code;
    std::string named;
  };
  constexpr ErrorCode kDamaged = ErrorCode::kCorruption;
  const std::vector<Edge> edges = {
      {TileKey({0, 1}), 2 + 32 * 49, kDamaged, "tile 0/1"},            // the last hash
      {TileKey({0, 1}), 2 + 32 * 3, kDamaged, "tile 0/1"},             // an older hash of the row
      {TileKey({0, 1}), 2 + 32 * 60, kDamaged, "tile 0/1"},            // a node above them
      {TileKey({1, 0}), 2, ErrorCode::kRejected, "root at size 306"},  // a part of every root
      {EntryKey(LeafIndex(305)), 300, kDamaged, "entry 305"},
      {EntryKey(LeafIndex(256)), 300, kDamaged, "entry 256"},
  };
  for (const Edge& edge : edges) {
    Flip(edge.key, edge.byte);
    const auto opened = TryOpen();
    CHECK_ERROR(opened, edge.code, edge.named);
    Flip(edge.key, edge.byte);
  }
  BOOST_CHECK(TryOpen().has_value());
}

BOOST_AUTO_TEST_CASE(writer_does_not_open_without_an_entry_of_the_last_tile) {
  for (const uint64_t index : {256u, 280u, 305u}) {
    const std::string key = EntryKey(LeafIndex(index));
    const std::string before = Get(key);
    Delete(key);
    const std::string missing = "entry " + std::to_string(index) + ": the row is missing";
    CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, missing);
    Put(key, before);
  }
  BOOST_CHECK(TryOpen().has_value());
  CheckClean();
}

// Size, root and the hashes of the right edge, each changed in one bit, all under a checksum that
// is right: 306 entries are subtrees of 256, 32, 16 and 2.
BOOST_AUTO_TEST_CASE(state_with_a_good_checksum_is_compared_with_the_entries) {
  const std::string key = SingleKey(RowClass::kState);
  const std::string before = Get(key);
  BOOST_REQUIRE_EQUAL(before.size(), 8u + 32 + 4 * 32 + 32);
  for (size_t hash = 0; hash < 5; ++hash) {
    std::string changed = before;
    char& byte = changed[8 + 32 * hash + 7];
    byte = static_cast<char>(byte ^ 1);
    Put(key, Resealed(changed));
    const auto findings = Fsck().findings;
    BOOST_REQUIRE_EQUAL(findings.size(), 1u);
    BOOST_CHECK_EQUAL(findings[0], hash == 0 ? "state: root differs from the entries"
                                             : "state: right edge differs from the entries");
    CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "state: differs from the entries");
  }
  Put(key, Resealed(before));
  BOOST_CHECK_EQUAL(Get(key), before);
  CheckClean();
}

BOOST_AUTO_TEST_CASE(unsigned_rows_are_not_signed_when_damaged) {
  const std::string state = Get(SingleKey(RowClass::kState));
  std::string old_note;
  {
    const auto ledger = Open();
    old_note = ledger->checkpoint();
    for (int i = 0; i < 5; ++i) AppendOne(*ledger, lab.Submit(lab.Device()));
  }
  const std::string note_file = guard() + "/checkpoint";
  BOOST_REQUIRE(WriteFileAtomic(note_file, old_note, Overwrite::kReplace).has_value());
  const std::string key = EntryKey(LeafIndex(308));
  Flip(key, Get(key).size() - 300);
  CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "");
  REQUIRE_VALUE(const std::string note, ReadFile(note_file, 1 << 16));
  BOOST_CHECK_EQUAL(note, old_note);
  Flip(key, Get(key).size() - 300);
  BOOST_CHECK(TryOpen().has_value());
}

// RocksDB's own default silently opens such a log and drops what comes after the flip.
BOOST_AUTO_TEST_CASE(flipped_bit_in_the_write_ahead_log_is_refused) {
  {
    const auto ledger = Open();
    for (int i = 0; i < 8; ++i) AppendOne(*ledger, lab.Submit(lab.Device()));
  }
  std::string log;  // the last writer's
  for (const auto& file : std::filesystem::directory_iterator(folder() + "/db"))
    if (file.path().extension() == ".log" && file.file_size() > 0)
      log = std::max(log, file.path().string());
  REQUIRE_VALUE(std::string content, ReadFile(log, 1 << 26));
  for (const size_t tenth : {1u, 4u, 7u}) {
    std::string flipped = content;
    flipped[content.size() * tenth / 10] ^= 1;
    BOOST_REQUIRE(WriteFileAtomic(log, flipped, Overwrite::kReplace).has_value());
    CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, "db: open");
    BOOST_CHECK(FsckNames("db: open"));
  }
  // A tail that was acknowledged and then cut off is not a crash: the guard knows of it.
  BOOST_REQUIRE(
      WriteFileAtomic(log, content.substr(0, content.size() / 2), Overwrite::kReplace).has_value());
  CHECK_ERROR(TryOpen(), ErrorCode::kRejected, "older than the last signed checkpoint");
}

BOOST_AUTO_TEST_SUITE_END()
