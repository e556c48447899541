#include "ledger/store.h"

#include <rocksdb/cache.h>
#include <rocksdb/db.h>
#include <rocksdb/env.h>
#include <rocksdb/filter_policy.h>
#include <rocksdb/iterator.h>
#include <rocksdb/options.h>
#include <rocksdb/table.h>
#include <rocksdb/write_batch.h>

#include <algorithm>
#include <chrono>
#include <thread>
#include <vector>

#include "ledger/guarded_env.h"
#include "ledger/keyspace.h"
#include "ledger/rocksdb_error.h"
#include "ledger/tables.h"

namespace carnet::ledger {
namespace {

constexpr size_t kWriteBufferBytes = size_t{32} << 20;  // also the log that a reader replays
constexpr int kTablesThatStop = 10'000;                 // at level 0
constexpr size_t kProtectionBytes = 8;  // a checksum a row, from the batch to the memtable
constexpr size_t kBlockCacheBytes = size_t{64} << 20;
// While a reader opens its files a writer may merge a table away, or put a log into one: see
// OpenReadOnly.
constexpr int kOpenAttempts = 50;
constexpr int kAttemptsAfterErrors = 6;  // which a merged table looks like, too
constexpr std::chrono::milliseconds kOpenPause(10);

rocksdb::Slice SliceOf(std::string_view text) { return {text.data(), text.size()}; }
std::string_view ViewOf(const rocksdb::Slice& slice) { return {slice.data(), slice.size()}; }

rocksdb::BlockBasedTableOptions TableOptions() {
  rocksdb::BlockBasedTableOptions table;
  table.block_cache = rocksdb::NewLRUCache(kBlockCacheBytes);
  table.filter_policy.reset(rocksdb::NewBloomFilterPolicy(10, false));
  table.data_block_index_type = rocksdb::BlockBasedTableOptions::kDataBlockBinaryAndHash;
  table.format_version = 5;
  // Indices and filters count as blocks, in parts: else they stay in memory whole, 1.5 GB at 10^8
  // entries.
  table.cache_index_and_filter_blocks = true;
  table.pin_l0_filter_and_index_blocks_in_cache = true;
  table.index_type = rocksdb::BlockBasedTableOptions::kTwoLevelIndexSearch;
  table.partition_filters = true;
  return table;
}

bool ReadsOnly(Store::Mode mode) {
  return mode == Store::Mode::kReadOnly || mode == Store::Mode::kSalvage;
}

rocksdb::Options OptionsOf(Store::Mode mode, rocksdb::Env* env) {
  rocksdb::Options options;
  options.env = env;
  options.create_if_missing = mode == Store::Mode::kCreate;
  options.error_if_exists = mode == Store::Mode::kCreate;
  // The default mode silently drops every row after a flipped bit in the log.
  options.wal_recovery_mode = mode == Store::Mode::kSalvage
                                  ? rocksdb::WALRecoveryMode::kSkipAnyCorruptedRecords
                                  : rocksdb::WALRecoveryMode::kTolerateCorruptedTailRecords;
  options.write_buffer_size = kWriteBufferBytes;
  // Most look-ups of a commit are for rows that do not exist: this spares a search of the memtable.
  options.memtable_prefix_bloom_size_ratio = 0.05;
  options.memtable_whole_key_filtering = true;
  options.compression = rocksdb::kNoCompression;  // digests; and look-ups need no inflating
  // A short-lived writer appends to a log and merges no tables: see tables.h. The counts of tables
  // at which writes would wait are those of a ledger whose tables have never been merged.
  options.avoid_flush_during_recovery = true;
  options.disable_auto_compactions = true;
  options.level0_slowdown_writes_trigger = options.level0_stop_writes_trigger = kTablesThatStop;
  options.info_log = NoLog();
  options.table_factory.reset(rocksdb::NewBlockBasedTableFactory(TableOptions()));
  return options;
}

// Tables and logs, sorted.
rocksdb::Status ListRowFiles(rocksdb::Env& env, const std::string& path,
                             std::vector<std::string>& names) {
  auto status = env.GetChildren(path, &names);
  std::erase_if(names, [](const std::string& name) {
    return !name.ends_with(".log") && !name.ends_with(".sst");
  });
  std::sort(names.begin(), names.end());
  return status;
}

// RocksDB reads the list of tables first, and then whatever logs are there. If a writer has put a
// log into a table between the two, its rows are in neither, and nothing is said. So what was
// there before must still be there afterwards.
rocksdb::Status OpenReadOnly(const rocksdb::Options& options, const std::string& path,
                             std::unique_ptr<rocksdb::DB>& db) {
  for (int attempt = 1;; ++attempt) {
    std::vector<std::string> before, after;
    rocksdb::DB* raw = nullptr;
    auto status = ListRowFiles(*options.env, path, before);
    if (status.ok()) status = rocksdb::DB::OpenForReadOnly(options, path, &raw);
    db.reset(raw);
    if (status.ok()) status = ListRowFiles(*options.env, path, after);
    const bool stood_still =
        std::includes(after.begin(), after.end(), before.begin(), before.end());
    if (status.ok() && stood_still) return status;
    if (attempt == kOpenAttempts)
      return status.ok() ? rocksdb::Status::Busy("a writer keeps changing it: try again") : status;
    if (!status.ok() && attempt >= kAttemptsAfterErrors) return status;
    std::this_thread::sleep_for(kOpenPause);
  }
}

rocksdb::Status OpenDatabase(const std::string& path, Store::Mode mode, rocksdb::Env* env,
                             std::unique_ptr<rocksdb::DB>& db) {
  const rocksdb::Options options = OptionsOf(mode, env);
  if (ReadsOnly(mode)) return OpenReadOnly(options, path, db);
  rocksdb::DB* raw = nullptr;
  auto status = rocksdb::DB::Open(options, path, &raw);
  db.reset(raw);
  return status;
}

}  // namespace

Store::Store(std::string folder, std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db,
             Mode mode)
    : folder_(std::move(folder)),
      env_(std::move(env)),
      db_(std::move(db)),
      writes_(!ReadsOnly(mode)),
      tidies_(writes_) {}

Store::~Store() {
  if (!writes_ || leaves_) return;
  FlushLogs(*db_);
  if (tidies_) MergeNewTables(*db_);
}

Result<std::unique_ptr<Store>> Store::Open(const std::string& folder, Mode mode,
                                           rocksdb::Env* env) {
  const std::string path = folder + "/db";
  auto guarded = GuardedEnv(env);
  if (mode != Mode::kCreate && guarded->FileExists(path + "/CURRENT").IsNotFound())
    return NotFound(path + ": no database");
  std::unique_ptr<rocksdb::DB> db;
  if (const auto status = OpenDatabase(path, mode, guarded.get(), db); !status.ok())
    return FromStatus(status, path + ": open");
  return std::unique_ptr<Store>(new Store(folder, std::move(guarded), std::move(db), mode));
}

void Store::MoveLogsToTables() { db_->Flush(rocksdb::FlushOptions()).PermitUncheckedError(); }

Result<> Store::Compact() { return MergeAllTables(*db_, folder_); }

Result<> Store::Purge(const std::vector<std::string>& keys) {
  return ForgetOldValues(*db_, folder_, keys);
}

// From its second table on a writer is one that lasts.
void Store::LeaveToThreads(size_t bytes) {
  if (!tidies_) return;
  written_ += bytes;
  if (written_ <= kWriteBufferBytes) return;
  tidies_ = !db_->EnableAutoCompaction({db_->DefaultColumnFamily()}).ok();
}

Result<std::optional<std::string>> Store::Get(std::string_view key) const {
  std::string value;
  const auto status =
      db_->Get(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), SliceOf(key), &value);
  if (status.IsNotFound()) return std::optional<std::string>();
  if (!status.ok()) return FromStatus(status, folder_ + ": " + DescribeRow(key));
  return std::optional<std::string>(std::move(value));
}

