#include "statements/sum.h"

#include <algorithm>

#include "statements/graph.h"
#include "statements/stated_flop.h"

namespace carnet::statements {
namespace {

using schemas::ReaderOf;

using Pick = Flop StatedFlop::*;

class Adder {
 public:
  Adder(const StatementSet& set, const SumRule& rule, Pick pick)
      : set_(set), rule_(rule), pick_(pick) {}

  std::optional<FlopSum> Add(const Reached& reached) {
    for (const Statement* segment : reached.segments) {
      const SegmentFields& fields = segment->segment.value();
      AddTerm(rule_.figure == SummedFigure::kUpdate ? fields.update : fields.total);
    }
    for (const Statement* run : reached.runs) LookAtInputs(*run);
    if (rule_.synthetic != Synthetic::kNone) {
      for (const Statement* run : reached.runs) {
        if (ReaderOf<wire::Run>(run->predicate).getDatasets().isUndisclosed()) Open();
      }
      for (const Statement* dataset : reached.datasets) AddGeneration(*dataset);
    }
    if (overflow_) return std::nullopt;
    return sum_;
  }

 private:
  void Open() { sum_.lower_bound = true; }

  void AddTerm(const std::optional<StatedFlop>& stated) {
    if (!stated) return Open();
    const auto next = CheckedAdd(sum_.amount, *stated.*pick_);
    overflow_ = overflow_ || !next;
    if (next) sum_.amount = *next;
  }

  bool FollowsWeights() const {
    return std::any_of(rule_.edge_types.begin(), rule_.edge_types.end(), schemas::CarriesWeights);
  }

  // R37: an edge that leads nowhere is a missing term, and so are undisclosed initial weights. A
  // parent without a passport is not, where the sum would stop at that passport anyway (S9,
  // parameter-update).
  void LookAtInputs(const Statement& run) {
    const auto initial = ReaderOf<wire::Run>(run.predicate).getInitial();
    if (initial == wire::InitialWeights::UNDISCLOSED && FollowsWeights()) Open();
    for (const InputEdge& edge : EdgesOf(set_, run)) {
      if (!rule_.edge_types.contains(edge.type)) continue;
      const bool absent = edge.statement == EdgeStatement::kAbsent;
      if (absent ? !rule_.stop_at_passports : edge.statement != EdgeStatement::kEnclosed) Open();
    }
  }

  void AddGeneration(const Statement& dataset) {
    const auto sources = ReaderOf<wire::Dataset>(dataset.predicate).getSources();
    if (sources.isUndisclosed()) return Open();
    for (const auto source : sources.getItems()) {
      if (source.getKind() != wire::SourceKind::SYNTHETIC) continue;
      // What is not stated to be public is not public.
      const bool is_public = source.getGeneratorPublic().getValue();
      if (is_public && rule_.synthetic == Synthetic::kNonPublic) continue;
      AddTerm(Sums(Stated(source.hasGenerationFlop(), source.getGenerationFlop())));
    }
  }

  const StatementSet& set_;
  const SumRule& rule_;
  const Pick pick_;
  FlopSum sum_;
  bool overflow_ = false;
};

Reached ReachBy(const StatementSet& set, const Statement& start, const SumRule& rule) {
  return Reach(
      set, start, rule.edge_types,
      rule.figure == SummedFigure::kUpdate ? SegmentChoice::kWeightsPath : SegmentChoice::kAll,
      rule.stop_at_passports ? AtPassports::kStop : AtPassports::kGoOn);
}

}  // namespace

SumRule ParameterUpdateRule() {
  std::set<schemas::EdgeType> carrying;
  for (const schemas::EdgeType type : schemas::kEdgeTypes) {
    if (schemas::CarriesWeights(type)) carrying.insert(type);
  }
  return {SummedFigure::kUpdate, std::move(carrying), true, Synthetic::kNone};
}

SumRule CumulativeRule(const std::set<schemas::EdgeType>& edges) {
  const bool synthetic = edges.contains(schemas::EdgeType::kSyntheticDataFrom);
  return {SummedFigure::kTotal, edges, false, synthetic ? Synthetic::kAll : Synthetic::kNone};
}

std::optional<FlopSum> SumAlong(const StatementSet& set, const Statement& start,
                                const SumRule& rule) {
  return SumOver(set, ReachBy(set, start, rule), rule);
}

std::optional<FlopSum> SumOver(const StatementSet& set, const Reached& reached,
                               const SumRule& rule) {
  return Adder(set, rule, &StatedFlop::amount).Add(reached);
}

std::optional<FlopSum> SumOfHighest(const StatementSet& set, const Statement& start,
                                    const SumRule& rule) {
  return Adder(set, rule, &StatedFlop::highest).Add(ReachBy(set, start, rule));
}

BothSums SumBoth(const StatementSet& set, const Statement& start, const SumRule& rule) {
  const Reached reached = ReachBy(set, start, rule);
  return {Adder(set, rule, &StatedFlop::amount).Add(reached),
          Adder(set, rule, &StatedFlop::highest).Add(reached)};
}

}  // namespace carnet::statements
