#include "verifier/compute/verify.h"

#include <fmt/core.h>

#include <string>

#include "verifier/compute/arithmetic.h"
#include "verifier/compute/model_sizes.h"
#include "verifier/compute/rules.h"
#include "verifier/compute/weight_files.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

std::string Shown(const std::optional<FlopSum>& sum) {
  if (!sum) return "beyond 128 bits";
  return (sum->lower_bound ? "at least " : "") + sum->amount.ToScientific();
}

// R34: the higher of the methods, where it differs in its first two figures.
std::string HigherText(const PassportTotals& totals) {
  const std::string update = Shown(totals.highest_parameter_update);
  const std::string cumulative = Shown(totals.highest_cumulative);
  if (update == Shown(totals.parameter_update) && cumulative == Shown(totals.cumulative)) return "";
  return fmt::format(" ({} and {} by the higher of the methods)", update, cumulative);
}

std::string AgreementText(const Agreement& agreement) {
  if (agreement.figures == 0) return "";
  if (agreement.attested == 0) return "; agreement unattested: at most one independent method";
  std::string text = fmt::format("; {} agree within {}", agreement.methods, agreement.widest);
  if (agreement.attested < agreement.figures) {
    text += fmt::format(" (unattested in {} of {} figures)", agreement.figures - agreement.attested,
                        agreement.figures);
  }
  return text;
}

std::string UtilisationText(const std::optional<Utilisation>& utilisation) {
  if (!utilisation || utilisation->ceiling == Flop(0)) return "";
  return fmt::format("; {} of the {} peak ({})",
                     PercentText(utilisation->amount, utilisation->ceiling),
                     utilisation->one_device ? "device's" : "devices'",
                     UtilisationBandName(BandOf(utilisation->amount, utilisation->ceiling)));
}

void Conclude(const PassportTotals& totals, const Undisclosed& undisclosed, const Unheld& unheld,
              Outcome& outcome) {
  outcome.status = RowStatus::kPass;
  if (unheld.count() > 0) {
    outcome.lower_bound = true;
    outcome.status = RowStatus::kUnattested;
    outcome.text += "; a lower bound, as nothing at hand shows: " + unheld.Summary();
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
                      const WeightNames& names, Findings& findings) {
  Outcome outcome;
  Undisclosed undisclosed;
  Unheld unheld;
  CheckFigures(set, undisclosed, findings);  // R30, R31
  CheckDeviceTime(set, findings);            // R33
  CheckGroupOverlap(set, findings);          // S7
  PassportTotals totals;
  if (findings.MayJudge(32)) {
    CheckCompletionTotals(set, findings);                            // R32
    totals = CheckPassportTotals(set, root, undisclosed, findings);  // R32, R36, R37
    outcome.parameter_update = totals.parameter_update;
    outcome.cumulative = totals.cumulative;
    const auto utilisation = CheckPhysics(set, catalogue, undisclosed, findings);  // R33
    const Agreement agreement = CheckAgreement(set, findings);                     // R34
    const ModelSizes sizes(set, root);
    const WeightFiles files(model, names);
    CheckParameters(set, root, sizes, files, unheld, findings);    // R35
    CheckEdgeSizes(set, sizes, unheld, findings);                  // R35
    CheckFloor(set, sizes, files, undisclosed, unheld, findings);  // R35
    outcome.text =
        fmt::format("parameter-update {}, cumulative {} FLOP{}{}{}", Shown(totals.parameter_update),
                    Shown(totals.cumulative), HigherText(totals), AgreementText(agreement),
                    UtilisationText(utilisation));
  }
  if (findings.HasRow(RowId::kCompute)) {
    outcome.status = RowStatus::kFail;
    outcome.text = findings.FirstOn(RowId::kCompute);
  } else {
    Conclude(totals, undisclosed, unheld, outcome);
  }
  return outcome;
}

}  // namespace carnet::verifier::compute
