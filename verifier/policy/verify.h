// R38: what a policy makes of a passport whose other rules have passed.
//
// 1 Requirements of hub-default, on every enclosed statement except verdicts: data used stated
//   (a run's `datasets`), intended deployment stated (run, passport), nothing "undisclosed" in
//   FLOP (segment, completion, passport, generated data), tokens, inputs, initial; no run
//   retrospective. policy-requirement.
// 2 Rows: every one passes or does not apply; those that the policy names may be unattested.
//   policy-requirement.
// 3 Thresholds, as facts: the figure summed along the threshold's own edges, through passports,
//   compared with the limit as the legal text does. A lower bound (R37) decides only `met`; else
//   the answer is undisclosed. Not in force, and deciding nothing: a status other than `in force`
//   and `guidance`, or `at` outside its dates. threshold-met where `when_met` is refuse and the
//   fact is met or undisclosed.
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
};

// `rows` are the rows before policy.
Outcome VerifyPolicy(const StatementSet& set, const Statement& root, const Policy& policy,
                     std::span<const Row> rows, Findings& findings);

}  // namespace carnet::verifier::policy
