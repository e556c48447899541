// Reach: which segments, runs and datasets are behind a passport, along chosen types of edge
// (docs/rules.md S9, R36). Iterative, each statement once, so that diamonds cost linear time. Works
// on any set: a reference whose target is missing or of another kind is skipped (R19
// and R20 report it) and makes the result open.
#pragma once

#include <set>
#include <vector>

#include "schemas/enums.h"
#include "statements/statement_set.h"

namespace carnet::statements {

enum class SegmentChoice {
  kWeightsPath,  // only segments on the `weights_from` path (S9, parameter-update)
  kAll,          // every segment back from `last[]`, or from the segment that is an input, along
                 // its lane and along `weights_from`
};

// Whether a passport that is an input is followed to its completion. The start always is.
enum class AtPassports { kStop, kGoOn };

struct Reached {
  std::vector<const Statement*> segments;  // distinct, in the order reached
  std::vector<const Statement*> runs;
  std::vector<const Statement*> passports;  // with the start, and those where it stopped
  std::vector<const Statement*> datasets;   // of the runs, with what those derive from
  bool open = false;  // an edge of the chosen types, or the data of a reached run, is undisclosed
                      // or leads to nothing enclosed: sums over `segments` are lower bounds
};

// `start`, a member, is a passport, completion or segment. Linear in what is reached.
Reached Reach(const StatementSet& set, const Statement& start,
              const std::set<schemas::EdgeType>& edge_types, SegmentChoice choice,
              AtPassports at_passports);

// Of the reached runs those of several lanes that were not reached whole: a lane that no later
// weights name, or segments that nothing counts, as no completion is a member. A completion that is
// a member for another reason than this walk's shows no lane to it. Requires SegmentChoice::kAll.
// Linear in the set.
std::vector<const Statement*> PartlyReached(const StatementSet& set, const Reached& reached);

}  // namespace carnet::statements
