#include "verifier/compute/upper_bound.h"

#include <algorithm>
#include <map>
#include <unordered_set>
#include <utility>
#include <vector>

#include "statements/follow.h"
#include "statements/graph.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/idle_time.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::Follow;

constexpr Uint128 kMsPerSecond = 1000;

const Statement* ParentOf(const StatementSet& set, const Statement& allocation) {
  const auto reader = ReaderOf<wire::Allocation>(allocation.predicate);
  return Follow(set, reader.getParent(), Kind::kAllocation);
}

UpperBound UnknownBound(std::string because) {
  return {.amount = std::nullopt, .unknown_because = std::move(because), .counter_signers = {}};
}

}  // namespace

TimeBound::TimeBound(const StatementSet& set, const Catalogue& catalogue, SigningParty party)
    : set_(set), party_(std::move(party)), sold_(set) {
  for (const Statement& line : set) {
    if (line.kind() != Kind::kDevice) continue;
    const Ceiling peak = CataloguedPeakOf(line, catalogue, schemas::kPrecisions);
    const bool known = peak.state == CeilingState::kKnown;
    peaks_.emplace(&line, known ? std::optional(peak.amount) : std::nullopt);
  }
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    if (const auto used = WorkIn(line)) used_.emplace(&line, *used);
  }
}

std::optional<Flop> TimeBound::WorkIn(const Statement& segment) const {
  const std::vector<UsageItem>& usage = segment.segment.value().usage;
  if (usage.empty()) return std::nullopt;
  Uint128 sum = 0;
  for (const UsageItem& item : usage) {
    const Statement* device = Follow(set_, item.device, Kind::kDevice);
    if (device == nullptr) continue;  // R19, R20
    const auto peak = peaks_.at(device);
    const Uint128 time = static_cast<Uint128>(item.units) * item.ms;
    const auto work = peak ? CheckedMul(time, peak->value()) : std::nullopt;
    const auto next = work ? CheckedAdd(sum, *work) : std::nullopt;
    if (!next) return std::nullopt;
    sum = *next;
  }
  return Flop(sum / kMsPerSecond);
}

std::optional<Flop> TimeBound::Used(const Statement& segment) const {
  const auto found = used_.find(&segment);
  return found == used_.end() ? std::nullopt : std::optional(found->second);
}

bool TimeBound::IsBusy(const Statement& segment, uint64_t min_utilisation_ppm) const {
  const statements::SegmentFields& fields = segment.segment.value();
  const auto& work = fields.total ? fields.total : fields.update;
  const auto used = Used(segment);
  return work && used && IsAtLeastPpm(work->amount, *used, min_utilisation_ppm);
}

// The sum behind one bound, in FLOP/s times milliseconds.
class TimeSum {
 public:
  TimeSum(const TimeBound& bound, const statements::Reached& reached, const ExpectedShare& expected)
      : bound_(bound),
        expected_(expected),
        inside_(reached.segments.begin(), reached.segments.end()) {
    for (const Statement* segment : reached.segments) AddSegment(*segment);
    for (const Statement* run : reached.runs) AddPlanned(*run);
  }

  UpperBound Take() {
    if (!unknown_.empty()) return UnknownBound(std::move(unknown_));
    return {.amount = Flop(sum_ / kMsPerSecond),
            .unknown_because = "",
            .counter_signed = Flop(counter_signed_ / kMsPerSecond),
            .counter_signers = std::move(counter_signers_),
            .own_chips = Flop(own_chips_ / kMsPerSecond),
            .idle = idle_.Of(expected_)};
  }

 private:
  void AddSegment(const Statement& segment) {
    const std::vector<UsageItem>& usage = segment.segment.value().usage;
    if (usage.empty()) Unknown(Describe(segment) + " states no usage");
    const Statement* run = RunOf(bound_.set_, segment);
    if (run == nullptr) return;  // R19, R20
    const std::string_view user = bound_.party_(*run);
    idle_.AddSegment(*run, segment, bound_.Used(segment), expected_.figure);
    for (const UsageItem& item : usage) {
      const Statement* device = Follow(bound_.set_, item.device, Kind::kDevice);
      const Statement* allocation = Follow(bound_.set_, item.allocation, Kind::kAllocation);
      if (allocation != nullptr) idle_.AddHolder(*run, GroupOf(*allocation, user));
      if (device == nullptr) continue;  // R19, R20
      const auto peak = bound_.peaks_.at(device);
      if (!peak) return Unknown(UnlistedChip(*device));
      const Uint128 time = static_cast<Uint128>(item.units) * item.ms;
      Add(time, *peak, *device, allocation, user);
    }
  }

