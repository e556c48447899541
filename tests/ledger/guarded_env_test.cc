// What a file system or a clock may answer and Debian's RocksDB, whose assertions are on, does not
// expect (docs/design/0004-rocksdb-assertions.md): none of it ends the process. A case that fails
// here may end the tests.
#include "ledger/guarded_env.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/file_system.h>
#include <rocksdb/system_clock.h>

#include <filesystem>
#include <limits>

#include "core/check.h"
#include "ledger/recovery.h"
#include "ledger/salvage.h"
#include "ledger/tables.h"
#include "tests/ledger/ledger_driver.h"
#include "tests/support/fault_fs.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr int kWriters = 40;  // more than leave a log of their own before it is flushed

struct ClosingCase {
  const char* name;
  FileOp op;
  bool disk_full;
};

std::ostream& operator<<(std::ostream& out, const ClosingCase& value) { return out << value.name; }

const ClosingCase kFaultsOfClosing[] = {
    {"look failed", FileOp::kLook, false},
    {"write failed", FileOp::kAppend, false},
    {"write found the disk full", FileOp::kAppend, true},
    {"sync failed", FileOp::kSync, false},
    {"rename failed", FileOp::kRename, false},
    {"close failed", FileOp::kClose, false},
};

// As RocksDB's own does, for most of what access() may fail with.
class AssertingFiles : public rocksdb::FileSystemWrapper {
 public:
  using FileSystemWrapper::FileSystemWrapper;
  const char* Name() const override { return "AssertingFiles"; }
  rocksdb::IOStatus FileExists(const std::string&, const rocksdb::IOOptions&,
                               rocksdb::IODebugContext*) override {
    CARNET_CHECK(false);
  }
  rocksdb::IOStatus GetFileSize(const std::string& name, const rocksdb::IOOptions& options,
                                uint64_t* size, rocksdb::IODebugContext* debug) override {
    if (name.ends_with("damaged")) return rocksdb::IOStatus::IOError("Structure needs cleaning");
    return FileSystemWrapper::GetFileSize(name, options, size, debug);
  }
};

class SkewedClock : public rocksdb::SystemClockWrapper {
 public:
  explicit SkewedClock(int64_t seconds)
      : SystemClockWrapper(rocksdb::SystemClock::Default()), seconds_(seconds) {}
  const char* Name() const override { return "SkewedClock"; }
  rocksdb::Status GetCurrentTime(int64_t* seconds) override {
    *seconds = seconds_;
    return rocksdb::Status::OK();
  }
  uint64_t NowMicros() override { return static_cast<uint64_t>(seconds_) * 1'000'000; }

 private:
  int64_t seconds_;
};

class SkewedEnv : public rocksdb::EnvWrapper {
 public:
  explicit SkewedEnv(int64_t seconds) : EnvWrapper(rocksdb::Env::Default()) {
    file_system_ = rocksdb::FileSystem::Default();
    system_clock_ = std::make_shared<SkewedClock>(seconds);
  }
};

const int64_t kOddTimes[] = {std::numeric_limits<int64_t>::min(), -1, 0, int64_t{1} << 32,
                             std::numeric_limits<int64_t>::max()};

}  // namespace

BOOST_AUTO_TEST_SUITE(guarded_env)

BOOST_DATA_TEST_CASE(fault_while_closing_loses_nothing, kFaultsOfClosing, fault) {
  FaultFs fs;
  LedgerDriver driver(12, fs.env());
  for (int i = 0; i < kWriters; ++i) {
    BOOST_REQUIRE(driver.AppendRandom());
    fs.Arm({fault.op, false, fault.disk_full, i % 4});
    driver.Close();
    fs.Disarm();
    BOOST_REQUIRE(driver.TryReopen());
  }
  driver.CheckAll();
}

// RocksDB's log of what it does is on the same disk, and asserts that no line before has failed.
BOOST_AUTO_TEST_CASE(disk_that_stays_full_is_an_error) {
  FaultFs fs;
  LedgerDriver driver(13, fs.env());
  int struck = 0;
  for (int after = 0; after < 60; ++after) {
    BOOST_REQUIRE(driver.AppendRandom());
    driver.Close();
    fs.Arm({.op = FileOp::kAppend,
            .persisted = false,
            .disk_full = true,
            .after = after,
            .for_good = true});
    if (driver.TryReopen()) driver.AppendRandom();
    driver.Close();
    if (!fs.fired()) break;
    ++struck;
    fs.Disarm();
    BOOST_REQUIRE(driver.TryReopen());
  }
  BOOST_CHECK_GE(struck, 5);
  fs.Disarm();
  BOOST_REQUIRE(driver.TryReopen());
  driver.CheckAll();
}

BOOST_AUTO_TEST_CASE(logs_are_counted_on_a_disk_that_fails) {
  FaultFs fs;
  rocksdb::Options options;
  options.env = fs.env();
  options.create_if_missing = true;
  rocksdb::DB* raw = nullptr;
  BOOST_REQUIRE(rocksdb::DB::Open(options, "/db", &raw).ok());
  const std::unique_ptr<rocksdb::DB> database(raw);
  BOOST_REQUIRE(database->Put(rocksdb::WriteOptions(), "row", "value").ok());
  for (int after : {0, 1, 2, 3}) {
    fs.Arm({FileOp::kLook, false, false, after});
    FlushLogs(*database);
    fs.Disarm();
  }
  std::string value;
  BOOST_CHECK(database->Get(rocksdb::ReadOptions(), "row", &value).ok());
}

BOOST_AUTO_TEST_CASE(rocksdb_keeps_no_log_of_what_it_does) {
  const LedgerWorld world;
  world.Open();
  BOOST_CHECK(!std::filesystem::exists(world.folder() + "/db/LOG"));
  std::filesystem::remove(world.folder() + "/db/CURRENT");
  const std::string copy = world.Beside("repaired");
  REQUIRE_VALUE(const auto repaired, OpenDamaged(world.folder(), copy, nullptr));
  BOOST_CHECK(ReadState(*repaired).has_value());
  BOOST_CHECK(!std::filesystem::exists(copy + "/db/LOG"));
}

BOOST_AUTO_TEST_CASE(a_file_is_looked_for_without_rocksdbs_own_look) {
  const auto asserting =
      rocksdb::NewCompositeEnv(std::make_shared<AssertingFiles>(rocksdb::FileSystem::Default()));
  const auto env = GuardedEnv(asserting.get());
  const auto look = [&](const std::string& name) {
    return env->GetFileSystem()->FileExists(name, rocksdb::IOOptions(), nullptr);
  };
  BOOST_CHECK(look("/").ok());
  BOOST_CHECK(look("/no such file").IsNotFound());
  BOOST_CHECK(look("damaged").IsIOError());
  BOOST_CHECK(env->FileExists("/").ok());
  BOOST_CHECK(env->FileExists("/no such file").IsNotFound());
  BOOST_CHECK(env->FileExists("damaged").IsIOError());
}

BOOST_DATA_TEST_CASE(any_time_will_do, kOddTimes, seconds) {
  SkewedEnv env(seconds);
  LedgerDriver driver(14, &env);
  for (int i = 0; i < 5; ++i) {
    BOOST_REQUIRE(driver.AppendRandom());
    driver.Close();
    BOOST_REQUIRE(driver.TryReopen());
  }
  driver.CheckAll();
}

BOOST_AUTO_TEST_SUITE_END()
