#include "verifier/policy/rules.h"

#include "schemas/readers.h"

namespace carnet::verifier::policy {
namespace {

using schemas::Kind;
using schemas::ReaderOf;

// A value, absence and this word are three different things (S4).
bool IsUndisclosed(capnp::Text::Reader text) { return schemas::TextOf(text) == "undisclosed"; }
template <typename Value>
bool IsUndisclosed(Value value) {
  return value.isUndisclosed();
}

class RequirementChecker {
 public:
  RequirementChecker(const Requirements& requirements, Findings& findings)
      : requirements_(requirements), findings_(findings) {}

  void Check(const Statement& line) {
    line_ = &line;
    switch (line.kind()) {
      case Kind::kDataset:
        return CheckDataset(ReaderOf<wire::Dataset>(line.predicate));
      case Kind::kRun:
        return CheckRun(ReaderOf<wire::Run>(line.predicate));
      case Kind::kSegment:
        return CheckSegment(ReaderOf<wire::Segment>(line.predicate));
      case Kind::kCompletion:
        return CheckCompletion(ReaderOf<wire::Completion>(line.predicate));
      case Kind::kPassport:
        return CheckPassport(ReaderOf<wire::Passport>(line.predicate));
      case Kind::kDevice:
      case Kind::kAllocation:
      case Kind::kVerdict:
        return;
    }
  }

 private:
  void Refuse(std::string message) {
    findings_.Add({{38, RejectReason::kPolicyRequirement},
                   "hub-default: " + std::move(message),
                   line_->id,
                   line_->number,
                   ""});
  }

  template <typename Value>
  void Demand(bool demanded, Value value, std::string_view field) {
    if (demanded && IsUndisclosed(value)) Refuse(std::string(field) + " is undisclosed");
  }
  template <typename Value>
  void DemandDisclosed(Value value, std::string_view field) {
    Demand(requirements_.nothing_undisclosed, value, field);
  }

  void CheckDataset(wire::Dataset::Reader dataset) {
    if (!dataset.getSources().isItems()) return;
    for (const auto source : dataset.getSources().getItems()) {
      DemandDisclosed(source.getGenerationFlop(), "sources[].generation_flop");
    }
  }

  void CheckRun(wire::Run::Reader run) {
    Demand(requirements_.data_used_stated, run.getDatasets(), "datasets");
    Demand(requirements_.intended_deployment_stated, run.getIntendedDeployment(),
           "intended_deployment");
    for (const auto edge : run.getInputs()) {
      DemandDisclosed(edge.getModel(), "inputs[].model");
      DemandDisclosed(edge.getStatement(), "inputs[].statement");
    }
    if (requirements_.nothing_undisclosed &&
        run.getInitial() == wire::InitialWeights::UNDISCLOSED) {
      Refuse("initial is undisclosed");
    }
    if (requirements_.not_retrospective && run.getRetrospective().getValue()) {
      Refuse("retrospective: the run was entered after the fact");
    }
  }

  void CheckSegment(wire::Segment::Reader segment) {
    DemandDisclosed(segment.getTokens(), "tokens");
    DemandDisclosed(segment.getFlop().getUpdate(), "flop.update");
    DemandDisclosed(segment.getFlop().getTotal(), "flop.total");
  }

  void CheckCompletion(wire::Completion::Reader completion) {
    DemandDisclosed(completion.getTokens(), "tokens");
    DemandDisclosed(completion.getFlop().getUpdate(), "flop.update");
    DemandDisclosed(completion.getFlop().getTotal(), "flop.total");
  }

  void CheckPassport(wire::Passport::Reader passport) {
    Demand(requirements_.intended_deployment_stated, passport.getIntendedDeployment(),
           "intended_deployment");
    DemandDisclosed(passport.getFlop().getParameterUpdate(), "flop.parameter_update");
    DemandDisclosed(passport.getFlop().getCumulative(), "flop.cumulative");
  }

  const Requirements& requirements_;
  Findings& findings_;
  const Statement* line_ = nullptr;
};

}  // namespace

void CheckRequirements(const StatementSet& set, const Requirements& requirements,
                       Findings& findings) {
  RequirementChecker checker(requirements, findings);
  for (const Statement& line : set) checker.Check(line);
}

}  // namespace carnet::verifier::policy
