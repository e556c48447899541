#include "verifier/policy/rules.h"

#include <fmt/core.h>

#include "statements/sum.h"

namespace carnet::verifier::policy {
namespace {

bool InForce(const Threshold& threshold, TimestampMs at) {
  const bool status = threshold.status == Status::kInForce || threshold.status == Status::kGuidance;
  return status && (!threshold.from || at >= *threshold.from) &&
         (!threshold.until || at < *threshold.until);
}

std::string_view StatusName(Status status) {
  switch (status) {
    case Status::kInForce:
      return "in force";
    case Status::kProposed:
      return "proposed";
    case Status::kRescinded:
      return "rescinded";
    case Status::kGuidance:
      return "guidance";
  }
  CARNET_CHECK(false);
}

bool Exceeds(const Threshold& threshold, Flop amount) {
  return threshold.comparison == Comparison::kGreater ? amount > threshold.value
                                                      : amount >= threshold.value;
}

std::string Scientific(const std::string& decimal) {
  return Flop::Parse(decimal).value().ToScientific();
}

}  // namespace

statements::SumRule SumRuleOf(const Threshold& threshold) {
  return {.figure = threshold.figure == Figure::kUpdate ? statements::SummedFigure::kUpdate
                                                        : statements::SummedFigure::kTotal,
          .edge_types = {threshold.edges.begin(), threshold.edges.end()},
          .stop_at_passports = false,
          .synthetic = threshold.non_public_synthetic ? statements::Synthetic::kNonPublic
                                                      : statements::Synthetic::kNone};
}

ThresholdFact JudgeThreshold(const StatementSet& set, const Statement& root, const Policy& policy,
                             const Threshold& threshold) {
  // A sum that overflows is above every possible limit; the greatest lower bound is shown for it.
  const FlopSum sum = statements::SumAlong(set, root, SumRuleOf(threshold))
                          .value_or(FlopSum{Flop(~Uint128{0}), true});
  ThresholdFact fact{.policy = threshold.policy,
                     .threshold = threshold.id,
                     .state = ThresholdState::kNotMet,
                     .value = sum.amount.ToString(),
                     .lower_bound = sum.lower_bound,
                     .comparison = threshold.comparison == Comparison::kGreater ? ">" : ">=",
                     .limit = threshold.value.ToString(),
                     .rule = threshold.rule,
                     .source = threshold.source,
                     .status = std::string(StatusName(threshold.status))};
  if (!InForce(threshold, policy.at)) {
    fact.state = ThresholdState::kNotInForce;
  } else if (Exceeds(threshold, sum.amount)) {
    fact.state = ThresholdState::kMet;
  } else if (sum.lower_bound) {
    fact.state = ThresholdState::kUndisclosed;
  }
  return fact;
}

std::string DescribeFact(const ThresholdFact& fact) {
  const std::string state(ThresholdStateName(fact.state));
  const std::string value = (fact.lower_bound ? "at least " : "") + Scientific(fact.value);
  const std::string limit = Scientific(fact.limit);
  switch (fact.state) {
    case ThresholdState::kMet:
      return fmt::format("{}, {} {} {}: {}", state, value, fact.comparison, limit, fact.rule);
    case ThresholdState::kNotMet:
      return fmt::format("{}, {} {} {}", state, value, fact.comparison == ">" ? "<=" : "<", limit);
    case ThresholdState::kUndisclosed:
      return fmt::format("{}, {}, limit {}", state, value, limit);
    case ThresholdState::kNotInForce:
      return fmt::format("{} ({}), {}, limit {}", state, fact.status, value, limit);
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::verifier::policy
