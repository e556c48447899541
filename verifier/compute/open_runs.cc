// R35: a run that the passport knows by a segment, not by its completion. Of one lane, all that led
// to the segment is enclosed; of several, what the other lanes did by then is not, or the sum does
// not come by it: the completion may be enclosed along an edge that the sum does not follow.
#include <fmt/core.h>

#include <unordered_set>

#include "statements/graph.h"
#include "statements/reach.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/upper_bound.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using statements::AtPassports;
using statements::Reached;
using statements::SumRule;

class OpenRuns {
 public:
  OpenRuns(const StatementSet& set, Unheld& unheld) : set_(set), unheld_(unheld) {}

  // In the whole file, whatever leads to them.
  void NoteUncompleted(TimeBound& time) {
    std::unordered_set<const Statement*> completed;
    std::unordered_set<const Statement*> used;
    for (const Statement& line : set_) {
      if (line.kind() == Kind::kCompletion) completed.insert(RunOf(set_, line));
      if (line.kind() == Kind::kSegment) used.insert(RunOf(set_, line));
    }
    for (const Statement& line : set_) {
      if (!used.contains(&line) || completed.contains(&line) || LanesOf(line) == 1) continue;
      time.Lift(Describe(line) + " may have segments that are not enclosed");
      Note(line, "the passport encloses no completion of it");
    }
  }

  void NotePartlySummed(const Statement& root, const SumRule& rule) {
    const AtPassports at_passports =
        rule.stop_at_passports ? AtPassports::kStop : AtPassports::kGoOn;
    const Reached all =
        Reach(set_, root, rule.edge_types, statements::SegmentChoice::kAll, at_passports);
    for (const Statement* run : PartlyReached(set_, all)) {
      Note(*run, "a sum comes by only a part of its segments");
    }
  }

 private:
  void Note(const Statement& run, const char* why) {
    if (!noted_.insert(&run).second) return;
    unheld_.Add(
        fmt::format("{} has {}, and {}", Describe(run), Counted(LanesOf(run), "lane"), why));
  }

  const StatementSet& set_;
  Unheld& unheld_;
  std::unordered_set<const Statement*> noted_;
};

}  // namespace

// Thresholds of other rules than `asked` mark their own sums (bounds.h).
void CheckOpenRuns(const StatementSet& set, const Statement& root, const SumRule& asked,
                   TimeBound& time, Unheld& unheld) {
  OpenRuns open(set, unheld);
  open.NoteUncompleted(time);
  open.NotePartlySummed(root, asked);
  open.NotePartlySummed(root, statements::ParameterUpdateRule());
  open.NotePartlySummed(root, statements::CumulativeRule(CumulativeEdgesOf(root)));
}

}  // namespace carnet::verifier::compute
