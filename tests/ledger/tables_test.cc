#include "ledger/tables.h"

#include <rocksdb/db.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>

#include "ledger/compact.h"
#include "ledger/folder_lock.h"
#include "tests/ledger/ledger_world.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::ledger;
using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

std::set<std::string> FilesOf(const std::string& folder, const std::string& extension) {
  std::set<std::string> names;
  for (const auto& file : fs::directory_iterator(folder)) {
    if (file.path().extension() == extension) names.insert(file.path().filename());
  }
  return names;
}

// A database as short-lived writers leave it: each table by a flush of its own, none merged.
struct Tables {
  Tables() {
    rocksdb::Options options;
    options.create_if_missing = true;
    options.disable_auto_compactions = true;
    options.compression = rocksdb::kNoCompression;
    rocksdb::DB* raw = nullptr;
    BOOST_REQUIRE(rocksdb::DB::Open(options, folder / "db", &raw).ok());
    db.reset(raw);
  }

  // Rows of `bytes` in all, each of which most earlier tables have as well with another value.
  void Add(size_t bytes) {
    constexpr size_t kRow = 1'000;
    ++last;
    for (size_t row = 0; row < std::max<size_t>(bytes / kRow, 1); ++row) {
      const std::string key = "row " + std::to_string(row);
      rows[key] = std::to_string(last) + std::string(kRow, 'x');
      BOOST_REQUIRE(db->Put(rocksdb::WriteOptions(), key, rows[key]).ok());
    }
    BOOST_REQUIRE(db->Flush(rocksdb::FlushOptions()).ok());
  }

  std::vector<uint64_t> Sizes() const {
    rocksdb::ColumnFamilyMetaData all;
    db->GetColumnFamilyMetaData(&all);
    std::vector<uint64_t> sizes;
    for (const auto& level : all.levels) {
      for (const auto& table : level.files) sizes.push_back(table.size);
    }
    return sizes;
  }

  void CheckRows() const {
    for (const auto& [key, expected] : rows) {
      std::string value;
      BOOST_REQUIRE(db->Get(rocksdb::ReadOptions(), key, &value).ok());
      BOOST_REQUIRE_EQUAL(value.substr(0, 8), expected.substr(0, 8));
    }
  }

  ScratchFolder folder;
  std::unique_ptr<rocksdb::DB> db;
  std::map<std::string, std::string> rows;
  int last = 0;
};

}  // namespace

BOOST_AUTO_TEST_SUITE(tables)

BOOST_AUTO_TEST_CASE(many_new_tables_become_few_and_the_newest_rows_win) {
  Tables tables;
  std::mt19937_64 dice(8);
  for (int i = 0; i < 200; ++i) {
    tables.Add(1'000 + dice() % 20'000);
    MergeNewTables(*tables.db);
    BOOST_REQUIRE_LE(tables.Sizes().size(), 16u);
  }
  tables.CheckRows();
}

BOOST_AUTO_TEST_CASE(a_table_larger_than_all_newer_ones_is_left_alone) {
  Tables tables;
  tables.Add(4'000'000);
  const auto large = FilesOf(tables.folder / "db", ".sst");
  BOOST_REQUIRE_EQUAL(large.size(), 1u);
  for (int i = 0; i < 100; ++i) {
    tables.Add(10'000);
    MergeNewTables(*tables.db);
  }
  const auto all = FilesOf(tables.folder / "db", ".sst");
  BOOST_CHECK(all.contains(*large.begin()));
  BOOST_CHECK_LE(all.size(), 16u);
  tables.CheckRows();
}

BOOST_AUTO_TEST_CASE(seven_tables_stay) {
  Tables tables;
  for (int i = 0; i < 7; ++i) tables.Add(1'000);
  MergeNewTables(*tables.db);
  BOOST_CHECK_EQUAL(tables.Sizes().size(), 7u);
  tables.Add(1'000);
  MergeNewTables(*tables.db);
  BOOST_CHECK_EQUAL(tables.Sizes().size(), 1u);
}

BOOST_AUTO_TEST_CASE(short_lived_writers_leave_few_files_and_rewrite_no_table) {
  LedgerWorld world;
  for (int i = 0; i < 3; ++i) AppendOne(*world.Open(), world.lab.Submit(world.lab.Device()));
  BOOST_REQUIRE(Compact(world.folder()).has_value());
  const std::string database = world.folder() + "/db";
  const auto before = FilesOf(database, ".sst");
  BOOST_REQUIRE_EQUAL(before.size(), 1u);
  for (int i = 0; i < 70; ++i) AppendOne(*world.Open(), world.lab.Submit(world.lab.Device()));
  const auto after = FilesOf(database, ".sst");
  BOOST_CHECK(after.contains(*before.begin()));
  BOOST_CHECK_EQUAL(after.size(), 3u);  // one for each 32 writers
  BOOST_CHECK_LE(FilesOf(database, ".log").size(), 32u);
  world.CheckClean();
}

// Whoever opens the ledger next reads the logs again.
BOOST_AUTO_TEST_CASE(a_writer_of_many_rows_leaves_a_short_log) {
  LedgerWorld world;
  for (const size_t entries : {2'000u, 12'000u}) {  // the second fills a memtable
    {
      const auto ledger = world.Open();
      std::vector<Submission> batch;
      for (size_t i = 0; i < entries; ++i)
        batch.push_back(world.lab.Submit(world.lab.Dataset({}, 2'000)));
      BOOST_REQUIRE(ledger->Append(batch).has_value());
    }
    uint64_t bytes = 0;
    const std::string database = world.folder() + "/db";
    for (const std::string& log : FilesOf(database, ".log"))
      bytes += fs::file_size(database + "/" + log);
    BOOST_CHECK_LT(bytes, 1u << 20);
  }
  world.CheckClean();
}

BOOST_AUTO_TEST_CASE(compacted_ledger_has_one_table_and_all_entries) {
  LedgerWorld world;
  for (int i = 0; i < 40; ++i) AppendOne(*world.Open(), world.lab.Submit(world.lab.Device()));
  BOOST_REQUIRE(Compact(world.folder()).has_value());
  BOOST_CHECK_EQUAL(FilesOf(world.folder() + "/db", ".sst").size(), 1u);
  world.CheckClean();
  const auto ledger = world.Open();
  REQUIRE_VALUE(const auto reader, ledger->Read());
  BOOST_CHECK_EQUAL(reader->size().value(), 40u);
}

BOOST_AUTO_TEST_CASE(no_ledger_is_compacted_beside_its_writer) {
  const LedgerWorld world;
  CHECK_ERROR(Compact(world.Beside("nothing")), ErrorCode::kNotFound, "nothing");
  const auto writer = world.Open();
  CHECK_ERROR(Compact(world.folder()), ErrorCode::kConflict, "another writer has it open");
}

BOOST_AUTO_TEST_SUITE_END()
