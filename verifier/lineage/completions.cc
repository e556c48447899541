// R22 and R24: what a run ended with.
#include <fmt/core.h>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

#include "schemas/readers.h"
#include "statements/graph.h"
#include "verifier/describe.h"
#include "verifier/lineage/rules.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using statements::InputEdge;

bool IsAborted(const Statement& completion) {
  return ReaderOf<wire::Completion>(completion.predicate).getOutcome() == wire::Outcome::ABORTED;
}

void CheckPassport(const StatementSet& set, const Statement& passport, Findings& findings) {
  const Statement& completion = *CompletionOf(set, passport);
  if (IsAborted(completion)) {
    findings.Add(
        FindingAbout(passport, {22, RejectReason::kRunAborted},
                     fmt::format("rests on {}, whose run was aborted", Describe(completion))));
  } else if (ModelOf(completion) != ModelOf(passport)) {
    findings.Add(FindingAbout(
        passport, {22, RejectReason::kCompletionOfAnotherModel},
        fmt::format("is about model {}, but {} is about {}", ShortDigest(ModelOf(passport)->span()),
                    Describe(completion), ShortDigest(ModelOf(completion)->span()))));
  } else if (!SameTensorRoots(completion, passport)) {
    findings.Add(
        FindingAbout(passport, {22, RejectReason::kCompletionOfAnotherModel},
                     "has tensor_roots that differ from those of " + Describe(completion)));
  }
}

void CheckInputs(const StatementSet& set, const Statement& run, Findings& findings) {
  for (const InputEdge& edge : EdgesOf(set, run)) {
    if (edge.target == nullptr || edge.target->kind() != Kind::kCompletion) continue;
    if (!IsAborted(*edge.target)) continue;
    findings.Add(FindingAbout(
        run, {22, RejectReason::kRunAborted},
        fmt::format("takes {} as an input, but that run was aborted", Describe(*edge.target)),
        "an aborted run can be an input only through its segments: name the one that was used"));
  }
}

void CheckFinal(const StatementSet& set, const Statement& completion, Findings& findings) {
  if (IsAborted(completion)) return;
  if (ReaderOf<wire::Completion>(completion.predicate).hasConverted()) return;  // R28
  const std::vector<const Statement*> last = LastOf(set, completion);
  if (last.empty()) return;  // R25 says which kinds may
  // S6: an empty multiset of roots says nothing.
  const std::optional<ModelDigest> model = ModelOf(completion);
  const bool has_roots = TensorRootCount(completion) > 0;
  const auto is_final = [&](const Statement* segment) {
    return ModelOf(*segment) == model || (has_roots && SameTensorRoots(*segment, completion));
  };
  if (std::any_of(last.begin(), last.end(), is_final)) return;
  findings.Add(FindingAbout(
      completion, {24, RejectReason::kFinalNotLastCheckpoint},
      fmt::format("is about model {}, but {} ended with {}", ShortDigest(model->span()),
                  Describe(*last.front()), ShortDigest(ModelOf(*last.front())->span())),
      "if the published files are a conversion, state `converted`"));
}

void CheckWeightsSource(const StatementSet& set, const Statement& segment, Findings& findings) {
  if (!ReaderOf<wire::Segment>(segment.predicate).hasWeightsFrom()) return;
  const Statement& source = *WeightsSourceOf(set, segment);
  if (RunOf(set, source) == RunOf(set, segment)) return;
  findings.Add(FindingAbout(
      segment, {24, RejectReason::kForeignSegment},
      fmt::format("has weights_from {}, which belongs to another run", Describe(source)),
      "weights from outside the run must be an input of the run"));
}

}  // namespace

void CheckCompletions(const StatementSet& set, Lines lines, Findings& findings) {
  for (const Statement& line : lines) {
    if (line.kind() == Kind::kPassport) CheckPassport(set, line, findings);
    if (line.kind() == Kind::kRun) CheckInputs(set, line, findings);
    if (line.kind() == Kind::kCompletion) CheckFinal(set, line, findings);
    if (line.kind() == Kind::kSegment) CheckWeightsSource(set, line, findings);
  }
}

}  // namespace carnet::verifier::lineage
