// R29. All times are the signers' own claims.
#include <fmt/core.h>

#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "schemas/limits.h"
#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/follow.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

// Whether `early` is more than the allowed skew after `late`; on one device there is none.
bool IsBeyond(TimestampMs early, TimestampMs late) {
  return early > late && early.value() - late.value() > schemas::kClockSkewMs;
}

void Disorder(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {29, RejectReason::kTimeOrder}, what));
}

void CheckCreated(const StatementSet& set, const Statement& line, TimestampMs now,
                  Findings& findings) {
  if (!line.head) return;  // a verdict
  const TimestampMs created = line.head->created;
  if (IsBeyond(created, now)) {
    findings.Add(FindingAbout(line, {29, RejectReason::kFutureTime},
                              fmt::format("was created at {}, but it is now {}",
                                          FormatTimestamp(created), FormatTimestamp(now)),
                              "check the clock of this machine and the signer's"));
  }
  for (const auto& reference : line.references) {
    const Statement* target = set.Find(reference.target);
    if (target == nullptr || !target->head) continue;
    const TimestampMs before = target->head->created;
    if (!IsBeyond(before, created)) continue;
    Disorder(line,
             fmt::format("was created at {}, but refers in {} to {}, created at {}",
                         FormatTimestamp(created), reference.field, Describe(*target),
                         FormatTimestamp(before)),
             findings);
  }
}

// Whose clocks a segment's times are.
class SegmentDevices {
 public:
  explicit SegmentDevices(const StatementSet& set) : set_(set) {}

  // Whether both name devices, and none is in both: then their clocks may differ.
  bool AreApart(const Statement& segment, const Statement& previous) {
    const Ids& before = Of(previous);
    if (before.empty()) return false;
    size_t named = 0;
    for (const statements::UsageItem& item : segment.segment.value().usage) {
      const auto id = IdOf(item);
      if (!id) continue;
      if (before.contains(*id)) return false;
      ++named;
    }
    return named > 0;
  }

 private:
  using Ids = std::unordered_set<std::string_view>;

  std::optional<std::string_view> IdOf(const statements::UsageItem& item) const {
    const Statement* device = statements::Follow(set_, item.device, Kind::kDevice);
    if (device == nullptr) return std::nullopt;
    return TextOf(ReaderOf<wire::Device>(device->predicate).getId());
  }

  // Kept, as many segments may name one as the one before them.
  const Ids& Of(const Statement& segment) {
    const auto [found, is_new] = of_.try_emplace(&segment);
    if (!is_new) return found->second;
    for (const statements::UsageItem& item : segment.segment.value().usage) {
      if (const auto id = IdOf(item)) found->second.insert(*id);
    }
    return found->second;
  }

  const StatementSet& set_;
  std::unordered_map<const Statement*, Ids> of_;
};

void CheckAllocation(const Statement& line, Findings& findings) {
  const auto window = ReaderOf<wire::Allocation>(line.predicate).getWindow();
  const TimestampMs from = schemas::TimeOf(window.getFrom());
  const TimestampMs to = schemas::TimeOf(window.getTo());
  if (from < to) return;
  Disorder(line,
           fmt::format("has a window that starts at {}, but ends at {}", FormatTimestamp(from),
                       FormatTimestamp(to)),
           findings);
}

void CheckPrevious(const StatementSet& set, const Statement& line, TimestampMs from,
                   SegmentDevices& devices, Findings& findings) {
  const Statement* previous = PreviousOf(set, line);
  if (previous == nullptr) return;
  const TimestampMs before = previous->segment.value().to;
  if (from >= before) return;
  if (!IsBeyond(before, from) && devices.AreApart(line, *previous)) return;
  findings.Add(FindingAbout(
      line, {29, RejectReason::kOverlappingSegments},
      fmt::format("starts at {}, before its previous {} ends at {}", FormatTimestamp(from),
                  Describe(*previous), FormatTimestamp(before))));
}

void CheckSegment(const StatementSet& set, const Statement& line, SegmentDevices& devices,
                  Findings& findings) {
  const TimestampMs from = line.segment.value().from;
  const TimestampMs to = line.segment.value().to;
  const TimestampMs created = line.head->created;
  const auto starts = [from] { return "starts at " + FormatTimestamp(from); };
  if (from >= to) Disorder(line, starts() + ", but ends at " + FormatTimestamp(to), findings);
  if (IsBeyond(to, created)) {
    Disorder(line,
             fmt::format("ends at {}, after it was created at {}", FormatTimestamp(to),
                         FormatTimestamp(created)),
             findings);
  }
  const Statement* run = RunOf(set, line);
  if (run != nullptr && !ReaderOf<wire::Run>(run->predicate).getRetrospective().getValue() &&
      IsBeyond(run->head->created, from)) {
    Disorder(line,
             fmt::format("{}, before its {} was created at {}", starts(), Describe(*run),
                         FormatTimestamp(run->head->created)),
             findings);
  }
  CheckPrevious(set, line, from, devices, findings);
}

}  // namespace

void CheckTimes(const StatementSet& set, Lines lines, TimestampMs now, Findings& findings) {
  SegmentDevices devices(set);
  for (const Statement& line : lines) {
    CheckCreated(set, line, now, findings);
    if (line.kind() == Kind::kSegment) CheckSegment(set, line, devices, findings);
    if (line.kind() == Kind::kAllocation) CheckAllocation(line, findings);
  }
}

TimeOutcome VerifyTime(const StatementSet& set, TimestampMs now, Findings& findings) {
  CheckTimes(set, set.All(), now, findings);
  if (findings.HasRow(RowId::kTime)) return {RowStatus::kFail, {}};
  return {RowStatus::kPass, "in order"};
}

}  // namespace carnet::verifier::lineage
