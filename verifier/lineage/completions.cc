// R22 and R24: what a run ended with.
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
    findings.Add(FindingAbout(passport, {22, RejectReason::kRunAborted},
                              "rests on " + Describe(completion) + " of an aborted run"));
  } else if (ModelOf(completion) != ModelOf(passport)) {
    findings.Add(FindingAbout(passport, {22, RejectReason::kCompletionOfAnotherModel},
                              "is about model " + ShortDigest(ModelOf(passport)->span()) + ", " +
                                  Describe(completion) + " about " +
                                  ShortDigest(ModelOf(completion)->span())));
  } else if (!SameTensorRoots(completion, passport)) {
    findings.Add(FindingAbout(passport, {22, RejectReason::kCompletionOfAnotherModel},
                              "has other tensor_roots than " + Describe(completion)));
  }
}

void CheckInputs(const StatementSet& set, const Statement& run, Findings& findings) {
  for (const InputEdge& edge : EdgesOf(set, run)) {
    if (edge.target == nullptr || edge.target->kind() != Kind::kCompletion) continue;
    if (!IsAborted(*edge.target)) continue;
    findings.Add(FindingAbout(run, {22, RejectReason::kRunAborted},
                              "takes as input " + Describe(*edge.target) + " of an aborted run",
                              "an aborted run is an input by its segments: name the one used"));
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
  findings.Add(FindingAbout(completion, {24, RejectReason::kFinalNotLastCheckpoint},
                            "is about model " + ShortDigest(model->span()) + ", " +
                                Describe(*last.front()) + " ended with " +
                                ShortDigest(ModelOf(*last.front())->span()),
                            "where the published files are a conversion, `converted` says so"));
}

void CheckWeightsSource(const StatementSet& set, const Statement& segment, Findings& findings) {
  if (!ReaderOf<wire::Segment>(segment.predicate).hasWeightsFrom()) return;
  const Statement& source = *WeightsSourceOf(set, segment);
  if (RunOf(set, source) == RunOf(set, segment)) return;
  findings.Add(FindingAbout(segment, {24, RejectReason::kForeignSegment},
                            "has weights_from " + Describe(source) + " of another run",
                            "weights from outside the run are an input of the run"));
}

}  // namespace

void CheckCompletions(const StatementSet& set, Findings& findings) {
  for (const Statement& line : set) {
    if (line.kind() == Kind::kPassport) CheckPassport(set, line, findings);
    if (line.kind() == Kind::kRun) CheckInputs(set, line, findings);
    if (line.kind() == Kind::kCompletion) CheckFinal(set, line, findings);
    if (line.kind() == Kind::kSegment) CheckWeightsSource(set, line, findings);
  }
}

}  // namespace carnet::verifier::lineage
