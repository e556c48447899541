#include "verifier/compute/upper_bound.h"

#include <algorithm>
#include <unordered_set>
#include <utility>
#include <vector>

#include "statements/follow.h"
#include "statements/graph.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {

using schemas::Kind;
using schemas::ReaderOf;
using statements::Follow;

TimeBound::TimeBound(const StatementSet& set, const Catalogue& catalogue, SigningParty party)
    : set_(set), party_(std::move(party)), sold_(set) {
  for (const Statement& line : set) {
    if (line.kind() != Kind::kDevice) continue;
    const Ceiling peak = PeakOf(line, catalogue, schemas::kPrecisions);
    const bool known = peak.state == CeilingState::kKnown;
    peaks_.emplace(&line, known ? std::optional(peak.amount) : std::nullopt);
  }
}

// The sum behind one bound, in FLOP/s times milliseconds.
class TimeSum {
 public:
  explicit TimeSum(const TimeBound& bound) : bound_(bound) {}

  void AddSegment(const Statement& segment) {
    AddUsage(segment);
    const Statement* run = RunOf(bound_.set_, segment);
    const std::string_view user = run == nullptr ? std::string_view() : bound_.party_(*run);
    for (const UsageItem& item : segment.segment.value().usage) {
      const Statement* allocation = Follow(bound_.set_, item.allocation, Kind::kAllocation);
      if (allocation != nullptr) AddAllocation(*allocation, user);
    }
  }

  void AddUsage(const Statement& segment) {
    const std::vector<UsageItem>& usage = segment.segment.value().usage;
    if (usage.empty()) Unknown(Describe(segment) + " states no usage");
    const Statement* run = RunOf(bound_.set_, segment);
    const std::string_view user = run == nullptr ? std::string_view() : bound_.party_(*run);
    for (const UsageItem& item : usage) {
      const Statement* device = Follow(bound_.set_, item.device, Kind::kDevice);
      const Statement* allocation = Follow(bound_.set_, item.allocation, Kind::kAllocation);
      if (device == nullptr) continue;  // R19, R20
      const auto peak = bound_.peaks_.at(device);
      if (!peak) return Unknown(UnlistedChip(*device));
      const Uint128 time = static_cast<Uint128>(item.units) * item.ms;
      Add(time, *peak, allocation, user);
    }
  }

  void AddPlanned(const Statement& run) {
    for (const auto id : ReaderOf<wire::Run>(run.predicate).getAllocations()) {
      const Statement* allocation = Follow(bound_.set_, id, Kind::kAllocation);
      if (allocation != nullptr) AddAllocation(*allocation, bound_.party_(run));
    }
  }

  UpperBound Take() {
    if (!unknown_.empty()) return {std::nullopt, std::move(unknown_), Flop(0), {}};
    constexpr Uint128 kMsPerSecond = 1000;
    return {Flop(sum_ / kMsPerSecond), "", Flop(counter_signed_ / kMsPerSecond),
            std::move(counter_signers_)};
  }

 private:
  void Unknown(std::string because) {
    if (unknown_.empty()) unknown_ = std::move(because);
  }

  void Add(Uint128 time, Flop peak, const Statement* allocation, std::string_view user) {
    const auto work = CheckedMul(time, peak.value());
    const auto sum = work ? CheckedAdd(sum_, *work) : std::nullopt;
    if (!sum) return Unknown("the arithmetic exceeds 128 bits");
    sum_ = *sum;
    if (allocation == nullptr || !bound_.sold_.Find(*allocation)->sold) return;
    const std::string_view seller = bound_.party_(*allocation);
    if (seller.empty() || user.empty() || seller == user) return;
    counter_signed_ += *work;  // at most sum_
    counter_signers_.emplace(seller);
  }

  // What was sold beyond use. A party that resells to itself still holds what it resold from.
  void AddAllocation(const Statement& named, std::string_view user) {
    const Statement* allocation = &named;
    while (allocation != nullptr) {
      if (counted_.insert(allocation).second) AddUnexplained(*allocation, user);
      if (bound_.party_(*allocation) != user || !followed_.insert(allocation).second) return;
      const auto reader = ReaderOf<wire::Allocation>(allocation->predicate);
      allocation = Follow(bound_.set_, reader.getParent(), Kind::kAllocation);
    }
  }

  void AddUnexplained(const Statement& allocation, std::string_view user) {
    const Lease& lease = *bound_.sold_.Find(allocation);
    if (lease.undisclosed) return Unknown(Describe(allocation) + " does not disclose device_ms");
    if (lease.Unexplained() == 0) return;
    std::vector<const Statement*> devices(lease.devices.begin(), lease.devices.end());
    for (const auto id : ReaderOf<wire::Allocation>(allocation.predicate).getDevices()) {
      const Statement* device = Follow(bound_.set_, id, Kind::kDevice);
      if (device != nullptr) devices.push_back(device);
    }
    std::optional<Flop> highest;
    for (const Statement* device : devices) {
      const auto peak = bound_.peaks_.at(device);
      if (!peak) return Unknown(Describe(allocation) + ": " + UnlistedChip(*device));
      highest = std::max(highest, peak);
    }
    if (!highest) return Unknown(Describe(allocation) + " is of devices that nobody names");
    Add(lease.Unexplained(), *highest, &allocation, user);
  }

  const TimeBound& bound_;
  Uint128 sum_ = 0;
  Uint128 counter_signed_ = 0;
  std::set<std::string> counter_signers_;
  std::string unknown_;
  std::unordered_set<const Statement*> counted_;
  std::unordered_set<const Statement*> followed_;
};

std::optional<Flop> TimeBound::Used(const Statement& segment) const {
  TimeSum sum(*this);
  sum.AddUsage(segment);
  return sum.Take().amount;
}

UpperBound TimeBound::Of(const statements::Reached& reached) const {
  if (!lifted_because_.empty()) return {std::nullopt, lifted_because_, Flop(0), {}};
  TimeSum sum(*this);
  for (const Statement* segment : reached.segments) sum.AddSegment(*segment);
  for (const Statement* run : reached.runs) sum.AddPlanned(*run);
  return sum.Take();
}

}  // namespace carnet::verifier::compute
