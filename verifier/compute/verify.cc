#include "verifier/compute/verify.h"

#include <fmt/core.h>

#include <algorithm>
#include <string>

#include "verifier/compute/find_chip.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/parent_tensors.h"
#include "verifier/compute/row_text.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

void Conclude(const PassportTotals& totals, const Undisclosed& undisclosed, const Unheld& unheld,
              const Cases& declared, Outcome& outcome) {
  outcome.status = RowStatus::kPass;
  if (declared.count() > 0) {
    outcome.status = RowStatus::kUnattested;
    outcome.text += "; nobody vouches for peaks: " + declared.Summary();
  }
  if (unheld.count() > 0) {
    outcome.lower_bound = true;
    for (auto* sum : {&outcome.parameter_update, &outcome.cumulative}) {
      if (*sum) (*sum)->lower_bound = true;
    }
    outcome.status = RowStatus::kUnattested;
    outcome.text += "; a lower bound, as nothing in hand shows: " + unheld.Summary();
  }
  if (totals.not_recomputed > 0) {
    outcome.status = RowStatus::kUnattested;
    outcome.text += fmt::format("; the numbers of {} were not recomputed: too much work",
                                Counted(totals.not_recomputed, "parent"));
  }
  if (undisclosed.count() > 0) {
    outcome.status = RowStatus::kUndisclosed;
    outcome.text += "; undisclosed: " + undisclosed.Summary();
  }
}

// What a device has to have for work on it to be judged (R33).
std::vector<std::string> PeaklessChip(const Statement& device, const Catalogue& catalogue) {
  if (IsDeclaredAlone(device, catalogue)) return {DeclaredChip(device)};
  const auto knows = [&](schemas::Precision precision) {
    return PeakOf(device, catalogue, {&precision, 1}).state == CeilingState::kKnown;
  };
  if (std::ranges::any_of(schemas::kPrecisions, knows)) return {};
  std::string closest;
  for (const std::string& name :
       ClosestNames(catalogue,
                    schemas::TextOf(schemas::ReaderOf<wire::Device>(device.predicate).getChip()))) {
    closest += (closest.empty() ? "; close to it: " : ", ") + name;
  }
  return {UnlistedChip(device) + closest};
}

}  // namespace

std::string Cases::Summary() const {
  return count_ < 2 ? first_ : fmt::format("{} and {} more", first_, count_ - 1);
}

void AddOverflow(const Statement& line, Refusal refusal, std::string_view field,
                 Findings& findings) {
  findings.Add(
      FindingAbout(line, refusal, fmt::format("{}: the arithmetic exceeds 128 bits", field)));
}

Outcome VerifyCompute(const StatementSet& set, const Statement& root,
                      const artifact::ModelFiles& model, const Catalogue& catalogue,
                      const WeightNames& names, const Question& question, Findings& findings) {
  Outcome outcome;
  Undisclosed undisclosed;
  Unheld unheld;
  Cases unchanged;
  Cases declared;
  CheckFigures(set.All(), undisclosed, findings);         // R30, R31
  CheckStatedPeaks(set, set.All(), catalogue, findings);  // R31
  CheckDeclaredPeaks(set.All(), catalogue, findings);     // R33
  CheckDeviceTime(set, set.All(), findings);              // R33
  CheckGroupOverlap(set, findings);                       // R33, S7
  CheckSoldTime(question.time.sold(), findings);          // R33
  ComputeFacts facts;
  if (findings.MayJudge(32)) {
    CheckCompletionTotals(set, findings);                                  // R32
    facts.totals = CheckPassportTotals(set, root, undisclosed, findings);  // R32, R36, R37
    outcome.parameter_update = facts.totals.parameter_update;
    outcome.cumulative = facts.totals.cumulative;
    facts.utilisation =
        CheckPhysics(set, set.All(), catalogue, {undisclosed, declared}, findings);  // R33
    facts.agreement = CheckAgreement(set, set.All(), catalogue, findings);           // R34
    const ModelSizes sizes(set, root);
    const WeightFiles files(model, names);
    CheckParameters(set, root, sizes, files, unheld, findings);                          // R35
    CheckEdgeSizes(set, sizes, unheld, findings);                                        // R35
    CheckOpenRuns(set, root, question.counting.rule, question.time, unheld);             // R35
    CheckConversions(set, sizes, files, question.time, unheld);                          // R35
    const ParentTensors parents(set, root, findings);                                    // R35
    CheckFloor(set, sizes, files, parents, {undisclosed, unheld, unchanged}, findings);  // R35
    facts.bounds = BoundsOf(set, root, question.counting, question.time);                // R37
    outcome.text = ComputeText(root, question.counting, facts);
    if (unchanged.count() > 0) {
      outcome.text += "; frozen, as the parent's tensors show: " + unchanged.Summary();
    }
  }
  if (findings.HasRow(RowId::kCompute)) {
    outcome.status = RowStatus::kFail;
    outcome.text = findings.FirstOn(RowId::kCompute);
  } else {
    Conclude(facts.totals, undisclosed, unheld, declared, outcome);
  }
  return outcome;
}

std::vector<std::string> JudgeStatement(const StatementSet& set, const Statement& line,
                                        const Catalogue& catalogue, Findings& findings) {
  const Lines alone(&line, 1);
  if (line.kind() == schemas::Kind::kDevice) {
    CheckDeclaredPeaks(alone, catalogue, findings);  // R33
    return PeaklessChip(line, catalogue);
  }
  Undisclosed undisclosed;
  Cases declared;
  CheckFigures(alone, undisclosed, findings);         // R30, R31
  CheckStatedPeaks(set, alone, catalogue, findings);  // R31
  CheckDeviceTime(set, alone, findings);              // R33
  if (set.HasReferencesOf(line) && findings.MayJudge(34)) {
    CheckPhysics(set, alone, catalogue, {undisclosed, declared}, findings);  // R33
    CheckAgreement(set, alone, catalogue, findings);                         // R34
  }
  if (undisclosed.count() == 0) return {};
  return {undisclosed.Summary()};
}

}  // namespace carnet::verifier::compute
