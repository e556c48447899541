// R29. All times are the signers' own claims.
#include <fmt/core.h>

#include <optional>
#include <string>
#include <vector>

#include "schemas/readers.h"
#include "schemas/references.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TimeOf;

constexpr uint64_t kClockSkewMs = 5 * 60 * 1000;

// Whether `early` is more than the allowed skew after `late`.
bool IsBeyond(TimestampMs early, TimestampMs late) {
  return early > late && early.value() - late.value() > kClockSkewMs;
}

void Disorder(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {29, RejectReason::kTimeOrder}, what));
}

// `created` by place in the set; absent for verdicts, which have no head.
using CreatedTimes = std::vector<std::optional<TimestampMs>>;

CreatedTimes ReadCreated(const StatementSet& set) {
  CreatedTimes times;
  times.reserve(set.size());
  for (const Statement& line : set) {
    const auto head = line.predicate.head();
    times.push_back(head ? std::optional(head->created) : std::nullopt);
  }
  return times;
}

void CheckCreated(const StatementSet& set, const Statement& line, const CreatedTimes& times,
                  TimestampMs now, Findings& findings) {
  const std::optional<TimestampMs> created = times[set.PlaceOf(line)];
  if (!created) return;
  if (IsBeyond(*created, now)) {
    findings.Add(FindingAbout(line, {29, RejectReason::kFutureTime},
                              fmt::format("was created at {}, but it is now {}",
                                          FormatTimestamp(*created), FormatTimestamp(now)),
                              "check the clock of this machine and the signer's"));
  }
  for (const auto& reference : schemas::StrongReferences(line.predicate)) {
    const Statement* target = set.Find(reference.target);
    const auto before = target == nullptr ? std::nullopt : times[set.PlaceOf(*target)];
    if (!before || !IsBeyond(*before, *created)) continue;
    Disorder(line,
             fmt::format("was created at {}, but refers in {} to {}, created at {}",
                         FormatTimestamp(*created), reference.field, Describe(*target),
                         FormatTimestamp(*before)),
             findings);
  }
}

void CheckSegment(const StatementSet& set, const Statement& line, Findings& findings) {
  const auto time = ReaderOf<wire::Segment>(line.predicate).getTime();
  const TimestampMs from = TimeOf(time.getFrom());
  const TimestampMs to = TimeOf(time.getTo());
  const TimestampMs created = line.predicate.head()->created;
  const std::string starts = "starts at " + FormatTimestamp(from);
  if (from >= to) Disorder(line, starts + ", but ends at " + FormatTimestamp(to), findings);
  if (to > created) {
    Disorder(line,
             fmt::format("ends at {}, after it was created at {}", FormatTimestamp(to),
                         FormatTimestamp(created)),
             findings);
  }
  const Statement* run = RunOf(set, line);
  if (run != nullptr && !ReaderOf<wire::Run>(run->predicate).getRetrospective().getValue() &&
      from < run->predicate.head()->created) {
    Disorder(line,
             fmt::format("{}, before its {} was created at {}", starts, Describe(*run),
                         FormatTimestamp(run->predicate.head()->created)),
             findings);
  }
  const Statement* previous = PreviousOf(set, line);
  if (previous == nullptr) return;
  const TimestampMs before = TimeOf(ReaderOf<wire::Segment>(previous->predicate).getTime().getTo());
  if (from >= before) return;
  findings.Add(FindingAbout(line, {29, RejectReason::kOverlappingSegments},
                            fmt::format("{}, before its previous {} ends at {}", starts,
                                        Describe(*previous), FormatTimestamp(before))));
}

}  // namespace

TimeOutcome VerifyTime(const StatementSet& set, TimestampMs now, Findings& findings) {
  const CreatedTimes times = ReadCreated(set);
  for (const Statement& line : set) {
    CheckCreated(set, line, times, now, findings);
    if (line.kind() == Kind::kSegment) CheckSegment(set, line, findings);
  }
  if (findings.HasRow(RowId::kTime)) return {RowStatus::kFail, {}};
  return {RowStatus::kPass, "self-declared, in order"};
}

}  // namespace carnet::verifier::lineage
