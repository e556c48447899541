// R33, S7: no device is in use at one moment in two groups, or in a group and by itself, be it in
// one segment or in several that run at once.
#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "core/timestamp.h"
#include "statements/follow.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

// Against time spent on groups that overlap in all ways and take turns: real fleets need a
// thousandth of it.
constexpr size_t kMaxLooks = 100'000'000;

// A canonical id in the file: of a single device or of a group.
using Owner = size_t;
// Single devices that the same owners have in common. Most files have none.
using Share = size_t;

// The single devices that a statement is about.
std::vector<std::string_view> SinglesOf(const Statement& device) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  std::vector<std::string_view> singles;
  for (const auto member : reader.getMembers()) singles.push_back(TextOf(member));
  if (singles.empty()) singles.push_back(TextOf(reader.getId()));
  return singles;
}

class Shares {
 public:
  explicit Shares(const StatementSet& set) {
    std::unordered_map<std::string_view, std::vector<Owner>> owners_of;  // by single device
    for (const Statement& line : set) {
      if (line.kind() != Kind::kDevice) continue;
      const Owner owner = OwnerOf(line);
      for (const std::string_view single : SinglesOf(line)) owners_of[single].push_back(owner);
    }
    shares_of_.resize(owners_.size());
    std::map<std::vector<Owner>, Share> shares;
    for (auto& [single, owners] : owners_of) {
      std::sort(owners.begin(), owners.end());
      owners.erase(std::unique(owners.begin(), owners.end()), owners.end());
      if (owners.size() < 2) continue;
      const auto [found, added] = shares.try_emplace(std::move(owners), shares.size());
      if (!added) continue;
      for (const Owner owner : found->first) shares_of_[owner].push_back(found->second);
    }
    count_ = shares.size();
  }

  size_t count() const { return count_; }
  size_t owners() const { return owners_.size(); }
  const std::vector<Share>& Of(Owner owner) const { return shares_of_[owner]; }

  Owner OwnerOf(const Statement& device) {
    const std::string_view id = TextOf(ReaderOf<wire::Device>(device.predicate).getId());
    return owners_.try_emplace(id, owners_.size()).first->second;
  }

 private:
  std::unordered_map<std::string_view, Owner> owners_;
  std::vector<std::vector<Share>> shares_of_;  // by owner
  size_t count_ = 0;
};

// The segments in order of time, an end before a start at the same moment. An owner takes its
// shares when it comes into use; it keeps them until another one does, so that taking turns is all
// that costs.
class Sweep {
 public:
  Sweep(const StatementSet& set, Shares shares, Findings& findings)
      : set_(set),
        shares_(std::move(shares)),
        findings_(findings),
        uses_(shares_.owners()),
        holder_(shares_.count(), kNobody) {}

  void Check() {
    struct Event {
      uint64_t at;
      bool starts;
      const Statement* segment;
    };
    std::vector<Event> events;
    for (const Statement& line : set_) {
      if (line.kind() != Kind::kSegment) continue;
      const uint64_t from = line.segment.value().from.value();
      const uint64_t to = line.segment.value().to.value();
      if (from >= to) continue;  // R29
      events.push_back({from, true, &line});
      events.push_back({to, false, &line});
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.at != b.at ? a.at < b.at : a.starts < b.starts;
    });
    for (const Event& event : events) {
      if (event.starts && !Start(*event.segment)) return;
      if (!event.starts) End(*event.segment);
    }
  }

 private:
  static constexpr Owner kNobody = ~Owner{0};

  struct Use {
    size_t running = 0;                  // segments
    const Statement* segment = nullptr;  // that started last
    const Statement* device = nullptr;
    bool has_its_shares = false;
  };

  // Distinct, and only those that share a device with another.
  std::vector<std::pair<Owner, const Statement*>> OwnersIn(const Statement& segment) {
    std::vector<std::pair<Owner, const Statement*>> owners;
    std::unordered_set<Owner> seen;
    for (const UsageItem& item : segment.segment.value().usage) {
      const Statement* device = Follow(set_, item.device, Kind::kDevice);
      if (device == nullptr) continue;
      const Owner owner = shares_.OwnerOf(*device);
      if (!shares_.Of(owner).empty() && seen.insert(owner).second) {
        owners.emplace_back(owner, device);
      }
    }
    return owners;
  }

  // Whether to go on.
  bool Start(const Statement& segment) {
    bool reported = false;
    for (const auto& [owner, device] : OwnersIn(segment)) {
      Use& use = uses_[owner];
      use.segment = &segment;
      use.device = device;
      if (use.running++ > 0 || use.has_its_shares) continue;
      looks_ += shares_.Of(owner).size();
      if (looks_ > kMaxLooks) {
        Report(segment, "uses groups of devices that overlap in too many ways to be judged");
        return false;
      }
      const Owner other = Take(owner);
      if (other == kNobody) continue;
      if (!reported) ReportPair(segment, uses_[other], *device);
      reported = true;
    }
    return true;
  }

  void End(const Statement& segment) {
    for (const auto& [owner, device] : OwnersIn(segment)) --uses_[owner].running;
  }

  // Another owner in use that has one of the shares.
  Owner Take(Owner owner) {
    for (const Share share : shares_.Of(owner)) {
      const Owner holder = holder_[share];
      if (holder == owner) continue;
      if (holder != kNobody && uses_[holder].running > 0) return holder;
      if (holder != kNobody) uses_[holder].has_its_shares = false;
      holder_[share] = owner;
    }
    uses_[owner].has_its_shares = true;
    return kNobody;
  }

  void ReportPair(const Statement& segment, const Use& other, const Statement& device) {
    const std::string devices =
        fmt::format("in {} and in {}", Describe(*other.device), Describe(device));
    if (other.segment == &segment) {
      return Report(segment, "uses one device twice: " + devices);
    }
    Report(segment, fmt::format("uses a device that {} uses at the same time: {}",
                                Describe(*other.segment), devices));
  }

  void Report(const Statement& segment, const std::string& what) {
    findings_.Add(FindingAbout(segment, {33, RejectReason::kDeviceTime}, what,
                               "no device may be in two groups that are in use at one time"));
  }

  const StatementSet& set_;
  Shares shares_;
  Findings& findings_;
  std::vector<Use> uses_;      // by owner
  std::vector<Owner> holder_;  // by share
  size_t looks_ = 0;
};

}  // namespace

void CheckGroupOverlap(const StatementSet& set, Findings& findings) {
  Shares shares(set);
  if (shares.count() > 0) Sweep(set, std::move(shares), findings).Check();
}

}  // namespace carnet::verifier::compute
