// A file of RocksDB's log that is gone, or ends early: RocksDB says nothing of either, and every
// row of the commits in it is absent. Whoever asks is told that the database is damaged, not that
// there is nothing.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "ledger/compact.h"
#include "ledger/erase.h"
#include "ledger/keyspace.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kLost[] = "the row is missing: a part of the database is lost";

struct LoggedWorld : LedgerWorld {
  std::set<fs::path> Files(const std::string& extension) const {
    std::set<fs::path> files;
    for (const auto& file : fs::directory_iterator(folder() + "/db"))
      if (file.path().extension() == extension) files.insert(file.path());
    return files;
  }
  std::set<fs::path> Logs() const { return Files(".log"); }
  // By a writer of its own, as a command is: the log that it began, and the last statement.
  fs::path Append(uint64_t entries = 1) {
    const auto before = Logs();
    std::vector<Submission> batch;
    for (uint64_t i = 0; i < entries; ++i) batch.push_back(lab.Submit(lab.Device()));
    last = batch.back().id();
    BOOST_REQUIRE(Open()->Append(batch).has_value());
    const auto after = Logs();
    std::vector<fs::path> made;
    std::set_difference(after.begin(), after.end(), before.begin(), before.end(),
                        std::back_inserter(made));
    std::erase_if(made, [](const fs::path& log) { return fs::file_size(log) == 0; });
    BOOST_REQUIRE_EQUAL(made.size(), 1);
    return made.front();
  }
  void CheckNamed(uint64_t entry) const {
    const std::string expected = "entry " + std::to_string(entry) + ": " + kLost;
    CHECK_ERROR(Reader::Open(folder()), ErrorCode::kCorruption, expected);
    CHECK_ERROR(TryOpen(), ErrorCode::kCorruption, expected);
    CHECK_ERROR(Compact(folder()), ErrorCode::kCorruption, expected);
    CHECK_ERROR(Erase(folder(), *last, TimestampMs(1), "why"), ErrorCode::kCorruption, expected);
    BOOST_CHECK(!Fsck().findings.empty());
  }
  void CheckWhole(uint64_t size) const {
    REQUIRE_VALUE(const auto reader, Reader::Open(folder()));
    BOOST_CHECK_EQUAL(reader->size().value(), size);
    CheckClean();
  }

  std::optional<StatementId> last;
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(lost_log, LoggedWorld)

BOOST_AUTO_TEST_CASE(nobody_answers_from_a_ledger_that_lacks_a_log) {
  std::vector<fs::path> logs;
  for (int i = 0; i < 6; ++i) logs.push_back(Append());
  for (uint64_t entry = 0; entry + 1 < logs.size(); ++entry) {
    fs::rename(logs[entry], Beside("aside"));
    CheckNamed(entry);
    fs::rename(Beside("aside"), logs[entry]);
    CheckWhole(logs.size());
  }
  fs::rename(logs.back(), Beside("aside"));
  CHECK_ERROR(Reader::Open(folder()), ErrorCode::kRejected, "older than the last signed");
}

BOOST_AUTO_TEST_CASE(nobody_answers_from_a_ledger_whose_older_log_ends_early) {
  const fs::path first = Append();
  const fs::path second = Append();
  Append();
  const uint64_t size = fs::file_size(second);
  fs::copy_file(second, Beside("whole"));
  for (const uint64_t kept : {uint64_t{0}, uint64_t{20}, size / 4}) {
    fs::resize_file(second, kept);
    CheckNamed(1);
  }
  fs::copy_file(Beside("whole"), second, fs::copy_options::overwrite_existing);
  CheckWhole(3);
  fs::resize_file(first, 10);
  CheckNamed(0);
}

// The writer's own check of the last tile does not reach so far back.
BOOST_AUTO_TEST_CASE(a_commit_is_missed_however_long_ago_it_was) {
  Append(300);
  const fs::path lost = Append(2);
  Append(300);
  fs::remove(lost);
  CheckNamed(301);
}

// So many logs a writer puts into a table as it closes, and then readers could not see the gap.
BOOST_AUTO_TEST_CASE(a_ledger_that_lacks_a_log_is_left_as_it_was_found) {
  Append();
  const fs::path lost = Append();
  Append();
  fs::remove(lost);
  for (int i = 0; i < 40; ++i)
    std::ofstream(folder() + "/db/" + std::to_string(900'000 + i) + ".log");
  const auto tables = Files(".sst");
  CheckNamed(1);
  CheckNamed(1);
  BOOST_CHECK(Files(".sst") == tables);
}

// Rows of old entries that were written anew are in a log, and what is after them is in tables.
BOOST_AUTO_TEST_CASE(an_old_entry_that_was_written_anew_is_no_gap_and_hides_none) {
  for (int i = 0; i < 5; ++i) Append();
  BOOST_REQUIRE(Compact(folder()).has_value());
  const RawDatabase raw(folder());
  raw.Put(EntryKey(LeafIndex(1)), raw.Get(EntryKey(LeafIndex(1))));
  CheckWhole(5);
  const fs::path lost = Append();
  Append();
  CheckWhole(7);
  fs::remove(lost);
  CheckNamed(5);
}

BOOST_AUTO_TEST_CASE(the_last_entry_is_looked_for_as_well) {
  Append();
  Append();
  const RawDatabase raw(folder());
  raw.Settle();
  const std::string row = raw.Get(EntryKey(LeafIndex(1)));
  raw.Delete(EntryKey(LeafIndex(1)));
  CheckNamed(1);
  raw.Put(EntryKey(LeafIndex(1)), row);
  CheckWhole(2);
}

// Its entry's row would be in a later log, and the rows of the index only in the one that is lost.
BOOST_AUTO_TEST_CASE(a_text_that_was_restored_leaves_no_log_that_could_be_lost) {
  Submission device = lab.Submit(lab.Device());
  const Bytes text = device.payload();
  device.Withhold(TimestampMs(1'790'000'000'000), "under contract");
  BOOST_REQUIRE(Open()->Append({&device, 1}).has_value());
  Append();
  REQUIRE_VALUE(const auto restored, Restore(folder(), {text}));
  BOOST_REQUIRE_EQUAL(restored.size(), 1);
  for (const fs::path& log : Logs()) BOOST_CHECK_EQUAL(fs::file_size(log), 0);
  CheckWhole(2);
}

BOOST_AUTO_TEST_CASE(an_empty_ledger_has_lost_nothing) {
  { const auto made = Open(); }
  CheckWhole(0);
}

BOOST_AUTO_TEST_SUITE_END()
