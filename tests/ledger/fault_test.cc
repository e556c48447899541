// Faults below RocksDB, at every operation of appending and of opening: no acknowledged entry is
// lost, an unknown outcome is resolved whole, a latched ledger works again once reopened.
#include <filesystem>

#include "tests/ledger/ledger_driver.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::test;

namespace {

struct FaultCase {
  const char* name;
  FileOp op;
  bool persisted;
  bool disk_full;
};

std::ostream& operator<<(std::ostream& out, const FaultCase& value) { return out << value.name; }

// While appending, only the log is written and synced.
const FaultCase kFaultsOfAppending[] = {
    {"write failed", FileOp::kAppend, false, false},
    {"write failed but persisted", FileOp::kAppend, true, false},
    {"write found the disk full", FileOp::kAppend, false, true},
    {"write found the disk full but persisted", FileOp::kAppend, true, true},
    {"sync failed", FileOp::kSync, false, false},
    {"sync failed but persisted", FileOp::kSync, true, false},
    {"sync found the disk full", FileOp::kSync, false, true},
};

const FaultCase kFaultsOfOpening[] = {
    {"write failed", FileOp::kAppend, false, false},
    {"write failed but persisted", FileOp::kAppend, true, false},
    {"write found the disk full", FileOp::kAppend, false, true},
    {"sync failed", FileOp::kSync, false, false},
    {"sync failed but persisted", FileOp::kSync, true, false},
    {"sync found the disk full", FileOp::kSync, false, true},
    {"rename failed", FileOp::kRename, false, false},
    {"rename failed but persisted", FileOp::kRename, true, false},
    {"close failed", FileOp::kClose, false, false},
    {"close failed but persisted", FileOp::kClose, true, false},
    {"look failed", FileOp::kLook, false, false},
};

constexpr int kMostOperations = 60;  // of one kind, in one opening

void Progress(LedgerDriver& driver) {
  for (int i = 0; i < 6; ++i) BOOST_REQUIRE(driver.AppendRandom());
}

// Appends until the fault has struck; then the ledger must be latched until reopened.
void StrikeWhileAppending(LedgerDriver& driver, FaultFs& fs, const FaultCase& fault, int after) {
  fs.Arm({fault.op, fault.persisted, fault.disk_full, after});
  int calls = 0;
  while (driver.AppendRandom()) BOOST_REQUIRE_LT(++calls, 200);
  BOOST_REQUIRE(fs.fired());
  for (int i = 0; i < 3; ++i) BOOST_CHECK(!driver.AppendRandom());
}

void ReopenAndCheck(LedgerDriver& driver, FaultFs& fs) {
  fs.Disarm();
  BOOST_REQUIRE(driver.TryReopen());
  driver.CheckAll();
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fault)

BOOST_DATA_TEST_CASE(fault_while_appending_latches_and_loses_nothing, kFaultsOfAppending, fault) {
  FaultFs fs;
  LedgerDriver driver(7, fs.env());
  for (int after : {0, 1, 3, 8}) {
    Progress(driver);
    const uint64_t acknowledged = driver.acknowledged();
    StrikeWhileAppending(driver, fs, fault, after);
    ReopenAndCheck(driver, fs);
    BOOST_CHECK_GE(driver.acknowledged(), acknowledged);
  }
  Progress(driver);
  driver.CheckAll();
}

BOOST_DATA_TEST_CASE(fault_while_opening_is_an_error_or_harmless, kFaultsOfOpening, fault) {
  FaultFs fs;
  LedgerDriver driver(8, fs.env());
  int struck = 0;
  for (int after = 0; after < kMostOperations; ++after) {
    BOOST_REQUIRE(driver.AppendRandom());
    driver.Close();
    fs.Arm({fault.op, fault.persisted, fault.disk_full, after});
    const bool opened = driver.TryReopen();
    if (!fs.fired()) break;
    ++struck;
    if (opened) {
      // What it must not do is acknowledge and then lose.
      driver.AppendRandom();
    }
    ReopenAndCheck(driver, fs);
  }
  BOOST_CHECK_GE(struck, 1);
  BOOST_CHECK_LT(struck, kMostOperations);
}

BOOST_DATA_TEST_CASE(power_cut_after_a_fault_keeps_what_was_acknowledged, kFaultsOfAppending,
                     fault) {
  FaultFs fs;
  LedgerDriver driver(9, fs.env());
  for (int after : {0, 2, 5}) {
    Progress(driver);
    StrikeWhileAppending(driver, fs, fault, after);
    fs.PowerOff();
    driver.Close();
    fs.PowerOn();
    ReopenAndCheck(driver, fs);
  }
}

BOOST_AUTO_TEST_CASE(power_cut_without_a_fault_keeps_what_was_acknowledged) {
  FaultFs fs;
  LedgerDriver driver(10, fs.env());
  for (int round = 0; round < 10; ++round) {
    Progress(driver);
    fs.PowerOff();
    driver.Close();
    fs.PowerOn();
    ReopenAndCheck(driver, fs);
  }
}

// The rows are durable, the checkpoint is not. (The guard may have the checkpoint although the
// writer is told of a failure: then the write above of the database's copy has failed.)
BOOST_AUTO_TEST_CASE(guard_that_cannot_be_written_latches_and_loses_nothing) {
  FaultFs fs;
  LedgerDriver driver(11, fs.env());
  Progress(driver);
  const std::string guard = driver.world().guard();
  std::filesystem::rename(guard, guard + ".gone");
  while (driver.AppendRandom()) continue;
  BOOST_CHECK(!driver.AppendRandom());
  std::filesystem::rename(guard + ".gone", guard);
  ReopenAndCheck(driver, fs);
  Progress(driver);
  driver.CheckAll();
}

BOOST_AUTO_TEST_SUITE_END()
