#include "verifier/policy/verify.h"

#include <fmt/core.h>

#include <algorithm>

#include "verifier/policy/rules.h"

namespace carnet::verifier::policy {
namespace {

bool MayBeUnattested(const Requirements& requirements, const Row& row) {
  const auto& rows = requirements.may_be_unattested;
  return row.status == RowStatus::kUnattested &&
         std::find(rows.begin(), rows.end(), row.name) != rows.end();
}

void CheckRows(const Statement& root, const Policy& policy, std::span<const Row> rows,
               Findings& findings) {
  for (const Row& row : rows) {
    if (row.status == RowStatus::kPass || row.status == RowStatus::kNotApplicable ||
        MayBeUnattested(policy.requirements, row)) {
      continue;
    }
    findings.Add({{38, RejectReason::kPolicyRequirement},
                  fmt::format("hub-default: row {} is {} ({}), expected pass", row.name,
                              RowStatusName(row.status), row.text),
                  root.id,
                  root.number,
                  ""});
  }
}

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

std::string Text(const Policy& policy, const std::vector<ThresholdFact>& facts) {
  std::string text = policy.id;
  for (const std::string& other : policy.included) text += " with " + other;
  text += ": ";
  if (facts.empty()) return text + "every row passes or may be unattested";
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
                     std::span<const Row> rows, Findings& findings) {
  CheckRequirements(set, policy.requirements, findings);
  CheckRows(root, policy, rows, findings);
  Outcome outcome{RowStatus::kPass, "", {}};
  for (const Threshold& threshold : policy.thresholds) {
    outcome.facts.push_back(JudgeThreshold(set, root, policy, threshold));
    CheckWhenMet(root, threshold, outcome.facts.back(), findings);
  }
  outcome.text = Text(policy, outcome.facts);
  if (findings.HasRow(RowId::kPolicy)) outcome.status = RowStatus::kFail;
  return outcome;
}

}  // namespace carnet::verifier::policy
