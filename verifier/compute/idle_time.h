// What runs could have computed besides what they state (R37): the devices of each run that was
// less busy than a policy expects, and the time that its allocations sold and nothing explains.
// Each run by itself, so that a busy one does not vouch for an idle one. Private to compute/.
#pragma once

#include <cstddef>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/flop.h"
#include "verifier/compute/upper_bound.h"

namespace carnet::verifier::compute {

class IdleTime {
 public:
  // Allocations that one party resold to itself: whoever holds one of them holds all.
  using Group = size_t;

  Group NewGroup();
  void AddUnexplained(Group group, const Statement& allocation, Flop work);
  void AddHolder(const Statement& run, Group group);
  // `used`: what its devices could do; absent: unknown.
  void AddSegment(const Statement& run, const Statement& segment, std::optional<Flop> used,
                  statements::SummedFigure figure);

  // Absent: beyond 128 bits, or something is unknown.
  std::optional<Flop> Of(const ExpectedShare& expected) const;

 private:
  struct RunTime {
    std::optional<Uint128> work = 0;
    std::optional<Uint128> used = 0;
    std::unordered_set<Group> groups = {};
  };
  struct Held {
    std::optional<Uint128> work = 0;
    std::vector<const Statement*> allocations = {};
  };

  std::optional<Uint128> CapacityOf(const RunTime& run) const;

  std::unordered_map<const Statement*, RunTime> runs_;
  std::vector<Held> groups_;
  std::unordered_map<const Statement*, Uint128> unexplained_;  // by allocation
};

}  // namespace carnet::verifier::compute
