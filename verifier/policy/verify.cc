#include "verifier/policy/verify.h"

#include <fmt/core.h>

#include "verifier/policy/rules.h"

namespace carnet::verifier::policy {
namespace {

void CheckWhenMet(const Statement& root, const Threshold& threshold, const ThresholdFact& fact,
                  Findings& findings) {
  const bool decides =
      fact.state == ThresholdState::kMet || fact.state == ThresholdState::kUndisclosed;
  if (threshold.when_met != WhenMet::kRefuse || !decides) return;
  findings.Add({{38, RejectReason::kThresholdMet},
                fmt::format("{}: {} {}", fact.policy, fact.threshold, DescribeFact(fact)),
                root.id,
                root.number,
                ""});
}

std::string Text(const Policy& policy, const std::vector<ThresholdFact>& facts, int level) {
  std::string text = policy.id;
  for (const IncludedPolicy& other : policy.included) {
    text += fmt::format(" with {} sha256:{}…", other.id, other.digest.substr(0, 8));
  }
  text += ": ";
  if (facts.empty()) return text + fmt::format("level {} ({})", level, LevelName(level));
  for (const ThresholdFact& fact : facts) {
    if (&fact != &facts.front()) text += "; ";
    if (fact.policy != policy.id) text += fact.policy + " ";
    if (facts.size() > 1) text += fact.threshold + " ";
    text += DescribeFact(fact);
  }
  return text;
}

}  // namespace

Outcome VerifyPolicy(const StatementSet& set, const Statement& root, const Policy& policy,
                     std::span<const Row> rows, const Measure& measure, Findings& findings) {
  const Gaps gaps = GapsToLevel2(set, rows);
  Outcome outcome{RowStatus::kPass, "", {}, LevelOf(gaps)};
  for (const Demand& demand : policy.demands) {
    CheckRequirements(demand, root, rows, gaps, outcome.level.number, findings);
  }
  for (const Threshold& threshold : policy.thresholds) {
    outcome.facts.push_back(JudgeThreshold(set, root, policy, threshold, measure));
    CheckWhenMet(root, threshold, outcome.facts.back(), findings);
  }
  outcome.text = Text(policy, outcome.facts, outcome.level.number);
  if (findings.HasRow(RowId::kPolicy)) outcome.status = RowStatus::kFail;
  return outcome;
}

}  // namespace carnet::verifier::policy
