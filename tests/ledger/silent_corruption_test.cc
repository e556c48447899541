// A bit that changes below RocksDB, between write and read, and nobody is told: what is read again
// is refused or is right, and a bit that only the reading changed leaves nothing behind. What
// changes above RocksDB's checksums: self_check_test.cc.
#include <random>

#include "ledger/store.h"
#include "tests/ledger/ledger_driver.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr int kMostReads = 200;  // in one opening

Fault ChangedBit(FileOp op, int after, uint64_t bit) { return {op, true, false, after, bit}; }

// Refusals of a ledger whose files are not what was written. RocksDB reports a file whose name it
// has read wrong as one that is not there.
void CheckRefusal(const Error& error) {
  const auto says = [&](const char* text) { return error.message.find(text) != std::string::npos; };
  const bool damaged = error.code == ErrorCode::kCorruption;
  const bool misread = error.code == ErrorCode::kIo && says("/db: open: ");
  const bool older =
      error.code == ErrorCode::kRejected && says("older than the last signed checkpoint");
  BOOST_CHECK_MESSAGE(damaged || misread || older, ErrorCodeName(error.code)
                                                       << ": " << error.message);
}

void ReopenAndCheck(LedgerDriver& driver) {
  BOOST_REQUIRE(driver.TryReopen());
  driver.CheckAll();
}

// All rows in one table: without this, a small ledger is in RocksDB's log alone.
void MoveToTable(const LedgerWorld& world) {
  REQUIRE_VALUE(const auto store, Store::Open(world.folder(), Store::Mode::kWrite, world.env()));
  BOOST_REQUIRE(store->Compact().has_value());
}

}  // namespace

BOOST_AUTO_TEST_SUITE(silent_corruption, *LongOnOneThread())

// Nobody is told, so the calls are acknowledged: the rows in memory are right.
BOOST_AUTO_TEST_CASE(a_bit_changed_while_appending_is_refused_by_the_next_opening) {
  std::mt19937_64 random(21);
  int refused = 0;
  for (int round = 0; round < 24; ++round) {
    FaultFs fs;
    LedgerDriver driver(100 + static_cast<uint32_t>(round), fs.env());
    for (int i = 0; i < 4; ++i) BOOST_REQUIRE(driver.AppendRandom());
    fs.Arm(ChangedBit(FileOp::kAppend, round % 8, random()));
    for (int i = 0; i < 200 && !fs.fired(); ++i) BOOST_REQUIRE(driver.AppendRandom());
    BOOST_REQUIRE(fs.fired());
    for (int i = 0; i < round % 3; ++i) BOOST_REQUIRE(driver.AppendRandom());
    driver.Close();
    if (const auto opened = driver.world().TryOpen(); !opened) {
      CheckRefusal(opened.error());
      ++refused;
      fs.Mend();
    }
    // Otherwise the bit was of the database's copy of a checkpoint: nothing is lost with it.
    ReopenAndCheck(driver);
  }
  BOOST_CHECK_GE(refused, 16);
}

BOOST_AUTO_TEST_CASE(a_bit_changed_while_opening_is_refused_or_harmless_and_then_gone) {
  std::mt19937_64 random(22);
  FaultFs fs;
  LedgerDriver driver(23, fs.env());
  int struck = 0;
  int refused = 0;
  for (int after = 0; after < kMostReads; ++after) {
    for (int i = 0; i < 3; ++i) BOOST_REQUIRE(driver.AppendRandom());
    driver.Close();
    if (after % 2 == 0) MoveToTable(driver.world());  // otherwise the log has rows too
    fs.Arm(ChangedBit(FileOp::kRead, after / 2, random()));
    if (const auto opened = driver.world().TryOpen(); !opened) {
      CheckRefusal(opened.error());
      ++refused;
    }
    if (!fs.fired()) break;
    ++struck;
    fs.Disarm();
    ReopenAndCheck(driver);
  }
  BOOST_TEST_MESSAGE("struck " << struck << ", refused " << refused);
  BOOST_CHECK_GE(struck, 12);
  BOOST_CHECK_LT(struck, kMostReads);
  BOOST_CHECK_GE(refused, 8);
}

BOOST_AUTO_TEST_CASE(a_bit_changed_while_reading_gives_an_error_or_the_right_receipt) {
  std::mt19937_64 random(24);
  FaultFs fs;
  LedgerWorld world(fs.env());
  ReferenceTree tree({});
  {
    std::vector<Submission> batch;
    for (int i = 0; i < 300; ++i) {
      batch.push_back(world.lab.Submit(world.lab.Device()));
      tree.Append(ExpectedLeaf(batch.back()));
    }
    BOOST_REQUIRE(world.Open()->Append(batch).has_value());
  }
  MoveToTable(world);
  int struck = 0;
  int refused = 0;
  for (uint64_t i = 0; i < 300; i += 6) {
    const auto ledger = world.Open();
    REQUIRE_VALUE(const auto reader, ledger->Read());
    fs.Arm(ChangedBit(FileOp::kRead, 0, random()));
    const auto receipt = reader->Receipt(LeafIndex(i));
    if (fs.fired()) ++struck;
    fs.Disarm();
    if (!receipt) {
      CHECK_ERROR(receipt, ErrorCode::kCorruption, world.folder() + ": ");
      ++refused;
    } else {
      BOOST_CHECK(receipt->proof.hashes == tree.Inclusion(i, 0, 300));
    }
    REQUIRE_VALUE(const auto again, reader->Receipt(LeafIndex(i)));
    BOOST_CHECK(again.proof.hashes == tree.Inclusion(i, 0, 300));
  }
  BOOST_TEST_MESSAGE("struck " << struck << ", refused " << refused);
  BOOST_CHECK_GE(struck, 30);
  BOOST_CHECK_GE(refused, 20);
  world.CheckClean();
}

BOOST_AUTO_TEST_SUITE_END()
