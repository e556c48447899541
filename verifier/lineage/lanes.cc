// R23. Every rule here is local to a segment and the one before it, so that all lanes of all runs
// are checked in one pass: if seq falls by one at every step, it falls to 0.
#include <fmt/core.h>

#include <map>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

void Gap(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {23, RejectReason::kSegmentGap}, what));
}

void Foreign(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {23, RejectReason::kForeignSegment}, what));
}

void CheckPrevious(const StatementSet& set, const Statement& segment, Findings& findings) {
  const Statement& run = *RunOf(set, segment);
  if (LaneOf(segment) >= LanesOf(run)) {
    Foreign(segment,
            fmt::format("is in lane {}, but {} has only {}", LaneOf(segment), Describe(run),
                        Counted(LanesOf(run), "lane")),
            findings);
  }
  const Statement* previous = PreviousOf(set, segment);
  if (previous == nullptr) return;  // exactly at seq 0
  if (RunOf(set, *previous) != &run) {
    Foreign(segment,
            fmt::format("has previous {}, which belongs to another run", Describe(*previous)),
            findings);
  } else if (LaneOf(*previous) != LaneOf(segment)) {
    Foreign(segment, fmt::format("has previous {}, which is in another lane", Describe(*previous)),
            findings);
  } else if (SeqOf(*previous) + 1 != SeqOf(segment)) {
    Gap(segment,
        fmt::format("has seq {}, but its previous {} has seq {}", SeqOf(segment),
                    Describe(*previous), SeqOf(*previous)),
        findings);
  }
}

void CheckSteps(const StatementSet& set, const Statement& segment, Findings& findings) {
  const auto steps = ReaderOf<wire::Segment>(segment.predicate).getSteps();
  const uint64_t from = steps.getFrom().getValue();
  const uint64_t to = steps.getTo().getValue();
  if (from > to) {
    Gap(segment, fmt::format("has steps from {} to {}, which run backwards", from, to), findings);
  }
  const Statement* source = WeightsSourceOf(set, segment);
  const auto initial = ReaderOf<wire::Run>(RunOf(set, segment)->predicate).getInitial();
  if (source == nullptr && initial == wire::InitialWeights::RANDOM && from != 0) {
    Gap(segment,
        fmt::format("has steps from {}, but is the first from random weights, which have had none",
                    from),
        findings);
  }
  if (source == nullptr || RunOf(set, *source) != RunOf(set, segment)) return;
  const uint64_t before = ReaderOf<wire::Segment>(source->predicate).getSteps().getTo().getValue();
  if (from == before) return;
  Gap(segment,
      fmt::format("has steps from {}, but {}, whose weights it continues from, ends at step {}",
                  from, Describe(*source), before),
      findings);
}

struct Enclosed {
  std::map<std::pair<const Statement*, uint64_t>, uint64_t> by_lane;  // run, lane
  std::unordered_map<const Statement*, uint64_t> by_run;
};

Enclosed CountSegments(const StatementSet& set) {
  Enclosed counts;
  for (const Statement& line : set) {
    if (line.kind() != Kind::kSegment) continue;
    const Statement* run = RunOf(set, line);
    ++counts.by_lane[{run, LaneOf(line)}];
    ++counts.by_run[run];
  }
  return counts;
}

void CheckLane(const StatementSet& set, const Statement& completion, const Statement& last,
               uint64_t lane, uint64_t counted, Enclosed& enclosed, Findings& findings) {
  const Statement* run = RunOf(set, completion);
  if (RunOf(set, last) != run) {
    return Foreign(
        completion,
        fmt::format("has last[{}] {}, which belongs to another run", lane, Describe(last)),
        findings);
  }
  if (LaneOf(last) != lane) {
    return Gap(completion,
               fmt::format("has last[{0}] {1}, which is in lane {2}, expected lane {0}", lane,
                           Describe(last), LaneOf(last)),
               findings);
  }
  // Written so that a hostile seq of 2^64-1 cannot wrap.
  if (counted == 0 || SeqOf(last) != counted - 1) {
    return Gap(completion,
               fmt::format("counts {} in lane {}, but the last one has seq {}",
                           Counted(counted, "segment"), lane, SeqOf(last)),
               findings);
  }
  const uint64_t found = enclosed.by_lane[{run, lane}];
  if (found != counted) {
    Gap(completion,
        fmt::format("counts {} in lane {}, but the passport encloses {}",
                    Counted(counted, "segment"), lane, found),
        findings);
  }
}

void CheckCompletion(const StatementSet& set, const Statement& completion, Enclosed& enclosed,
                     Findings& findings) {
  const Statement* run = RunOf(set, completion);
  const std::vector<const Statement*> last = LastOf(set, completion);
  if (last.empty()) {
    if (enclosed.by_run[run] == 0) return;  // R25 says which kinds may
    return Gap(completion,
               fmt::format("has no last segment, but the passport encloses {} of its run",
                           Counted(enclosed.by_run[run], "segment")),
               findings);
  }
  if (last.size() != LanesOf(*run)) {
    return Gap(completion,
               fmt::format("has {}, but its run has {}", Counted(last.size(), "last segment"),
                           Counted(LanesOf(*run), "lane")),
               findings);
  }
  const auto counts = ReaderOf<wire::Completion>(completion.predicate).getSegments();
  if (counts.size() != last.size()) {
    return Gap(completion,
               fmt::format("counts segments in {}, but has {}", Counted(counts.size(), "lane"),
                           Counted(last.size(), "last segment")),
               findings);
  }
  for (uint32_t lane = 0; lane < counts.size(); ++lane) {
    CheckLane(set, completion, *last[lane], lane, counts[lane].getValue(), enclosed, findings);
  }
}

}  // namespace

void CheckLanes(const StatementSet& set, Lines lines, Findings& findings) {
  Enclosed enclosed = CountSegments(set);
  for (const Statement& line : lines) {
    if (line.kind() == Kind::kSegment) {
      CheckPrevious(set, line, findings);
      CheckSteps(set, line, findings);
    } else if (line.kind() == Kind::kCompletion) {
      CheckCompletion(set, line, enclosed, findings);
    }
  }
}

}  // namespace carnet::verifier::lineage
