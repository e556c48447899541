// fsck on several threads and in ranges: the same findings as in one piece.
#include <algorithm>

#include "ledger/fsck/fsck.h"
#include "ledger/keyspace.h"
#include "ledger/tile_rows.h"
#include "tests/ledger/ledger_world.h"
#include "tests/ledger/raw_database.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

constexpr uint64_t kEntries = 9'000;  // three parts of a thread, the last of them short

// Made once: signatures take the time.
struct LargeWorld : LedgerWorld {
  LargeWorld() {
    const auto ledger = Open();
    for (uint64_t done = 0; done < kEntries; done += 1'000) {
      std::vector<Submission> batch;
      for (int i = 0; i < 1'000; ++i) {
        const auto envelope = lab.Device();
        REQUIRE_VALUE(auto submission, Submission::InsecureAssumeVerified(envelope, lab.key()));
        batch.push_back(std::move(submission));
      }
      BOOST_REQUIRE(ledger->Append(batch).has_value());
    }
  }
};

const LargeWorld& World() {
  static const LargeWorld world;
  return world;
}

FsckReport Check(const FsckOptions& options) {
  REQUIRE_VALUE(auto report, Fsck(World().folder(), options));
  return report;
}

FsckOptions Range(uint64_t from, std::optional<uint64_t> to, unsigned threads = 1) {
  FsckOptions options;
  options.from = from;
  options.to = to;
  options.threads = threads;
  return options;
}

void Flip(const std::string& key, size_t byte) {
  const RawDatabase rows(World().folder());
  std::string value = rows.Get(key);
  value.at(byte) = static_cast<char>(value.at(byte) ^ 4);
  rows.Put(key, value);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(fsck_ranges)

BOOST_AUTO_TEST_CASE(threads_find_what_one_finds, *LongOnOneThread()) {
  for (const uint64_t index : {3u, 4'095u, 4'096u, 8'999u}) Flip(EntryKey(LeafIndex(index)), 400);
  Flip(TileKey({0, 20}), 40);
  RawDatabase(World().folder())
      .Put(SegmentKey({StatementId(std::array<uint8_t, 32>{}), 1, 2}), EncodeIndex(LeafIndex(7)));
  const FsckReport one = Check(Range(0, std::nullopt));
  BOOST_CHECK_EQUAL(one.findings.size(), 6u);
  for (const unsigned threads : {2u, 5u}) {
    const FsckReport several = Check(Range(0, std::nullopt, threads));
    BOOST_CHECK_EQUAL_COLLECTIONS(one.findings.begin(), one.findings.end(),
                                  several.findings.begin(), several.findings.end());
    BOOST_CHECK_EQUAL(one.rows_checked, several.rows_checked);
  }
  for (const uint64_t index : {3u, 4'095u, 4'096u, 8'999u}) Flip(EntryKey(LeafIndex(index)), 400);
  Flip(TileKey({0, 20}), 40);
  RawDatabase(World().folder()).Delete(SegmentKey({StatementId(std::array<uint8_t, 32>{}), 1, 2}));
  World().CheckClean();
}

BOOST_AUTO_TEST_CASE(ranges_that_cover_a_ledger_check_every_entry_and_tile, *LongOnOneThread()) {
  const std::vector<std::string> damaged = {EntryKey(LeafIndex(5)),     EntryKey(LeafIndex(2'559)),
                                            EntryKey(LeafIndex(2'560)), TileKey({0, 9}),
                                            TileKey({0, 35}),           TileKey({1, 0})};
  const std::vector<uint64_t> borders = {0, 2'560, 7'680, 9'000};
  for (const std::string& key : damaged) {
    Flip(key, 100);
    size_t found = 0;
    for (size_t i = 0; i + 1 < borders.size(); ++i) {
      const FsckReport report = Check(Range(borders[i], borders[i + 1]));
      found += static_cast<size_t>(
          std::count_if(report.findings.begin(), report.findings.end(), [&](const auto& finding) {
            return finding.find(DescribeRow(key)) != std::string::npos;
          }));
    }
    BOOST_CHECK_MESSAGE(found >= 1, DescribeRow(key));
    Flip(key, 100);
  }
  for (size_t i = 0; i + 1 < borders.size(); ++i) {
    const FsckReport clean = Check(Range(borders[i], borders[i + 1], 2));
    for (const std::string& finding : clean.findings) BOOST_ERROR(finding);
    BOOST_CHECK_EQUAL(clean.from, borders[i]);
    BOOST_CHECK_EQUAL(clean.to, borders[i + 1]);
    BOOST_CHECK_EQUAL(clean.size.value(), kEntries);
  }
}

BOOST_AUTO_TEST_CASE(progress_counts_the_entries_of_the_range) {
  uint64_t last = 0;
  FsckOptions options = Range(512, 8'192, 2);
  options.progress = [&](uint64_t done, uint64_t total) {
    BOOST_CHECK_GT(done, last);
    BOOST_CHECK_EQUAL(total, 8'192u - 512);
    last = done;
  };
  Check(options);
  BOOST_CHECK_EQUAL(last, 8'192u - 512);
}

BOOST_AUTO_TEST_CASE(what_is_not_a_range_is_refused) {
  for (const auto& [from, to] : std::vector<std::pair<uint64_t, uint64_t>>{
           {1, 300}, {512, 256}, {9'216, 10'000}, {UINT64_MAX - 255, UINT64_MAX}}) {
    CHECK_ERROR(Fsck(World().folder(), Range(from, to)), ErrorCode::kRejected, "is not a range");
  }
  BOOST_CHECK_EQUAL(Check(Range(0, UINT64_MAX)).to, kEntries);
}

BOOST_AUTO_TEST_CASE(a_range_does_not_begin_where_the_tree_before_it_is_lost) {
  const RawDatabase rows(World().folder());
  const std::string key = TileKey({0, 9});
  const std::string value = rows.Get(key);
  rows.Delete(key);
  const auto findings = Check(Range(2'560, 5'120)).findings;
  BOOST_REQUIRE_EQUAL(findings.size(), 1u);
  BOOST_CHECK(findings[0].find("tile 0/9: the row is missing") != std::string::npos);
  rows.Put(key, value);
  World().CheckClean();
}

BOOST_AUTO_TEST_SUITE_END()
