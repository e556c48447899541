// R35: a run that the passport knows by a segment, not by its completion, may have more lanes than
// the ones that it shows.
#include <fmt/core.h>

#include <set>
#include <unordered_map>
#include <unordered_set>

#include "statements/graph.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/upper_bound.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {

using schemas::Kind;

void CheckOpenRuns(const StatementSet& set, TimeBound& time, Unheld& unheld) {
  std::unordered_set<const Statement*> completed;
  std::unordered_map<const Statement*, std::set<uint64_t>> lanes;
  for (const Statement& line : set) {
    if (line.kind() == Kind::kCompletion) completed.insert(RunOf(set, line));
    if (line.kind() == Kind::kSegment) lanes[RunOf(set, line)].insert(LaneOf(line));
  }
  for (const Statement& line : set) {
    if (line.kind() != Kind::kRun || completed.contains(&line)) continue;
    const auto shown = lanes.find(&line);
    if (shown == lanes.end() || shown->second.size() >= LanesOf(line)) continue;
    time.Lift(Describe(line) + " has lanes that are not enclosed");
    unheld.Add(fmt::format("{} has {}, of which the passport encloses {}, and no completion",
                           Describe(line), Counted(LanesOf(line), "lane"), shown->second.size()));
  }
}

}  // namespace carnet::verifier::compute
