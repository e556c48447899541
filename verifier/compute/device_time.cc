// R33, the first half: no device gives more time than it has.
#include <fmt/core.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <unordered_map>
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
using schemas::TimeOf;

struct Span {
  uint64_t from;
  uint64_t to;

  uint64_t ms() const { return to > from ? to - from : 0; }
};

Span SpanOf(wire::Period::Reader period) {
  return {TimeOf(period.getFrom()).value(), TimeOf(period.getTo()).value()};
}

uint64_t UnitsOf(const Statement& device) {
  return ReaderOf<wire::Device>(device.predicate).getUnits().getValue();
}

std::string_view IdOf(const Statement& device) {
  return TextOf(ReaderOf<wire::Device>(device.predicate).getId());
}

std::string WindowText(Span window) {
  return fmt::format("{} to {}", FormatTimestamp(TimestampMs(window.from)),
                     FormatTimestamp(TimestampMs(window.to)));
}

// What one segment takes of one device.
struct Taken {
  const Statement* segment;
  Span time;
  Uint128 unit_ms = 0;
  uint64_t most_units = 0;  // of one item

  // At any moment while the segment runs: the average of its items, but at least each of them.
  Uint128 Units() const {
    const Uint128 ms = time.ms();
    const Uint128 average = ms == 0 ? 0 : unit_ms / ms + (unit_ms % ms == 0 ? 0 : 1);
    return std::max<Uint128>(average, most_units);
  }
};

struct DeviceUse {
  std::string_view id;
  uint64_t units = 0;  // from its statement; the greatest where several have its id
  std::vector<Taken> taken = {};
};

class TimeCheck {
 public:
  TimeCheck(const StatementSet& set, Findings& findings) : set_(set), findings_(findings) {}

  void Check(Lines lines) {
    for (const Statement& line : lines) {
      if (line.kind() == Kind::kSegment) CheckSegment(line);
    }
    for (const DeviceUse* use : order_) CheckMoments(*use);
  }

 private:
  void Report(const Statement& segment, const std::string& what, std::string hint = {}) {
    findings_.Add(FindingAbout(segment, {33, RejectReason::kDeviceTime}, what, std::move(hint)));
  }

  void CheckSegment(const Statement& line) {
    const statements::SegmentFields& segment = line.segment.value();
    const Span time{segment.from.value(), segment.to.value()};
    std::vector<DeviceUse*> used;  // each once
    for (const UsageItem& item : segment.usage) {
      CheckWindow(line, time, item);
      const Statement* device = Follow(set_, item.device, Kind::kDevice);
      if (device == nullptr) continue;
      CheckItem(line, time, item, *device);
      DeviceUse& use = UseOf(*device);
      if (use.taken.empty() || use.taken.back().segment != &line) {
        use.taken.push_back({&line, time});
        used.push_back(&use);
      }
      Taken& sum = use.taken.back();
      // At most 10,000 items of 2^64 units and, as times end before the year 10000, 2^48 ms: items
      // of more ms, whose sum could wrap, are refused by CheckItem.
      sum.unit_ms += static_cast<Uint128>(item.units) * item.ms;
      sum.most_units = std::max(sum.most_units, item.units);
    }
    for (DeviceUse* use : used) CheckTaken(line, *use);
  }

  DeviceUse& UseOf(const Statement& device) {
    const auto [found, is_new] = uses_.try_emplace(IdOf(device), DeviceUse{.id = IdOf(device)});
    DeviceUse& use = found->second;
    if (is_new) order_.push_back(&use);
    use.units = std::max(use.units, UnitsOf(device));
    return use;
  }

  void CheckItem(const Statement& line, Span time, const UsageItem& item, const Statement& device) {
    const uint64_t units = item.units;
    const uint64_t ms = item.ms;
    if (units > UnitsOf(device)) {
      Report(line, fmt::format("uses {} units of {}, which has only {}", units, Describe(device),
                               UnitsOf(device)));
    }
    if (ms > time.ms()) {
      Report(line, fmt::format("uses {} for {} ms, but lasts only {} ms", Describe(device), ms,
                               time.ms()));
    }
  }

  void CheckWindow(const Statement& line, Span time, const UsageItem& item) {
    if (!item.allocation) return;
    const Statement* allocation = Follow(set_, item.allocation, Kind::kAllocation);
    if (allocation == nullptr) return;
    const Span window = SpanOf(ReaderOf<wire::Allocation>(allocation->predicate).getWindow());
    if (time.from >= window.from && time.to <= window.to) return;
    Report(line, fmt::format("runs from {}, outside the window of {}, {}", WindowText(time),
                             Describe(*allocation), WindowText(window)));
  }

  // What the segment has taken, which is dropped where it is refused or takes no time.
  void CheckTaken(const Statement& line, DeviceUse& use) {
    const Taken& sum = use.taken.back();
    const bool fits = sum.unit_ms <= static_cast<Uint128>(use.units) * sum.time.ms();
    if (!fits) {
      Report(line, fmt::format("takes {} unit milliseconds of device {}, which has {} for {} ms",
                               Flop(sum.unit_ms).ToString(), use.id, Counted(use.units, "unit"),
                               sum.time.ms()));
    }
    if (!fits || sum.time.ms() == 0) use.taken.pop_back();
  }

  // All segments at once: their starts and ends in order of time, an end before a start at the
  // same moment.
  void CheckMoments(const DeviceUse& use) {
    struct Event {
      uint64_t at;
      bool starts;
      const Taken* taken;
    };
    std::vector<Event> events;
    for (const Taken& taken : use.taken) {
      events.push_back({taken.time.from, true, &taken});
      events.push_back({taken.time.to, false, &taken});
    }
    std::stable_sort(events.begin(), events.end(), [](const Event& a, const Event& b) {
      return a.at != b.at ? a.at < b.at : a.starts < b.starts;
    });
    Uint128 busy = 0;
    for (const Event& event : events) {
      if (!event.starts) {
        busy -= event.taken->Units();
        continue;
      }
      busy += event.taken->Units();
      if (busy <= use.units) continue;
      Report(*event.taken->segment,
             fmt::format("starts at {}, when {} units of device {} are in use, but it has only {}",
                         FormatTimestamp(TimestampMs(event.at)), Flop(busy).ToString(), use.id,
                         use.units),
             "other segments use the same device at the same time");
      return;
    }
  }

  const StatementSet& set_;
  Findings& findings_;
  std::unordered_map<std::string_view, DeviceUse> uses_;  // by canonical id (S7)
  std::vector<const DeviceUse*> order_;  // by first use, for a stable order of reports
};

}  // namespace

void CheckDeviceTime(const StatementSet& set, Lines lines, Findings& findings) {
  TimeCheck(set, findings).Check(lines);
}

}  // namespace carnet::verifier::compute