  void AddPlanned(const Statement& run) {
    for (const auto id : ReaderOf<wire::Run>(run.predicate).getAllocations()) {
      const Statement* allocation = Follow(bound_.set_, id, Kind::kAllocation);
      if (allocation != nullptr) {
        idle_.AddHolder(run, GroupOf(*allocation, bound_.party_(run)));
      }
    }
  }

  void Unknown(std::string because) {
    if (unknown_.empty()) unknown_ = std::move(because);
  }

  // Returns the work; 0 where it exceeds 128 bits.
  Uint128 Add(Uint128 time, Flop peak, const Statement& device, const Statement* allocation,
              std::string_view user) {
    const auto work = CheckedMul(time, peak.value());
    const auto sum = work ? CheckedAdd(sum_, *work) : std::nullopt;
    if (!sum) {
      Unknown("the arithmetic exceeds 128 bits");
      return 0;
    }
    sum_ = *sum;
    if (allocation != nullptr) NoteSeller(*bound_.sold_.Find(*allocation), device, user, *work);
    return *work;
  }

  void NoteSeller(const Lease& lease, const Statement& device, std::string_view user,
                  Uint128 work) {
    const Lease* sold = SoldToUser(lease, user);
    if (sold == nullptr || !sold->sold || user.empty()) return;
    const std::string_view seller = bound_.party_(*sold->allocation);
    if (seller.empty()) return;
    if (OnlyUserNames(device, *sold, user)) {
      own_chips_ += work;  // at most sum_, as the next
    } else if (sold == &lease) {
      counter_signed_ += work;
      counter_signers_.emplace(seller);
    }
  }

  // The lease itself, or the one behind it that the user resold to itself; null where the user has
  // the devices from nobody.
  const Lease* SoldToUser(const Lease& lease, std::string_view user) {
    std::vector<const Statement*> own;
    const Statement* allocation = lease.allocation;
    const Lease* sold = nullptr;
    while (allocation != nullptr) {
      if (bound_.party_(*allocation) != user) {
        sold = bound_.sold_.Find(*allocation);
        break;
      }
      const auto [found, is_new] = sold_to_user_.try_emplace(allocation, nullptr);
      if (!is_new) {
        sold = found->second;
        break;
      }
      own.push_back(allocation);
      allocation = ParentOf(bound_.set_, *allocation);
    }
    for (const Statement* each : own) sold_to_user_[each] = sold;
    return sold;
  }

  // Whether no other party says what the device is: by its statement, or by a list that has it
  // (R17).
  bool OnlyUserNames(const Statement& device, const Lease& lease, std::string_view user) const {
    const std::string_view describer = bound_.party_(device);
    if (!describer.empty() && describer != user) return false;
    return lease.lister == nullptr || bound_.party_(*lease.lister) == user;
  }

  // What was sold beyond use, of the allocation and of those that the user resold to itself, up and
  // down: it still holds what it resold from, and all that it resold so. Each once.
  IdleTime::Group GroupOf(const Statement& named, std::string_view user) {
    auto& groups = groups_[user];
    if (const auto found = groups.find(&named); found != groups.end()) return found->second;
    const IdleTime::Group group = idle_.NewGroup();
    std::vector<const Statement*> held = {&named};
    while (!held.empty()) {
      const Statement& allocation = *held.back();
      held.pop_back();
      if (!groups.emplace(&allocation, group).second) continue;
      const auto [unexplained, is_new] = unexplained_.try_emplace(&allocation, 0);
      if (is_new) unexplained->second = AddUnexplained(allocation, user);
      idle_.AddUnexplained(group, allocation, Flop(unexplained->second / kMsPerSecond));
      for (const Statement* resale : bound_.sold_.Find(allocation)->resales) {
        if (bound_.party_(*resale) == user) held.push_back(resale);
      }
      if (bound_.party_(allocation) != user) continue;
      const Statement* parent = ParentOf(bound_.set_, allocation);
      if (parent != nullptr) held.push_back(parent);
    }
    return group;
  }

