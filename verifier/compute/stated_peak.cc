#include "verifier/compute/stated_peak.h"

#include <fmt/core.h>

#include "statements/follow.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;

// Data sheets round: 989, 989.4 and 989.5 TFLOP/s are one chip.
constexpr Uint128 kRoundingPercent = 1;

bool IsTheSame(Flop stated, Flop listed) {
  const Uint128 difference =
      stated > listed ? stated.value() - listed.value() : listed.value() - stated.value();
  return difference <= *MulDiv(listed.value(), kRoundingPercent, 100);
}

}  // namespace

PeakJudgement JudgePeaks(const StatementSet& set, const Statement& line,
                         schemas::Precision precision, wire::FlopCalculation::Reader method,
                         const Catalogue& catalogue) {
  if (line.kind() != Kind::kSegment) return {PeakState::kUnlisted};
  const auto usage = ReaderOf<wire::Segment>(line.predicate).getUsage();
  const auto terms = method.getTerms();
  if (terms.size() != usage.size()) return {PeakState::kUnlisted};  // R31 reports it
  PeakJudgement judgement{PeakState::kListed};
  for (uint32_t i = 0; i < terms.size(); ++i) {
    const Statement* device = Follow(set, usage[i].getDevice(), Kind::kDevice);
    const auto listed =
        device == nullptr ? std::nullopt : ListedPeak(*device, catalogue, precision);
    if (!listed) {
      judgement.state = PeakState::kUnlisted;
    } else if (!IsTheSame(FlopOf(terms[i].getPeak()), *listed)) {
      return {PeakState::kDiffers, i, device, *listed};
    }
  }
  return judgement;
}

void CheckStatedPeaks(const StatementSet& set, Lines lines, const Catalogue& catalogue,
                      Findings& findings) {
  if (findings.HasRule(30)) return;  // a figure lacks what would be compared
  for (const Statement& line : lines) {
    if (line.kind() != Kind::kSegment) continue;
    for (const StatedFigure& figure : StatedFiguresOf(line)) {
      const auto precision = schemas::PrecisionOf(figure.statement.getPrecision());
      for (const auto method : figure.statement.getMethods()) {
        if (method.getMethod() != wire::FlopMethod::HARDWARE) continue;
        const PeakJudgement judged = JudgePeaks(set, line, precision, method, catalogue);
        if (judged.state != PeakState::kDiffers) continue;
        const std::string arithmetic = PeakArithmetic(*judged.device, {&precision, 1});
        findings.Add(FindingAbout(
            line, {31, RejectReason::kFlopArithmetic},
            fmt::format("{}: terms[{}] has peak {}, but {} has {}", figure.field, judged.term,
                        FlopOf(method.getTerms()[judged.term].getPeak()).ToString(),
                        Describe(*judged.device), judged.listed.ToString()),
            arithmetic.empty() ? "the catalogue's dense peak at the figure's precision counts"
                               : "the peak is " + arithmetic));
      }
    }
  }
}

}  // namespace carnet::verifier::compute
