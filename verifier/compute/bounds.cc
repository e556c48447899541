#include "verifier/compute/bounds.h"

#include <fmt/core.h>

#include <unordered_set>

#include "statements/graph.h"
#include "statements/reach.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/rules.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using statements::Reached;
using statements::SegmentChoice;
using statements::SumRule;

Reached ReachedBy(const StatementSet& set, const Statement& root, const SumRule& rule,
                  SegmentChoice choice) {
  using statements::AtPassports;
  return Reach(set, root, rule.edge_types, choice,
               rule.stop_at_passports ? AtPassports::kStop : AtPassports::kGoOn);
}

LeftBehind Difference(const Reached& all, const Reached& path) {
  LeftBehind left{.update = FlopSum{}};
  const std::unordered_set<const Statement*> kept(path.segments.begin(), path.segments.end());
  for (const Statement* segment : all.segments) {
    if (kept.contains(segment)) continue;
    ++left.segments;
    if (!left.update) continue;
    const auto& update = segment->segment.value().update;
    if (!update) {
      left.update->lower_bound = true;
      continue;
    }
    const auto sum = CheckedAdd(left.update->amount, update->amount);
    left.update = sum ? std::optional(FlopSum{*sum, left.update->lower_bound}) : std::nullopt;
  }
  return left;
}

std::optional<FlopSum> Plus(const std::optional<FlopSum>& a, const std::optional<FlopSum>& b) {
  if (!a || !b) return std::nullopt;
  const auto sum = CheckedAdd(a->amount, b->amount);
  if (!sum) return std::nullopt;
  return FlopSum{*sum, a->lower_bound || b->lower_bound};
}

std::string SignersText(const UpperBound& upper) {
  std::string names;
  for (const std::string& party : upper.counter_signers) {
    names += (names.empty() ? "" : ", ") + party;
  }
  if (*upper.amount == upper.counter_signed) return "counter-signed by " + names;
  return fmt::format("{} of it counter-signed by {}",
                     PercentText(upper.counter_signed, *upper.amount), names);
}

std::string CounterSignedText(const UpperBound& upper) {
  if (upper.own_chips > Flop(0)) {
    return (upper.counter_signers.empty() ? "not counter-signed" : SignersText(upper)) +
           ": which chips were sold, only the run's own party says";
  }
  if (upper.counter_signers.empty()) {
    return "not counter-signed: device time that the signer hides is not seen";
  }
  return SignersText(upper);
}

std::string UpperText(const Bounds& bounds, uint64_t min_utilisation_ppm) {
  if (!bounds.upper.amount) return "upper bound unknown: " + bounds.upper.unknown_because;
  std::string text =
      fmt::format("at most {} by the device time, {}", bounds.upper.amount->ToScientific(),
                  CounterSignedText(bounds.upper));
  if (bounds.capacity > Flop(0)) {
    constexpr unsigned kPercentPlaces = 4;
    text += fmt::format("; {} of the devices' peak (policy: at least {} %)",
                        PercentText(bounds.work, bounds.capacity),
                        ScaledText(min_utilisation_ppm, kPercentPlaces));
  }
  const std::optional<Flop>& idle = bounds.upper.idle;
  if (!idle || *idle > Flop(0)) {
    text += fmt::format("; the devices of runs below that share had time for {} more",
                        idle ? idle->ToScientific() : "any number");
  }
  return text;
}

}  // namespace

bool Bounds::IsBusy(uint64_t min_utilisation_ppm) const {
  return capacity == Flop(0) || IsAtLeastPpm(work, capacity, min_utilisation_ppm);
}

std::optional<Flop> Bounds::WithIdle() const {
  return upper.idle ? CheckedAdd(lower(), *upper.idle) : std::nullopt;
}

Bounds BoundsOf(const StatementSet& set, const Statement& root, const Counting& counting,
                const TimeBound& time) {
  const SumRule& rule = counting.rule;
  const Reached all = ReachedBy(set, root, rule, SegmentChoice::kAll);
  const Reached path = ReachedBy(set, root, rule, SegmentChoice::kWeightsPath);
  Bounds bounds{.left_behind = Difference(all, path)};
  SumRule work_rule = rule;
  work_rule.synthetic = statements::Synthetic::kNone;
  const bool update = rule.figure == statements::SummedFigure::kUpdate;
  const Reached& summed = update ? path : all;
  bounds.stated = SumOver(set, summed, rule);
  std::optional<FlopSum> work = SumOver(set, summed, work_rule);
  const bool on_path = update && counting.off_path == OffPath::kReport;
  if (update && !on_path) {
    bounds.stated = Plus(bounds.stated, bounds.left_behind.update);
    work = Plus(work, bounds.left_behind.update);
  }
  if (bounds.IsLowerBound() || !work) {
    bounds.upper.unknown_because = "a term is undisclosed or missing";
    return bounds;
  }
  if (const auto partly = PartlyReached(set, all); !partly.empty()) {
    bounds.stated->lower_bound = true;
    bounds.upper.unknown_because =
        Describe(*partly.front()) + " may have segments that the sum does not come by";
    return bounds;
  }
  bounds.upper = time.Of(on_path ? path : all, {rule.figure, counting.min_utilisation_ppm});
  if (!bounds.upper.amount) return bounds;
  bounds.work = work->amount;
  bounds.capacity = *bounds.upper.amount;
  // No device time is stated for the generation of data: it counts as stated on both sides.
  const Flop generation(bounds.stated->amount.value() - work->amount.value());
  bounds.upper.amount = CheckedAdd(bounds.capacity, generation);
  if (!bounds.upper.amount) bounds.upper.unknown_because = "the arithmetic exceeds 128 bits";
  return bounds;
}

std::string BoundsText(const Bounds& bounds, uint64_t min_utilisation_ppm) {
  const std::string stated = bounds.stated ? (bounds.stated->lower_bound ? "at least " : "") +
                                                 bounds.stated->amount.ToScientific()
                                           : "more than 128 bits";
  return fmt::format("{} stated; {}", stated, UpperText(bounds, min_utilisation_ppm));
}

}  // namespace carnet::verifier::compute
