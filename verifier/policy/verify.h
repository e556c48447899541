// R38: what a policy makes of a passport whose other rules have passed.
//
// 1 The level: 2 where nothing is undisclosed in FLOP, tokens, inputs, initial weights, data,
// sources
//   and intended deployment, no run is retrospective and no row but custody and hardware is
//   unattested or undisclosed; else 1. Higher ones are not verified.
// 2 Demands of the policy and of those that it includes: a level, single requirements, rows that
// may
//   not be unattested or undisclosed. policy-requirement.
// 3 Thresholds, as facts: the figure summed along the threshold's own edges, through passports,
//   compared with the limit as the legal text does. `met` where what is claimed exceeds it; `not
//   met` where the upper bound by the device time does not reach it, on chips that the run's party
//   is not alone to name where others sold them, or where what is stated does not and the devices
//   were busy enough with it for this policy; else undisclosed, and always so where a term is
//   undisclosed or missing (R37). Not in force, and deciding nothing: a status other than `in
//   force` and `guidance`, or `at` outside its dates. threshold-met where `when_met` is refuse and
//   the fact is met or undisclosed.
// Not checked: whether the law applies to this model or person at all.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "verifier/finding.h"
#include "verifier/passport_file.h"
#include "verifier/policy/policy.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

struct Outcome {
  RowStatus status;
  std::string text;
  std::vector<ThresholdFact> facts;
  Level level;
};

// What thresholds are held against besides what is stated.
struct Measure {
  const compute::TimeBound& time;
  bool lower_bound;  // figures rest on what nothing at hand shows (R35)
};

// `rows` are the rows before policy.
Outcome VerifyPolicy(const StatementSet& set, const Statement& root, const Policy& policy,
                     std::span<const Row> rows, const Measure& measure, Findings& findings);

}  // namespace carnet::verifier::policy
