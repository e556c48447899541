// Sums of FLOP along the lineage (docs/rules.md S9, R36, R37): each segment and dataset once, in
// 128 bits; a lower bound where a term is undisclosed or missing.
#pragma once

#include <optional>
#include <set>

#include "core/flop.h"
#include "schemas/enums.h"
#include "statements/reach.h"
#include "statements/statement_set.h"

namespace carnet::statements {

struct FlopSum {
  Flop amount{0};
  bool lower_bound = false;
};

enum class SummedFigure {
  kUpdate,  // `update` of the segments on the weights_from path
  kTotal,   // `total` of all segments
};

enum class Synthetic { kNone, kNonPublic, kAll };  // whether generation FLOP of datasets is added

struct SumRule {
  SummedFigure figure;
  std::set<schemas::EdgeType> edge_types;  // those to follow
  bool stop_at_passports;
  Synthetic synthetic;
};

// S9's two numbers: parameter-update stops at passports and follows weight-carrying edges whose
// target is a completion or segment; cumulative follows `edges`, through passports, with all
// generation FLOP when synthetic-data-from is among them.
SumRule ParameterUpdateRule();
SumRule CumulativeRule(const std::set<schemas::EdgeType>& edges);

// Absent on overflow of 128 bits (`flop-overflow`). `start` is a passport or completion. Requires
// the closure of `start` (R19, R20): a statement that is not a member is not noticed here.
std::optional<FlopSum> SumAlong(const StatementSet& set, const Statement& start,
                                const SumRule& rule);

// The same with the greatest of each figure's methods instead of its amount (R34 shows it).
std::optional<FlopSum> SumOfHighest(const StatementSet& set, const Statement& start,
                                    const SumRule& rule);

// The same over what was reached already. Requires that `reached` is what the rule leads to.
std::optional<FlopSum> SumOver(const StatementSet& set, const Reached& reached,
                               const SumRule& rule);

struct BothSums {
  std::optional<FlopSum> amount;   // as SumAlong
  std::optional<FlopSum> highest;  // as SumOfHighest
};
// By one walk.
BothSums SumBoth(const StatementSet& set, const Statement& start, const SumRule& rule);

}  // namespace carnet::statements
