// What the allocations of a file sell, and how much of it the file explains: used by segments, or
// sold on by other allocations.
#pragma once

#include <cstdint>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/flop.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::compute {

struct LeaseUse {
  const Statement* segment;
  Uint128 unit_ms;
};

// In unit milliseconds: one unit of a device for a millisecond.
struct Lease {
  const Statement* allocation = nullptr;
  const Statement* lister = nullptr;  // whose list of devices it is held to; null: nobody's
  std::optional<uint64_t> sold = {};  // `device_ms`; absent: not stated, or undisclosed
  bool undisclosed = false;
  Uint128 used = 0;  // by all enclosed segments, whatever run they belong to
  Uint128 resold = 0;
  std::unordered_set<const Statement*> devices = {};  // those used under it
  std::vector<LeaseUse> uses = {};                    // `used`, by segment
  std::vector<const Statement*> resales = {};         // allocations that have it as parent

  Uint128 Explained() const { return CheckedAdd(used, resold).value_or(~Uint128{0}); }
  // Sold, but neither used, but for `idle` of the use, nor sold on.
  Uint128 Unexplained(Uint128 idle) const {
    const Uint128 explained = Explained() - idle;
    return sold && *sold > explained ? *sold - explained : Uint128{0};
  }
};

// Linear in usage items and allocations. A value; `set` must outlive it.
class SoldTime {
 public:
  explicit SoldTime(const StatementSet& set);

  const std::vector<Lease>& leases() const { return leases_; }  // in the order of the lines
  const Lease* Find(const Statement& allocation) const;         // null: not an allocation

 private:
  void AddUse(const StatementSet& set, const Statement& segment);
  void AddResales(const StatementSet& set);

  std::vector<Lease> leases_;
  std::unordered_map<const Statement*, size_t> places_;
};

}  // namespace carnet::verifier::compute
