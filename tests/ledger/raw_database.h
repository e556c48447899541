// A ledger's rows through RocksDB alone, past everything that Carnet checks. The ledger must not be
// open.
#pragma once

#include <rocksdb/db.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace carnet::test {

class RawDatabase {
 public:
  explicit RawDatabase(const std::string& ledger_folder) : path_(ledger_folder + "/db") {}

  // Each fails the test case where RocksDB does.
  std::string Get(const std::string& key) const;
  void Put(const std::string& key, const std::string& value) const;
  void Delete(const std::string& key) const;
  std::map<std::string, std::string> All() const;
  // Flushed and merged into one table.
  void Settle() const;

  // Whether any file of the database contains one of these.
  bool FilesContain(const std::vector<std::string>& parts) const;
  // The file of RocksDB's log that was written last.
  std::string NewestLog() const;

 private:
  void With(const std::function<void(rocksdb::DB&)>& use) const;

  std::string path_;
};

}  // namespace carnet::test
