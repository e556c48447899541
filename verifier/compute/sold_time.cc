#include "verifier/compute/sold_time.h"

#include <fmt/core.h>

#include <algorithm>

#include "statements/device_lists.h"
#include "statements/follow.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

void AddTo(Uint128& sum, Uint128 term) { sum = CheckedAdd(sum, term).value_or(~Uint128{0}); }

Lease NewLease(const Statement& line) {
  const auto allocation = ReaderOf<wire::Allocation>(line.predicate);
  Lease lease{.allocation = &line};
  if (!allocation.hasDeviceMs()) return lease;
  lease.undisclosed = allocation.getDeviceMs().isUndisclosed();
  if (!lease.undisclosed) lease.sold = allocation.getDeviceMs().getValue();
  return lease;
}

}  // namespace

SoldTime::SoldTime(const StatementSet& set) {
  statements::DeviceLists lists(set);
  for (const Statement& line : set) {
    if (line.kind() != Kind::kAllocation) continue;
    places_.emplace(&line, leases_.size());
    leases_.push_back(NewLease(line));
    leases_.back().lister = lists.ListerFor(line);
  }
  for (const Statement& line : set) {
    if (line.kind() == Kind::kSegment) AddUse(set, line);
  }
  AddResales(set);
}

const Lease* SoldTime::Find(const Statement& allocation) const {
  const auto found = places_.find(&allocation);
  return found == places_.end() ? nullptr : &leases_[found->second];
}

void SoldTime::AddUse(const StatementSet& set, const Statement& segment) {
  for (const UsageItem& item : segment.segment.value().usage) {
    const Statement* allocation = Follow(set, item.allocation, Kind::kAllocation);
    if (allocation == nullptr) continue;
    Lease& lease = leases_[places_.at(allocation)];
    const Uint128 unit_ms = static_cast<Uint128>(item.units) * item.ms;
    AddTo(lease.used, unit_ms);
    if (lease.uses.empty() || lease.uses.back().segment != &segment) {
      lease.uses.push_back({&segment, 0});
    }
    AddTo(lease.uses.back().unit_ms, unit_ms);
    const Statement* device = Follow(set, item.device, Kind::kDevice);
    if (device != nullptr) lease.devices.insert(device);
  }
}

// What is resold of an allocation, from the last buyers up: what a resale sells, and no less than
// what is used and sold on under it.
void SoldTime::AddResales(const StatementSet& set) {
  std::vector<Lease*> parents(leases_.size(), nullptr);
  std::vector<size_t> resales(leases_.size(), 0);  // not added yet
  for (size_t i = 0; i < leases_.size(); ++i) {
    const auto reader = ReaderOf<wire::Allocation>(leases_[i].allocation->predicate);
    const Statement* parent = Follow(set, reader.getParent(), Kind::kAllocation);
    if (parent == nullptr) continue;
    parents[i] = &leases_[places_.at(parent)];
    parents[i]->resales.push_back(leases_[i].allocation);
    ++resales[places_.at(parent)];
  }
  std::vector<size_t> ready;
  for (size_t i = 0; i < leases_.size(); ++i) {
    if (resales[i] == 0) ready.push_back(i);
  }
  while (!ready.empty()) {
    const size_t place = ready.back();
    ready.pop_back();
    Lease* parent = parents[place];
    if (parent == nullptr) continue;
    AddTo(parent->resold,
          std::max<Uint128>(leases_[place].sold.value_or(0), leases_[place].Explained()));
    const auto parents_place = static_cast<size_t>(parent - leases_.data());
    if (--resales[parents_place] == 0) ready.push_back(parents_place);
  }
}

std::string OversoldTime(const StatementSet& set, const Statement& allocation) {
  const auto fields = ReaderOf<wire::Allocation>(allocation.predicate);
  const bool sells = fields.hasDeviceMs() && !fields.getDeviceMs().isUndisclosed();
  if (!sells || fields.getDevices().size() == 0) return "";
  Uint128 units = 0;
  for (const auto id : fields.getDevices()) {
    const Statement* device = Follow(set, id, Kind::kDevice);
    if (device == nullptr) return "";
    AddTo(units, ReaderOf<wire::Device>(device->predicate).getUnits().getValue());
  }
  const uint64_t from = schemas::TimeOf(fields.getWindow().getFrom()).value();
  const uint64_t to = schemas::TimeOf(fields.getWindow().getTo()).value();
  const uint64_t sold = fields.getDeviceMs().getValue();
  const Uint128 has = CheckedMul(units, to > from ? to - from : 0).value_or(~Uint128{0});
  if (sold <= has) return "";
  return fmt::format("device_ms sells {} unit milliseconds, but the devices have {} in the window",
                     sold, Flop(has).ToString());
}

void CheckSoldTime(const SoldTime& sold, Findings& findings) {
  for (const Lease& lease : sold.leases()) {
    if (!lease.sold || lease.Explained() <= *lease.sold) continue;
    findings.Add(FindingAbout(
        *lease.allocation, {33, RejectReason::kDeviceTime},
        fmt::format("sells {} unit milliseconds, but {} are used and {} resold", *lease.sold,
                    Flop(lease.used).ToString(), Flop(lease.resold).ToString()),
        "device_ms is the time of all units together"));
  }
}

}  // namespace carnet::verifier::compute
