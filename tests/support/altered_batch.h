// Rows that RocksDB stores otherwise than they were given, and protects with good checksums: what a
// bit that changes in memory does between the caller, who built the batch, and RocksDB. No file
// system can do that (fault_fs.h): what it changes, RocksDB's checksums notice, and what was just
// written is read again from memory. So the linker's --wrap leads DB::Open through here
// (carnet_alter_batches in tests/CMakeLists.txt), which works however the library's own sources are
// compiled together, as RocksDB is outside of them. For one thread.
#pragma once

#include <functional>
#include <map>
#include <string>

namespace carnet::test {

// While it lives, the batches of databases that are opened can be altered. One at a time.
class AlteredBatch {
 public:
  using Rows = std::map<std::string, std::string>;
  using Alteration = std::function<void(Rows&)>;

  AlteredBatch();
  AlteredBatch(const AlteredBatch&) = delete;
  AlteredBatch& operator=(const AlteredBatch&) = delete;
  ~AlteredBatch();

  // Of the next batch, these rows are stored instead of those that were given.
  void Arm(Alteration alteration) { alteration_ = std::move(alteration); }
  bool fired() const { return !alteration_; }
  // The rows as they should be: those that were given, and of those that were not but were stored,
  // what they were before.
  const Rows& right() const { return right_; }

  // For the database: what to store. `stored` gives a row as it is.
  Rows Alter(const Rows& given, const std::function<std::string(const std::string&)>& stored);

 private:
  Alteration alteration_;
  Rows right_;
};

}  // namespace carnet::test
