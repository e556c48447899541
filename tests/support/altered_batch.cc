#include "tests/support/altered_batch.h"

#include <rocksdb/db.h>
#include <rocksdb/utilities/stackable_db.h>
#include <rocksdb/write_batch.h>

#include "core/check.h"

namespace carnet::test {
namespace {

AlteredBatch* current = nullptr;

class RowReader : public rocksdb::WriteBatch::Handler {
 public:
  rocksdb::Status PutCF(uint32_t, const rocksdb::Slice& key, const rocksdb::Slice& value) override {
    rows.insert_or_assign(key.ToString(), value.ToString());
    return rocksdb::Status::OK();
  }
  AlteredBatch::Rows rows;
};

class AlteringDb : public rocksdb::StackableDB {
 public:
  using StackableDB::StackableDB;

  rocksdb::Status Write(const rocksdb::WriteOptions& options, rocksdb::WriteBatch* batch) override {
    if (current == nullptr || current->fired()) return StackableDB::Write(options, batch);
    RowReader given;
    CARNET_CHECK(batch->Iterate(&given).ok());
    rocksdb::WriteBatch altered;
    const auto stored = [this](const std::string& key) {
      std::string value;
      CARNET_CHECK(Get(rocksdb::ReadOptions(), DefaultColumnFamily(), key, &value).ok());
      return value;
    };
    for (const auto& [key, value] : current->Alter(given.rows, stored))
      CARNET_CHECK(altered.Put(key, value).ok());
    return StackableDB::Write(options, &altered);
  }
};

}  // namespace

AlteredBatch::AlteredBatch() {
  CARNET_CHECK(current == nullptr);
  current = this;
}

AlteredBatch::~AlteredBatch() { current = nullptr; }

AlteredBatch::Rows AlteredBatch::Alter(
    const Rows& given, const std::function<std::string(const std::string&)>& stored) {
  Rows altered = given;
  alteration_(altered);
  alteration_ = nullptr;
  right_ = given;
  for (const auto& [key, value] : altered)
    if (!given.contains(key)) right_[key] = stored(key);
  return altered;
}

// The linker passes calls of DB::Open here, and makes it known as `__real_…`.
#define CARNET_DB_OPEN \
  "_ZN7rocksdb2DB4OpenERKNS_7OptionsERKNSt7__cxx1112basic_stringIcSt11char_traitsIcESaIcEEEPPS0_"
rocksdb::Status RealOpen(const rocksdb::Options& options, const std::string& path,
                         rocksdb::DB** db) asm("__real_" CARNET_DB_OPEN);
rocksdb::Status WrapOpen(const rocksdb::Options& options, const std::string& path,
                         rocksdb::DB** db) asm("__wrap_" CARNET_DB_OPEN);
rocksdb::Status WrapOpen(const rocksdb::Options& options, const std::string& path,
                         rocksdb::DB** db) {
  rocksdb::Status opened = RealOpen(options, path, db);
  if (opened.ok() && current != nullptr) *db = new AlteringDb(*db);
  return opened;
}

}  // namespace carnet::test
