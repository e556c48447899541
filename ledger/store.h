// Store: the one handle on RocksDB. Rows in and out, synced batches, scans. Const methods are
// thread safe. Every error names the folder, and the row where there is one.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/result.h"

namespace rocksdb {
class DB;
class Env;
}  // namespace rocksdb

namespace carnet::ledger {

// Rows that are written together or not at all.
class RowBatch {
 public:
  void Put(std::string key, std::string value) {
    rows_.emplace_back(std::move(key), std::move(value));
  }
  // Truncate drops the rows that were put since there were `size` of them.
  size_t size() const { return rows_.size(); }
  void Truncate(size_t size) { rows_.resize(size); }

 private:
  friend class Store;
  std::vector<std::pair<std::string, std::string>> rows_;
};

class Store {
 public:
  enum class Mode {
    kCreate,
    kWrite,
    kReadOnly,
    kSalvage,  // read-only, past records of RocksDB's log that are damaged
  };

  // `env`: null for the operating system's own. Errors: not_found (no database), conflict (another
  // process has it open for writing), corruption, io.
  static Result<std::unique_ptr<Store>> Open(const std::string& folder, Mode mode,
                                             rocksdb::Env* env);
  ~Store();
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;

  // Absent when there is no such row.
  Result<std::optional<std::string>> Get(std::string_view key) const;
  // The same for many rows at once, in the order of `keys`.
  Result<std::vector<std::optional<std::string>>> GetAll(std::span<const std::string> keys) const;
  // Errors also: corruption when there is no such row.
  Result<std::string> Need(std::string_view key) const;

  // Visits the rows of [begin, end) in key order, until `visit` returns false.
  using Visitor = std::function<bool(std::string_view key, std::string_view value)>;
  Result<> Scan(std::string_view begin, std::string_view end, const Visitor& visit) const;

  // The same for the keys of rows that no table has yet, only RocksDB's log.
  using KeyVisitor = std::function<bool(std::string_view key)>;
  Result<> ScanLogged(std::string_view begin, std::string_view end, const KeyVisitor& visit) const;

  // Durable on return. After an error the outcome is unknown.
  Result<> Commit(RowBatch batch);
  // Neither synced nor certain: for a row that may be lost.
  void PutUnsynced(std::string_view key, std::string_view value);
  // Writes what only RocksDB's log holds into a table. What fails is left as it is.
  void MoveLogsToTables();
  // Merges all tables. Needs the disk space of a second ledger meanwhile.
  Result<> Compact();
  // Leaves no earlier value of these rows in any file of the database.
  Result<> Purge(const std::vector<std::string>& keys);

  // Closing it moves no row from RocksDB's log into tables, and merges none.
  void LeaveAsFound() { leaves_ = true; }

  const std::string& folder() const { return folder_; }
  // An error in a row's value: "<folder>: <row>: <what>".
  Error InRow(std::string_view key, const Error& error) const;

 private:
  Store(std::string folder, std::unique_ptr<rocksdb::Env> env, std::unique_ptr<rocksdb::DB> db,
        Mode mode);
  void LeaveToThreads(size_t bytes);

  std::string folder_;
  std::unique_ptr<rocksdb::Env> env_;  // outlives db_
  std::unique_ptr<rocksdb::DB> db_;
  const bool writes_;
  bool leaves_ = false;
  bool tidies_;         // as a writer of few rows does when it closes
  size_t written_ = 0;  // bytes, until RocksDB's threads merge tables
};

}  // namespace carnet::ledger
