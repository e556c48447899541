#include <fmt/core.h>

#include "schemas/readers.h"
#include "verifier/policy/level.h"

namespace carnet::verifier::policy {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::Statement;
using statements::StatementSet;

// A value, absence and this word are three different things (S4).
bool IsUndisclosed(capnp::Text::Reader text) { return schemas::TextOf(text) == "undisclosed"; }
template <typename Value>
bool IsUndisclosed(Value value) {
  return value.isUndisclosed();
}

class GapFinder {
 public:
  explicit GapFinder(Gaps& gaps) : gaps_(gaps) {}

  void Look(const Statement& line) {
    line_ = &line;
    switch (line.kind()) {
      case Kind::kDataset:
        return LookAt(ReaderOf<wire::Dataset>(line.predicate));
      case Kind::kRun:
        return LookAt(ReaderOf<wire::Run>(line.predicate));
      case Kind::kSegment:
        return LookAt(ReaderOf<wire::Segment>(line.predicate));
      case Kind::kCompletion:
        return LookAt(ReaderOf<wire::Completion>(line.predicate));
      case Kind::kPassport:
        return LookAt(ReaderOf<wire::Passport>(line.predicate));
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        return;
    }
  }

 private:
  void Add(GapKind kind, std::string what) {
    gaps_.Add(kind, {std::move(what), line_->id, line_->number});
  }

  template <typename Value>
  void Expect(GapKind kind, Value value, std::string_view field) {
    if (IsUndisclosed(value)) Add(kind, std::string(field) + " is undisclosed");
  }

  void LookAt(wire::Dataset::Reader dataset) {
    const auto size = dataset.getSize();
    Expect(GapKind::kSource, size.getBytes(), "size.bytes");
    Expect(GapKind::kSource, dataset.getSources(), "sources");
    if (!dataset.getSources().isItems()) return;
    for (const auto source : dataset.getSources().getItems()) {
      Expect(GapKind::kFigure, source.getGenerationFlop(), "sources[].generation_flop");
      Expect(GapKind::kSource, source.getGenerator(), "sources[].generator");
      Expect(GapKind::kSource, source.getGeneratorModel(), "sources[].generator_model");
    }
  }

  void LookAt(wire::Run::Reader run) {
    Expect(GapKind::kDataUsed, run.getDatasets(), "datasets");
    Expect(GapKind::kIntendedDeployment, run.getIntendedDeployment(), "intended_deployment");
    for (const auto edge : run.getInputs()) {
      Expect(GapKind::kFigure, edge.getModel(), "inputs[].model");
      Expect(GapKind::kFigure, edge.getStatement(), "inputs[].statement");
    }
    if (run.getInitial() == wire::InitialWeights::UNDISCLOSED) {
      Add(GapKind::kFigure, "initial is undisclosed");
    }
    if (run.getRetrospective().getValue()) {
      Add(GapKind::kRetrospective, "retrospective: the run was entered after the fact");
    }
  }

  void LookAt(wire::Segment::Reader segment) {
    Expect(GapKind::kFigure, segment.getTokens(), "tokens");
    Expect(GapKind::kFigure, segment.getFlop().getUpdate(), "flop.update");
    Expect(GapKind::kFigure, segment.getFlop().getTotal(), "flop.total");
  }

  void LookAt(wire::Completion::Reader completion) {
    Expect(GapKind::kFigure, completion.getTokens(), "tokens");
    Expect(GapKind::kFigure, completion.getFlop().getUpdate(), "flop.update");
    Expect(GapKind::kFigure, completion.getFlop().getTotal(), "flop.total");
  }

  void LookAt(wire::Passport::Reader passport) {
    Expect(GapKind::kIntendedDeployment, passport.getIntendedDeployment(), "intended_deployment");
    Expect(GapKind::kFigure, passport.getFlop().getParameterUpdate(), "flop.parameter_update");
    Expect(GapKind::kFigure, passport.getFlop().getCumulative(), "flop.cumulative");
  }

  Gaps& gaps_;
  const Statement* line_ = nullptr;
};

// Custody and hardware are what levels 3 and 4 are about.
bool CountsForLevel2(const Row& row) {
  const auto id = ParseRowName(row.name);
  return id != RowId::kCustody && id != RowId::kHardware;
}

}  // namespace

Gaps GapsToLevel2(const StatementSet& set, std::span<const Row> rows) {
  Gaps gaps;
  for (const Row& row : rows) {
    const bool open = row.status == RowStatus::kUnattested || row.status == RowStatus::kUndisclosed;
    if (!open || !CountsForLevel2(row)) continue;
    gaps.Add(
        GapKind::kRow,
        {fmt::format("{} is {}, as its row says", row.name, RowStatusName(row.status)), {}, {}});
  }
  GapFinder finder(gaps);
  for (const Statement& line : set) finder.Look(line);
  return gaps;
}

}  // namespace carnet::verifier::policy
