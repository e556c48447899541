// Inspection: what fsck has read and found so far. Damage is a finding; only a failure to read
// is an error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "core/result.h"
#include "ledger/fsck/fsck.h"
#include "ledger/keyspace.h"

namespace carnet::ledger {

class Store;

class Inspection {
 public:
  explicit Inspection(const Store& store) : store_(store) {}

  // The row; absent, with a finding, where it is missing or cannot be read. Errors: io.
  Result<std::optional<std::string>> Row(std::string_view key);
  // Counts a row that was called for and is present; once per row.
  void Count(std::string_view key) { ++counted_[*RowClassOf(key)]; }
  // Checks that the row is present with this value, and counts it. Errors: io.
  Result<> Expect(std::string_view key, std::string_view value);

  void FindInRow(std::string_view key, std::string_view what);
  void Find(std::string_view finding);

  // An entry from which no index rows can be derived.
  void MarkDamaged(LeafIndex index) { damaged_.insert(index); }
  bool is_damaged(LeafIndex index) const { return damaged_.count(index) != 0; }

  // Takes over what a part has found and counted.
  void Merge(const Inspection& part);

  const Store& store() const { return store_; }
  uint64_t counted(RowClass row_class) const;
  FsckReport& report() { return report_; }

 private:
  const Store& store_;
  FsckReport report_;
  std::map<RowClass, uint64_t> counted_;
  std::set<LeafIndex> damaged_;
};

}  // namespace carnet::ledger
