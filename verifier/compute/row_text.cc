#include "verifier/compute/row_text.h"

#include <fmt/core.h>

#include <set>

#include "verifier/compute/arithmetic.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::EdgeType;
using schemas::ReaderOf;

std::string Shown(const std::optional<FlopSum>& sum) {
  if (!sum) return "beyond 128 bits";
  return (sum->lower_bound ? "at least " : "") + sum->amount.ToScientific();
}

std::string EdgesText(const std::set<EdgeType>& edges) {
  if (edges.empty()) return "no edge: the parents' compute is left out";
  if (edges == statements::ParameterUpdateRule().edge_types) {
    return "every edge that carries weights";
  }
  std::string names;
  for (const EdgeType edge : edges) {
    names += (names.empty() ? "" : ", ") + std::string(schemas::EdgeTypeName(edge));
  }
  return names;
}

std::string CountedText(const statements::SumRule& rule) {
  const bool update = rule.figure == statements::SummedFigure::kUpdate;
  return fmt::format("{} along {}", update ? "update" : "total", EdgesText(rule.edge_types));
}

std::string OwnText(const Statement& root, const PassportTotals& totals) {
  return fmt::format("; the passport's own choice: parameter-update {}, cumulative {} along {}",
                     Shown(totals.parameter_update), Shown(totals.cumulative),
                     EdgesText(CumulativeEdgesOf(root)));
}

// R34: the higher of the methods, where it differs in its first two figures.
std::string HigherText(const PassportTotals& totals) {
  const std::string update = Shown(totals.highest_parameter_update);
  const std::string cumulative = Shown(totals.highest_cumulative);
  if (update == Shown(totals.parameter_update) && cumulative == Shown(totals.cumulative)) return "";
  return fmt::format(" ({} and {} by the higher of the methods)", update, cumulative);
}

std::string LeftBehindText(const LeftBehind& left, const Counting& counting) {
  if (left.segments == 0) return "";
  const bool update = counting.rule.figure == statements::SummedFigure::kUpdate;
  return fmt::format("; {} with {} FLOP of update off the weights_from path, {}",
                     Counted(left.segments, "segment"), Shown(left.update),
                     update && counting.off_path == OffPath::kReport ? "not counted" : "counted");
}

std::string AgreementText(const Agreement& agreement) {
  if (agreement.figures == 0) return "";
  std::string text;
  if (agreement.attested == 0) {
    text = "; counted by at most one independent method";
  } else {
    text = fmt::format("; {} agree within {}", agreement.bases, agreement.widest);
  }
  if (agreement.attested > 0 && agreement.attested < agreement.figures) {
    text += fmt::format(" ({} of {} figures have at most one independent method)",
                        agreement.figures - agreement.attested, agreement.figures);
  }
  if (agreement.unlisted > 0) {
    text += fmt::format("; hardware is not evidence in {}: the catalogue has no such peak",
                        Counted(agreement.unlisted, "figure"));
  }
  return text;
}

std::string UtilisationText(const std::optional<Utilisation>& utilisation) {
  if (!utilisation || utilisation->ceiling == Flop(0)) return "";
  return fmt::format("; {} of the {} peak at the stated precision",
                     PercentText(utilisation->amount, utilisation->ceiling),
                     utilisation->one_device ? "device's" : "devices'");
}

}  // namespace

std::string ComputeText(const Statement& root, const Counting& counting,
                        const ComputeFacts& facts) {
  return CountedText(counting.rule) + ": " +
         BoundsText(facts.bounds, counting.min_utilisation_ppm) +
         LeftBehindText(facts.bounds.left_behind, counting) + OwnText(root, facts.totals) +
         HigherText(facts.totals) + AgreementText(facts.agreement) +
         UtilisationText(facts.utilisation);
}

}  // namespace carnet::verifier::compute
