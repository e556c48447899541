#include "tests/ledger/raw_database.h"

#include <algorithm>
#include <filesystem>
#include <memory>

#include "core/file.h"
#include "ledger/keyspace.h"
#include "tests/support/test.h"

namespace carnet::test {

void RawDatabase::With(const std::function<void(rocksdb::DB&)>& use) const {
  rocksdb::DB* raw = nullptr;
  const auto status = rocksdb::DB::Open(rocksdb::Options(), path_, &raw);
  BOOST_REQUIRE_MESSAGE(status.ok(), status.ToString());
  const std::unique_ptr<rocksdb::DB> database(raw);
  use(*database);
}

std::string RawDatabase::Get(const std::string& key) const {
  std::string value;
  With([&](rocksdb::DB& database) {
    BOOST_REQUIRE_MESSAGE(database.Get(rocksdb::ReadOptions(), key, &value).ok(),
                          ledger::DescribeRow(key));
  });
  return value;
}

void RawDatabase::Put(const std::string& key, const std::string& value) const {
  With([&](rocksdb::DB& database) {
    BOOST_REQUIRE(database.Put(rocksdb::WriteOptions(), key, value).ok());
  });
}

void RawDatabase::Delete(const std::string& key) const {
  With([&](rocksdb::DB& database) {
    BOOST_REQUIRE(database.Delete(rocksdb::WriteOptions(), key).ok());
  });
}

std::map<std::string, std::string> RawDatabase::All() const {
  std::map<std::string, std::string> rows;
  With([&](rocksdb::DB& database) {
    const std::unique_ptr<rocksdb::Iterator> row(database.NewIterator(rocksdb::ReadOptions()));
    for (row->SeekToFirst(); row->Valid(); row->Next())
      rows.emplace(row->key().ToString(), row->value().ToString());
    BOOST_REQUIRE(row->status().ok());
  });
  return rows;
}

void RawDatabase::Settle() const {
  With([&](rocksdb::DB& database) {
    BOOST_REQUIRE(database.Flush(rocksdb::FlushOptions()).ok());
    BOOST_REQUIRE(database.CompactRange(rocksdb::CompactRangeOptions(), nullptr, nullptr).ok());
  });
}

bool RawDatabase::FilesContain(const std::vector<std::string>& parts) const {
  for (const auto& file : std::filesystem::directory_iterator(path_)) {
    REQUIRE_VALUE(const std::string content, ReadFile(file.path().string(), 1 << 28));
    for (const std::string& part : parts)
      if (content.find(part) != content.npos) return true;
  }
  return false;
}

std::string RawDatabase::NewestLog() const {
  std::string newest;
  for (const auto& file : std::filesystem::directory_iterator(path_))
    if (file.path().extension() == ".log" && file.file_size() > 0)
      newest = std::max(newest, file.path().string());
  BOOST_REQUIRE(!newest.empty());
  return newest;
}

}  // namespace carnet::test