  // Used by segments outside the sum that are less busy than expected: work that they conceal would
  // be missing from a sum which their devices' time is missing from too.
  Uint128 IdleUse(const Lease& lease) const {
    Uint128 idle = 0;  // at most lease.used
    for (const LeaseUse& use : lease.uses) {
      if (inside_.contains(use.segment)) continue;
      if (!bound_.IsBusy(*use.segment, expected_.min_utilisation_ppm)) idle += use.unit_ms;
    }
    return std::min(idle, lease.used);
  }

  // Of a resale to oneself that does not say how much, what is used explains time of the parent.
  Uint128 UnexplainedTime(const Lease& lease, std::string_view user) const {
    const Uint128 idle = IdleUse(lease);
    const bool by_use = !lease.sold && bound_.party_(*lease.allocation) == user &&
                        ParentOf(bound_.set_, *lease.allocation) != nullptr;
    return by_use ? idle : lease.Unexplained(idle);
  }

  // Returns the work; 0 where the bound is unknown.
  Uint128 AddUnexplained(const Statement& allocation, std::string_view user) {
    const Lease& lease = *bound_.sold_.Find(allocation);
    if (lease.undisclosed) Unknown(Describe(allocation) + " does not disclose device_ms");
    const Uint128 time = lease.undisclosed ? 0 : UnexplainedTime(lease, user);
    if (time == 0) return 0;
    Fastest found = lease.lister == nullptr ? Fastest() : FastestListed(lease, user);
    for (const Statement* device : lease.devices) Consider(*device, lease, user, found);
    if (found.without_peak != nullptr) {
      Unknown(Describe(allocation) + ": " + UnlistedChip(*found.without_peak));
      return 0;
    }
    if (found.device == nullptr) {
      Unknown(Describe(allocation) + " is of devices that nobody names");
      return 0;
    }
    return Add(time, *bound_.peaks_.at(found.device), *found.device, &allocation, user);
  }

  // Of the devices used under a lease, or listed.
  struct Fastest {
    const Statement* device = nullptr;
    const Statement* without_peak = nullptr;  // whatever the others are
  };

  // Of equally fast ones that which only the user names.
  void Consider(const Statement& device, const Lease& lease, std::string_view user,
                Fastest& found) const {
    const auto peak = bound_.peaks_.at(&device);
    if (!peak) {
      found.without_peak = &device;
      return;
    }
    const auto best = found.device == nullptr ? std::nullopt : bound_.peaks_.at(found.device);
    if (!best || *peak > *best || (*peak == *best && OnlyUserNames(device, lease, user))) {
      found.device = &device;
    }
  }

  // Once for each list: any number of leases may share one.
  const Fastest& FastestListed(const Lease& lease, std::string_view user) {
    const auto [found, is_new] = fastest_listed_.try_emplace({lease.lister, user});
    if (!is_new) return found->second;
    for (const auto id : ReaderOf<wire::Allocation>(lease.lister->predicate).getDevices()) {
      const Statement* device = Follow(bound_.set_, id, Kind::kDevice);
      if (device != nullptr) Consider(*device, lease, user, found->second);
    }
    return found->second;
  }

  const TimeBound& bound_;
  const ExpectedShare& expected_;
  std::unordered_set<const Statement*> inside_;  // segments of the sum
  Uint128 sum_ = 0;
  Uint128 counter_signed_ = 0;
  Uint128 own_chips_ = 0;
  std::set<std::string> counter_signers_;
  std::string unknown_;
  IdleTime idle_;
  std::unordered_map<const Statement*, Uint128> unexplained_;  // by allocation
  std::map<std::pair<const Statement*, std::string_view>, Fastest> fastest_listed_;  // by user too
  std::unordered_map<const Statement*, const Lease*> sold_to_user_;  // of its signer's allocations
  // By party: trust bounds how many there are, and so how often each allocation is met.
  std::unordered_map<std::string_view, std::unordered_map<const Statement*, IdleTime::Group>>
      groups_;
};

UpperBound TimeBound::Of(const statements::Reached& reached, const ExpectedShare& expected) const {
  if (!lifted_because_.empty()) return UnknownBound(lifted_because_);
  return TimeSum(*this, reached, expected).Take();
}

}  // namespace carnet::verifier::compute
