// R23. Every rule here is local to a segment and the one before it, so that all lanes of all runs
// are checked in one pass: falling by one at every step is falling by one to 0.
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
            "is in lane " + std::to_string(LaneOf(segment)) + " of " + Describe(run) +
                ", which has lanes " + std::to_string(LanesOf(run)),
            findings);
  }
  const Statement* previous = PreviousOf(set, segment);
  if (previous == nullptr) return;  // exactly at seq 0
  if (RunOf(set, *previous) != &run) {
    Foreign(segment, "has previous " + Describe(*previous) + " of another run", findings);
  } else if (LaneOf(*previous) != LaneOf(segment)) {
    Foreign(segment, "has previous " + Describe(*previous) + " of another lane", findings);
  } else if (SeqOf(*previous) + 1 != SeqOf(segment)) {
    Gap(segment,
        "has seq " + std::to_string(SeqOf(segment)) + ", its previous " + Describe(*previous) +
            " has seq " + std::to_string(SeqOf(*previous)),
        findings);
  }
}

void CheckSteps(const StatementSet& set, const Statement& segment, Findings& findings) {
  const auto steps = ReaderOf<wire::Segment>(segment.predicate).getSteps();
  const uint64_t from = steps.getFrom().getValue();
  const uint64_t to = steps.getTo().getValue();
  if (from > to) {
    Gap(segment, "has steps from " + std::to_string(from) + " to " + std::to_string(to), findings);
  }
  const Statement* source = WeightsSourceOf(set, segment);
  if (source == nullptr || RunOf(set, *source) != RunOf(set, segment)) return;
  const uint64_t before = ReaderOf<wire::Segment>(source->predicate).getSteps().getTo().getValue();
  if (from == before) return;
  Gap(segment,
      "has steps from " + std::to_string(from) + ", " + Describe(*source) +
          ", whose weights it goes on with, ends at step " + std::to_string(before),
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
  const std::string which = "last[" + std::to_string(lane) + "] ";
  if (RunOf(set, last) != run) {
    return Foreign(completion, "has as " + which + Describe(last) + " of another run", findings);
  }
  if (LaneOf(last) != lane) {
    return Gap(completion,
               "has as " + which + Describe(last) + " of lane " + std::to_string(LaneOf(last)),
               findings);
  }
  // Written so that a hostile seq of 2^64-1 cannot wrap.
  if (counted == 0 || SeqOf(last) != counted - 1) {
    return Gap(completion,
               "counts " + std::to_string(counted) + " segments in lane " + std::to_string(lane) +
                   ", the last has seq " + std::to_string(SeqOf(last)),
               findings);
  }
  const uint64_t found = enclosed.by_lane[{run, lane}];
  if (found != counted) {
    Gap(completion,
        "counts " + std::to_string(counted) + " segments in lane " + std::to_string(lane) + ", " +
            std::to_string(found) + " are enclosed",
        findings);
  }
}

void CheckCompletion(const StatementSet& set, const Statement& completion, Enclosed& enclosed,
                     Findings& findings) {
  const Statement* run = RunOf(set, completion);
  const std::vector<const Statement*> last = LastOf(set, completion);
  if (last.empty()) {
    if (enclosed.by_run[run] == 0) return;  // R25 says which kinds may
    return Gap(
        completion,
        "has no last segment, " + std::to_string(enclosed.by_run[run]) + " of its run are enclosed",
        findings);
  }
  if (last.size() != LanesOf(*run)) {
    return Gap(completion,
               "has " + std::to_string(last.size()) + " last segments, its run has lanes " +
                   std::to_string(LanesOf(*run)),
               findings);
  }
  const auto counts = ReaderOf<wire::Completion>(completion.predicate).getSegments();
  if (counts.size() != last.size()) {
    return Gap(completion,
               "counts segments of " + std::to_string(counts.size()) + " lanes, and has " +
                   std::to_string(last.size()) + " last segments",
               findings);
  }
  for (uint32_t lane = 0; lane < counts.size(); ++lane) {
    CheckLane(set, completion, *last[lane], lane, counts[lane].getValue(), enclosed, findings);
  }
}

}  // namespace

void CheckLanes(const StatementSet& set, Findings& findings) {
  Enclosed enclosed = CountSegments(set);
  for (const Statement& line : set) {
    if (line.kind() == Kind::kSegment) {
      CheckPrevious(set, line, findings);
      CheckSteps(set, line, findings);
    } else if (line.kind() == Kind::kCompletion) {
      CheckCompletion(set, line, enclosed, findings);
    }
  }
}

}  // namespace carnet::verifier::lineage
