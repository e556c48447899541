#include "verifier/compute/idle_time.h"

#include <algorithm>

#include "verifier/compute/arithmetic.h"

namespace carnet::verifier::compute {
namespace {

void AddTo(std::optional<Uint128>& sum, std::optional<Uint128> term) {
  sum = sum && term ? CheckedAdd(*sum, *term) : std::nullopt;
}

}  // namespace

IdleTime::Group IdleTime::NewGroup() {
  groups_.emplace_back();
  return groups_.size() - 1;
}

void IdleTime::AddUnexplained(Group group, const Statement& allocation, Flop work) {
  AddTo(groups_[group].work, work.value());
  groups_[group].allocations.push_back(&allocation);
  unexplained_[&allocation] = work.value();
}

void IdleTime::AddHolder(const Statement& run, Group group) { runs_[&run].groups.insert(group); }

void IdleTime::AddSegment(const Statement& run, const Statement& segment, std::optional<Flop> used,
                          statements::SummedFigure figure) {
  const statements::SegmentFields& fields = segment.segment.value();
  const auto& stated = figure == statements::SummedFigure::kUpdate ? fields.update : fields.total;
  RunTime& time = runs_[&run];
  AddTo(time.work, stated ? std::optional(stated->amount.value()) : std::nullopt);
  AddTo(time.used, used ? std::optional(used->value()) : std::nullopt);
}

// An allocation that several runs hold may have been anyone's: it is in the capacity of each.
std::optional<Uint128> IdleTime::CapacityOf(const RunTime& run) const {
  std::optional<Uint128> capacity = run.used;
  for (const Group group : run.groups) AddTo(capacity, groups_[group].work);
  return capacity;
}

std::optional<Flop> IdleTime::Of(const ExpectedShare& expected) const {
  std::optional<Uint128> idle = 0;
  std::unordered_set<Group> idle_groups;
  for (const auto& [line, run] : runs_) {
    const auto capacity = CapacityOf(run);
    if (!capacity || !run.work || !run.used) return std::nullopt;
    if (IsAtLeastPpm(Flop(*run.work), Flop(*capacity), expected.min_utilisation_ppm)) continue;
    AddTo(idle, *run.used - std::min(*run.used, *run.work));
    idle_groups.insert(run.groups.begin(), run.groups.end());
  }
  std::unordered_set<const Statement*> counted;
  for (const Group group : idle_groups) {
    for (const Statement* allocation : groups_[group].allocations) {
      if (counted.insert(allocation).second) AddTo(idle, unexplained_.at(allocation));
    }
  }
  return idle ? std::optional(Flop(*idle)) : std::nullopt;
}

}  // namespace carnet::verifier::compute
