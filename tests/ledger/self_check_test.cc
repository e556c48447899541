// A row that is stored otherwise than the writer gave it, with nothing said: the self-check after
// the commit names it, nothing is acknowledged or signed, and once the row is right again the
// ledger is as whole as after a crash between commit and signature.
#include <random>
#include <string>
#include <vector>

#include "core/file.h"
#include "ledger/keyspace.h"
#include "tests/ledger/damaged_world.h"
#include "tests/support/altered_batch.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

using Rows = AlteredBatch::Rows;

constexpr size_t kWidth = 2;  // bytes of a tile row before its hashes
constexpr size_t kHash = 32;

struct SelfCheckWorld : ChangeableWorld {
  Result<std::vector<Appended>> Append(Ledger& ledger, uint64_t count) {
    std::vector<Submission> batch;
    for (uint64_t i = 0; i < count; ++i) {
      batch.push_back(lab.Submit(lab.Device()));
      leaves.push_back(ExpectedLeaf(batch.back()));
    }
    return ledger.Append(batch);
  }
  std::string GuardNote() const {
    REQUIRE_VALUE(std::string note, ReadFile(guard() + "/checkpoint", 1 << 16));
    return note;
  }
  // Appends `count` entries, of whose rows some are stored otherwise: the ledger is latched for
  // `reason`, and neither guard nor checkpoint has moved.
  void AppendAltered(uint64_t count, AlteredBatch::Alteration alteration,
                     const std::string& reason) {
    const auto ledger = Open();
    const std::string note = ledger->checkpoint();
    altered.Arm(std::move(alteration));
    const auto appended = Append(*ledger, count);
    BOOST_REQUIRE(altered.fired());
    CHECK_ERROR(appended, ErrorCode::kCorruption, reason);
    const Submission next = lab.Submit(lab.Device());
    CHECK_ERROR(ledger->Append({&next, 1}), ErrorCode::kIo, reason);
    CHECK_ERROR(ledger->Append({&next, 1}), ErrorCode::kIo, "reopen the ledger");
    BOOST_CHECK_EQUAL(ledger->checkpoint(), note);
    BOOST_CHECK_EQUAL(GuardNote(), note);
  }
  // Puts the rows in their place, and checks the whole ledger.
  void MendAndCheck() {
    PutAll(altered.right());
    {
      const auto ledger = Open();
      REQUIRE_VALUE(const auto reader, ledger->Read());
      CheckReceipts(*reader, ReferenceTree(leaves), note_key());
    }
    CheckClean();
  }

  AlteredBatch altered;
  std::vector<std::string> leaves;  // as they were given
};

void FlipIn(Rows& rows, const std::string& key, size_t byte) {
  char& changed = rows.at(key).at(byte);
  changed = static_cast<char>(changed ^ 4);
}

// The bit of a node of a tile row, counted in the row's order.
void FlipNode(Rows& rows, const TilePosition& tile, size_t node) {
  FlipIn(rows, TileKey(tile), kWidth + kHash * node);
}

// One bit of a row that the tree is made of: entry, tile or state.
void FlipAnyBit(Rows& rows, std::mt19937& random) {
  const std::string classes = {char(RowClass::kEntry), char(RowClass::kTile),
                               char(RowClass::kState)};
  std::vector<std::string*> values;
  for (auto& [key, value] : rows)
    if (classes.find(key[0]) != std::string::npos) values.push_back(&value);
  std::string& value = *values[random() % values.size()];
  const size_t bit = random() % (value.size() * 8);
  value[bit / 8] = static_cast<char>(value[bit / 8] ^ 1 << bit % 8);
}

std::string KeyOfState() { return SingleKey(RowClass::kState); }

// The row of a full level-0 tile, of another tree than ours: its leaf 3 is different.
std::string TileOfAnotherTree(const SelfCheckWorld& world) {
  std::vector<std::string> leaves(world.leaves.begin(), world.leaves.begin() + 256);
  leaves[3] = "another leaf";
  const ReferenceTree other(leaves);
  std::string row("\x01\x00", 2);
  for (uint64_t nodes = 256; nodes > 1; nodes /= 2)
    for (uint64_t i = 0; i < nodes; ++i)
      row.append(AsText(other.Subtree(i * (256 / nodes), (i + 1) * (256 / nodes)).span()));
  return row;
}

struct SelfCheckCase {
  const char* name;
  uint64_t before;  // entries that are in the ledger
  uint64_t added;
  void (*alter)(const SelfCheckWorld& world, Rows& rows);
  const char* reason;
  ErrorCode code_of_opening;
  const char* reason_of_opening;
};

std::ostream& operator<<(std::ostream& out, const SelfCheckCase& value) {
  return out << value.name;
}

constexpr ErrorCode kDamaged = ErrorCode::kCorruption;
constexpr const char* kNotSigned =
    "the database's root at size 200 differs from the last signed checkpoint's";

