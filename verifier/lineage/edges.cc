// R25 and R26: the inputs of runs.
#include <fmt/core.h>

#include <array>
#include <string>

#include "schemas/enums.h"
#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::EdgeType;
using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;
using schemas::RunKind;
using statements::InputEdge;

// How many edges of one type a kind of run needs. Besides these, any number of `distilled-from` and
// `synthetic-data-from`; no other edge carries weights into a run of this kind.
struct KindRule {
  RunKind kind;
  EdgeType edge;
  size_t least;
  size_t most;
};
constexpr size_t kAnyNumber = SIZE_MAX;
constexpr std::array<KindRule, 9> kKindRules = {{
    {RunKind::kPreTraining, EdgeType::kInitialisedFrom, 0, kAnyNumber},
    {RunKind::kFineTune, EdgeType::kFineTunedFrom, 1, 1},
    {RunKind::kReinforcementLearning, EdgeType::kFineTunedFrom, 1, 1},
    {RunKind::kAdapter, EdgeType::kAdapterOn, 1, 1},
    {RunKind::kQuantisation, EdgeType::kQuantisedFrom, 1, 1},
    {RunKind::kAblation, EdgeType::kAblatedFrom, 1, 1},
    {RunKind::kMerge, EdgeType::kMergedFrom, 2, kAnyNumber},
    {RunKind::kDistillation, EdgeType::kDistilledFrom, 1, kAnyNumber},
    {RunKind::kDistillation, EdgeType::kInitialisedFrom, 0, kAnyNumber},
}};

void Unfit(const Statement& line, const std::string& what, Findings& findings) {
  findings.Add(FindingAbout(line, {25, RejectReason::kEdgesDoNotFitKind}, what));
}

struct EdgeCounts {
  std::array<size_t, schemas::kEdgeTypes.size() + 1> of_type{};  // by EdgeType
  size_t carrying = 0;                                           // that carry weights

  size_t Of(EdgeType type) const { return of_type.at(static_cast<size_t>(type)); }
};

EdgeCounts Count(wire::Run::Reader run) {
  EdgeCounts counts;
  for (const auto edge : run.getInputs()) {
    const EdgeType type = schemas::EdgeTypeOf(edge.getType());
    ++counts.of_type.at(static_cast<size_t>(type));
    if (schemas::CarriesWeights(type)) ++counts.carrying;
  }
  return counts;
}

void CheckKind(const Statement& line, RunKind kind, const EdgeCounts& counts, Findings& findings) {
  const std::string name = schemas::RunKindName(kind);
  size_t fitting = 0;
  for (const KindRule& rule : kKindRules) {
    if (rule.kind != kind) continue;
    const size_t count = counts.Of(rule.edge);
    const bool carries = schemas::CarriesWeights(rule.edge);
    if (carries) fitting += count;
    if (count >= rule.least && count <= rule.most) continue;
    Unfit(line,
          fmt::format("of kind {} has {} of type {}, expected {}{}", name, Counted(count, "input"),
                      schemas::EdgeTypeName(rule.edge), rule.most == rule.least ? "" : "at least ",
                      rule.least),
          findings);
  }
  if (counts.carrying == fitting) return;
  Unfit(line,
        fmt::format("of kind {} has {} of a type that this kind does not allow", name,
                    Counted(counts.carrying - fitting, "input")),
        findings);
}

void CheckInitial(const Statement& line, wire::InitialWeights initial, const EdgeCounts& counts,
                  Findings& findings) {
  if (initial == wire::InitialWeights::RANDOM && counts.carrying > 0) {
    Unfit(line,
          fmt::format("has initial random, but {}",
                      Counted(counts.carrying, "weight-carrying input")),
          findings);
  }
  if (initial == wire::InitialWeights::INPUTS && counts.carrying == 0) {
    Unfit(line, "has initial inputs, but no weight-carrying input", findings);
  }
}

void CheckEdgeModels(const StatementSet& set, const Statement& run, Findings& findings) {
  for (const InputEdge& edge : EdgesOf(set, run)) {
    if (!edge.model || edge.target == nullptr) continue;
    const auto target = ModelOf(*edge.target);
    if (!target || target == edge.model) continue;  // none: an aborted completion, R22
    findings.Add(
        FindingAbout(run, {26, RejectReason::kEdgeDigestMismatch},
                     fmt::format("names model {} as {}, but {} is about {}",
                                 ShortDigest(edge.model->span()), schemas::EdgeTypeName(edge.type),
                                 Describe(*edge.target), ShortDigest(target->span()))));
  }
}

bool IsStatedAndNotZero(wire::FlopAmount::Reader amount) {
  return !amount.isUndisclosed() && FlopOf(amount) != Flop(0);
}

void CheckWithoutSegments(const StatementSet& set, const Statement& completion,
                          Findings& findings) {
  const auto reader = ReaderOf<wire::Completion>(completion.predicate);
  if (reader.getOutcome() == wire::Outcome::ABORTED || reader.getLast().size() > 0) return;
  const auto run = ReaderOf<wire::Run>(RunOf(set, completion)->predicate);
  const RunKind kind = schemas::RunKindOf(run.getKind());
  if (kind != RunKind::kMerge && kind != RunKind::kQuantisation) {
    return Unfit(
        completion,
        fmt::format("has no segment, which a run of kind {} must have", schemas::RunKindName(kind)),
        findings);
  }
  const auto flop = reader.getFlop();
  if (IsStatedAndNotZero(flop.getUpdate()) || IsStatedAndNotZero(flop.getTotal())) {
    Unfit(completion, "has no segment, but its flop is not 0", findings);
  }
}

}  // namespace

void CheckEdges(const StatementSet& set, Lines lines, Findings& findings) {
  for (const Statement& line : lines) {
    if (line.kind() == Kind::kCompletion) CheckWithoutSegments(set, line, findings);
    if (line.kind() != Kind::kRun) continue;
    const auto run = ReaderOf<wire::Run>(line.predicate);
    const EdgeCounts counts = Count(run);
    CheckKind(line, schemas::RunKindOf(run.getKind()), counts, findings);
    CheckInitial(line, run.getInitial(), counts, findings);
    CheckEdgeModels(set, line, findings);
  }
}

}  // namespace carnet::verifier::lineage
