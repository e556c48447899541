#include "ledger/tables.h"

#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/metadata.h>
#include <rocksdb/options.h>

#include <algorithm>
#include <string>
#include <vector>

#include "ledger/rocksdb_error.h"

namespace carnet::ledger {
namespace {

constexpr size_t kManyTables = 8;
constexpr uint64_t kMergedBytes = uint64_t{64} << 20;
constexpr size_t kManyLogs = 32;
constexpr uint64_t kLongLogs = uint64_t{1} << 20;  // all together: read in 10 ms

}  // namespace

void MergeNewTables(rocksdb::DB& db) {
  rocksdb::ColumnFamilyMetaData all;
  db.GetColumnFamilyMetaData(&all);
  if (all.levels.empty()) return;
  auto tables = all.levels.front().files;
  // Level 0 is a sequence in time: only neighbours may become one.
  std::sort(tables.begin(), tables.end(),
            [](const auto& a, const auto& b) { return a.largest_seqno > b.largest_seqno; });
  std::vector<std::string> newest;
  uint64_t bytes = 0;
  for (const auto& table : tables) {
    if (!newest.empty() && (table.size > bytes || table.size > kMergedBytes - bytes)) break;
    newest.push_back(table.name);
    bytes += table.size;
  }
  if (newest.size() < kManyTables) return;
  rocksdb::CompactionOptions options;
  options.compression = rocksdb::kNoCompression;
  db.CompactFiles(options, newest, 0).PermitUncheckedError();
}

void FlushLogs(rocksdb::DB& db) {
  // Not GetSortedWalFiles: in Debian's build an I/O error within it ends the process.
  rocksdb::Env& env = *db.GetEnv();
  std::vector<std::string> names;
  if (!env.GetChildren(db.GetName(), &names).ok()) return;
  size_t logs = 0;
  uint64_t bytes = 0;
  for (const std::string& name : names) {
    uint64_t size = 0;
    if (!name.ends_with(".log")) continue;
    ++logs;
    if (env.GetFileSize(db.GetName() + "/" + name, &size).ok()) bytes += size;
  }
  if (logs < kManyLogs && bytes < kLongLogs) return;
  db.Flush(rocksdb::FlushOptions()).PermitUncheckedError();
}

Result<> MergeAllTables(rocksdb::DB& db, const std::string& folder) {
  const auto status = db.CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr);
  if (!status.ok()) return FromStatus(status, folder + ": compact");
  return Ok();
}

Result<> ForgetOldValues(rocksdb::DB& db, const std::string& folder,
                         const std::vector<std::string>& keys) {
  // Old logs go with the memtable that they filled.
  auto status = db.Flush(rocksdb::FlushOptions());
  rocksdb::CompactRangeOptions options;
  // Else a table that is alone with its rows is moved or left as it is.
  options.bottommost_level_compaction = rocksdb::BottommostLevelCompaction::kForce;
  for (const std::string& key : keys) {
    const rocksdb::Slice row(key);
    if (status.ok()) status = db.CompactRange(options, &row, &row);
  }
  if (!status.ok()) return FromStatus(status, folder + ": removing old values");
  return Ok();
}

}  // namespace carnet::ledger
