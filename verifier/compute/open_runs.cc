// R35: a run that the passport knows by a segment, not by its completion. Of one lane, all that led
// to the segment is enclosed; of several, what the other lanes did by then is not.
#include <fmt/core.h>

#include <unordered_set>

#include "statements/graph.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/upper_bound.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {

using schemas::Kind;

void CheckOpenRuns(const StatementSet& set, TimeBound& time, Unheld& unheld) {
  std::unordered_set<const Statement*> completed;
  std::unordered_set<const Statement*> used;
  for (const Statement& line : set) {
    if (line.kind() == Kind::kCompletion) completed.insert(RunOf(set, line));
    if (line.kind() == Kind::kSegment) used.insert(RunOf(set, line));
  }
  for (const Statement& line : set) {
    if (!used.contains(&line) || completed.contains(&line) || LanesOf(line) == 1) continue;
    time.Lift(Describe(line) + " may have segments that are not enclosed");
    unheld.Add(fmt::format("{} has {}, and the passport encloses no completion of it",
                           Describe(line), Counted(LanesOf(line), "lane")));
  }
}

}  // namespace carnet::verifier::compute