// From 200 entries to 300, tile 0/0 is filled and closed, 0/1 and 1/0 are new.
const SelfCheckCase kCases[] = {
    {"the text of an entry is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       const std::string key = EntryKey(LeafIndex(250));
       FlipIn(rows, key, rows.at(key).size() - 300);
     },
     "entry 250: payload does not match the stored statement id", kDamaged,
     "entry 250: payload does not match the stored statement id"},
    {"the signature of an entry is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       constexpr size_t kInSignature = 110;  // which begins at 96
       FlipIn(rows, EntryKey(LeafIndex(250)), kInSignature);
     },
     "tile 0/0: node 0.250 differs from what is below it", kDamaged,
     "tile 0/0: node 0.250 differs from what is below it"},
    {"an old hash of a closed tile is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {0, 0}, 17);
     },
     "tile 0/0: node 1.8 differs from the hashes below it", kDamaged,
     "tile 0/0: node 1.8 differs from the hashes below it"},
    {"an entry is not stored", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) { rows.erase(EntryKey(LeafIndex(250))); },
     "entry 250: the row is missing", kDamaged, "entry 250: the row is missing"},
    {"the last entry is not stored", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) { rows.erase(EntryKey(LeafIndex(299))); },
     "entry 299: the row is missing", kDamaged, "entry 299: the row is missing"},
    {"a new hash of a closed tile is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {0, 0}, 210);
     },
     "tile 0/0: node 0.210 differs from what is below it", kDamaged,
     "tile 0/0: node 0.210 differs from what is below it"},
    {"a new node of a closed tile is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {0, 0}, 256 + 105);
     },
     "tile 0/0: node 1.105 differs from what is below it", kDamaged,
     "tile 0/0: node 1.105 differs from what is below it"},
    {"an old node of a closed tile is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {0, 0}, 256 + 128 + 64 + 24);
     },
     "tile 0/0: node 3.24 differs from the hashes below it", ErrorCode::kRejected, kNotSigned},
    {"an old hash of the last tile is changed", 10, 2,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {0, 0}, 3);
     },
     "tile 0/0: node 1.1 differs from the hashes below it", kDamaged,
     "tile 0/0: node 1.1 differs from the hashes below it"},
    {"the hash of a full tile is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipNode(rows, {1, 0}, 0);
     },
     "tile 1/0: node 0.0 differs from what is below it", kDamaged,
     "tile 1/0: node 0.0 differs from what is below it"},
    {"a full last tile is that of another tree", 128, 128,
     [](const SelfCheckWorld& world, Rows& rows) {
       rows.at(TileKey({0, 0})) = TileOfAnotherTree(world);
     },
     "tile 1/0: node 0.0 differs from what is below it", ErrorCode::kRejected,
     "the database's root at size 128 differs from the last signed checkpoint's"},
    {"a row of the right edge changes that is not in the batch", 256, 1,
     [](const SelfCheckWorld& world, Rows& rows) {
       const NodeHash root = ReferenceTree(world.leaves).Subtree(0, 256);
       rows[TileKey({1, 0})].assign("\x00\x01", 2).append(AsText(root.span()));
       FlipNode(rows, {1, 0}, 0);
     },
     "tile 1/0: node 0.0 differs from what is below it", ErrorCode::kRejected,
     "the database's root at size 256 differs from the last signed checkpoint's"},
    {"a tile is not stored", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       rows.erase(TileKey({0, 1}));
     },
     "tile 0/1: the row is missing", kDamaged, "tile 0/1: the row is missing"},
    {"the state is changed", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) { FlipIn(rows, KeyOfState(), 10); },
     "state: checksum differs", kDamaged, "state: checksum differs"},
    {"the state has another root and its checksum", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) {
       FlipIn(rows, KeyOfState(), 10);
       rows.at(KeyOfState()) = Resealed(rows.at(KeyOfState()));
     },
     "state: differs from the entries", kDamaged, "state: differs from the entries"},
    {"the state is not stored", 200, 100,
     [](const SelfCheckWorld&, Rows& rows) { rows.erase(KeyOfState()); },
     "tile 0/0: its width differs from the tree's", kDamaged,
     "tile 0/0: its width differs from the tree's"},
    {"nothing is stored", 200, 100, [](const SelfCheckWorld&, Rows& rows) { rows.clear(); },
     "state: is not what was written", kDamaged, ""},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(self_check, SelfCheckWorld, *LongOnOneThread())

BOOST_DATA_TEST_CASE_F(SelfCheckWorld, what_is_stored_otherwise_than_it_was_given_is_not_signed,
                       kCases, row) {
  BOOST_REQUIRE(Append(*Open(), row.before).has_value());
  AppendAltered(
      row.added, [&](Rows& rows) { row.alter(*this, rows); }, row.reason);
  const std::string why = row.reason_of_opening;
  const std::string note = GuardNote();
  if (why.empty()) {
    BOOST_CHECK(TryOpen().has_value());
    CheckClean();
  } else {
    CHECK_ERROR(TryOpen(), row.code_of_opening, why);
    BOOST_CHECK(!Fsck().findings.empty());
  }
  BOOST_CHECK_EQUAL(GuardNote(), note);
  MendAndCheck();
}

BOOST_AUTO_TEST_CASE(any_changed_bit_of_the_rows_of_the_tree_is_noticed) {
  std::mt19937 random(12);
  BOOST_REQUIRE(Append(*Open(), 1).has_value());
  for (int round = 0; round < 40; ++round) {
    AppendAltered(
        1 + random() % 5, [&](Rows& rows) { FlipAnyBit(rows, random); }, "");
    PutAll(altered.right());
  }
  MendAndCheck();
}

BOOST_AUTO_TEST_SUITE_END()