Result<std::vector<std::optional<std::string>>> Store::GetAll(
    std::span<const std::string> keys) const {
  const std::vector<rocksdb::Slice> slices(keys.begin(), keys.end());
  std::vector<rocksdb::PinnableSlice> values(keys.size());
  std::vector<rocksdb::Status> statuses(keys.size());
  db_->MultiGet(rocksdb::ReadOptions(), db_->DefaultColumnFamily(), keys.size(), slices.data(),
                values.data(), statuses.data());
  std::vector<std::optional<std::string>> found(keys.size());
  for (size_t i = 0; i < keys.size(); ++i) {
    if (statuses[i].ok())
      found[i] = values[i].ToString();
    else if (!statuses[i].IsNotFound())
      return FromStatus(statuses[i], folder_ + ": " + DescribeRow(keys[i]));
  }
  return found;
}

Result<std::string> Store::Need(std::string_view key) const {
  CARNET_TRY(auto value, Get(key));
  if (!value) return InRow(key, Corruption("the row is missing"));
  return std::move(*value);
}

Result<> Store::Scan(std::string_view begin, std::string_view end, const Visitor& visit) const {
  rocksdb::ReadOptions options;
  const rocksdb::Slice bound = SliceOf(end);
  options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options));
  for (row->Seek(SliceOf(begin)); row->Valid(); row->Next())
    if (!visit(ViewOf(row->key()), ViewOf(row->value()))) return Ok();
  if (!row->status().ok())
    return FromStatus(row->status(), folder_ + ": rows from " + DescribeRow(begin));
  return Ok();
}

Result<> Store::ScanLogged(std::string_view begin, std::string_view end,
                           const KeyVisitor& visit) const {
  rocksdb::ReadOptions options;
  options.read_tier = rocksdb::ReadTier::kMemtableTier;
  const rocksdb::Slice bound = SliceOf(end);
  options.iterate_upper_bound = &bound;
  const std::unique_ptr<rocksdb::Iterator> row(db_->NewIterator(options));
  for (row->Seek(SliceOf(begin)); row->Valid() && visit(ViewOf(row->key()));) row->Next();
  if (!row->status().ok())
    return FromStatus(row->status(), folder_ + ": logged rows from " + DescribeRow(begin));
  return Ok();
}

Result<> Store::Commit(RowBatch batch) {
  // In key order: RocksDB then finds a row's place from that of the row before it, which halves
  // the time of a large batch.
  std::sort(batch.rows_.begin(), batch.rows_.end());
  rocksdb::WriteBatch rows(0, 0, kProtectionBytes, 0);
  for (const auto& [key, value] : batch.rows_)
    CARNET_CHECK(rows.Put(SliceOf(key), SliceOf(value)).ok());
  rocksdb::WriteOptions options;
  options.sync = true;
  if (const auto status = db_->Write(options, &rows); !status.ok())
    return FromStatus(status, folder_ + ": write");
  LeaveToThreads(rows.GetDataSize());
  return Ok();
}

void Store::PutUnsynced(std::string_view key, std::string_view value) {
  db_->Put(rocksdb::WriteOptions(), SliceOf(key), SliceOf(value)).PermitUncheckedError();
}

Error Store::InRow(std::string_view key, const Error& error) const {
  return error.In(DescribeRow(key)).In(folder_);
}

}  // namespace carnet::ledger
