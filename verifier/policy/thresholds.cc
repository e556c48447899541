#include "verifier/policy/rules.h"

#include <fmt/core.h>

#include "statements/sum.h"

namespace carnet::verifier::policy {
namespace {

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

// A text that is in force is so from a day on, or until one.
std::string_view WhyNotInForce(std::string_view status) {
  const bool by_date =
      status == StatusName(Status::kInForce) || status == StatusName(Status::kGuidance);
  return by_date ? "at that date" : status;
}

bool Exceeds(const Threshold& threshold, Flop amount) {
  return threshold.comparison == Comparison::kGreater ? amount > threshold.value
                                                      : amount >= threshold.value;
}

std::string Scientific(const std::string& decimal) {
  return Flop::Parse(decimal).value().ToScientific();
}

struct Decided {
  ThresholdState state;
  ThresholdBasis why;
};

// R37
Decided Decide(const Threshold& threshold, const compute::Bounds& bounds, const Measure& measure,
               uint64_t min_busy_ppm) {
  if (Exceeds(threshold, bounds.lower())) {
    return {ThresholdState::kMet, ThresholdBasis::kLowerBound};
  }
  if (bounds.IsLowerBound()) {
    return {ThresholdState::kUndisclosed, ThresholdBasis::kUndisclosedTerm};
  }
  if (!bounds.upper.amount) {
    return {ThresholdState::kUndisclosed, ThresholdBasis::kUnknownDeviceTime};
  }
  const bool own_chips = bounds.upper.own_chips > Flop(0);
  if (!Exceeds(threshold, *bounds.upper.amount) && !own_chips) {
    return {ThresholdState::kNotMet, ThresholdBasis::kUpperBound};
  }
  if (measure.lower_bound) {
    return {ThresholdState::kUndisclosed, ThresholdBasis::kUnattestedFigure};
  }
  const auto with_idle = bounds.WithIdle();
  if (bounds.IsBusy(min_busy_ppm) && with_idle && !Exceeds(threshold, *with_idle)) {
    return {ThresholdState::kNotMet, ThresholdBasis::kStated};
  }
  if (own_chips) return {ThresholdState::kUndisclosed, ThresholdBasis::kUnknownDeviceTime};
  return {ThresholdState::kUndisclosed, ThresholdBasis::kUnexplainedDeviceTime};
}

}  // namespace

bool IsInForce(const Threshold& threshold, TimestampMs at) {
  const bool status = threshold.status == Status::kInForce || threshold.status == Status::kGuidance;
  return status && (!threshold.from || at >= *threshold.from) &&
         (!threshold.until || at < *threshold.until);
}

statements::SumRule SumRuleOf(const Threshold& threshold) {
  return {.figure = threshold.figure == Figure::kUpdate ? statements::SummedFigure::kUpdate
                                                        : statements::SummedFigure::kTotal,
          .edge_types = {threshold.edges.begin(), threshold.edges.end()},
          .stop_at_passports = false,
          .synthetic = threshold.non_public_synthetic ? statements::Synthetic::kNonPublic
                                                      : statements::Synthetic::kNone};
}

compute::Counting CountingOf(const Policy& policy, const Threshold& threshold) {
  return {SumRuleOf(threshold), policy.off_path, policy.min_utilisation_ppm};
}

compute::Counting CountingOf(const Policy& policy) {
  if (!policy.thresholds.empty()) return CountingOf(policy, policy.thresholds.front());
  return {statements::CumulativeRule(statements::ParameterUpdateRule().edge_types), policy.off_path,
          policy.min_utilisation_ppm};
}

ThresholdFact JudgeThreshold(const StatementSet& set, const Statement& root, const Policy& policy,
                             const Threshold& threshold, const Measure& measure) {
  const compute::Bounds bounds =
      compute::BoundsOf(set, root, CountingOf(policy, threshold), measure.time);
  const Decided decided = IsInForce(threshold, policy.at)
                              ? Decide(threshold, bounds, measure, policy.min_utilisation_ppm)
                              : Decided{ThresholdState::kNotInForce, ThresholdBasis::kNotInForce};
  const std::string lower = bounds.lower().ToString();
  return {
      .policy = threshold.policy,
      .threshold = threshold.id,
      .state = decided.state,
      .why = decided.why,
      .lower = lower,
      .stated = lower,  // the floor is no more than what is stated (R35)
      .upper = bounds.upper.amount ? std::optional(bounds.upper.amount->ToString()) : std::nullopt,
      .lower_bound = bounds.IsLowerBound() || measure.lower_bound,
      .bounds = compute::BoundsText(bounds, policy.min_utilisation_ppm),
      .comparison = threshold.comparison == Comparison::kGreater ? ">" : ">=",
      .limit = threshold.value.ToString(),
      .rule = threshold.rule,
      .source = threshold.source,
      .status = std::string(StatusName(threshold.status))};
}

std::string DescribeFact(const ThresholdFact& fact) {
  const std::string state(ThresholdStateName(fact.state));
  const std::string limit = fact.comparison + " " + Scientific(fact.limit);
  switch (fact.state) {
    case ThresholdState::kMet:
      return fmt::format("{}, {}; limit {}: {}", state, fact.bounds, limit, fact.rule);
    case ThresholdState::kNotMet:
      return fmt::format("{}, {}; limit {}", state, fact.bounds, limit);
    case ThresholdState::kUndisclosed:
      return fmt::format("{} ({}), {}; limit {}", state, ThresholdBasisName(fact.why), fact.bounds,
                         limit);
    case ThresholdState::kNotInForce:
      return fmt::format("{} ({}), {}; limit {}", state, WhyNotInForce(fact.status), fact.bounds,
                         limit);
  }
  CARNET_CHECK(false);
}

}  // namespace carnet::verifier::policy
