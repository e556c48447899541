#include "verifier/compute/stated_peak.h"

#include <fmt/core.h>

#include "statements/follow.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::FlopOf;
using schemas::Kind;
using schemas::ReaderOf;

constexpr Uint128 kRoundingPercent = 1;

// What the device itself declares, where the catalogue does not have its chip.
std::optional<Flop> OwnPeak(const Statement* device, const Catalogue& catalogue,
                            schemas::Precision precision) {
  if (device == nullptr || !IsDeclaredAlone(*device, catalogue)) return std::nullopt;
  return DeclaredPeak(*device, precision);
}

}  // namespace

bool IsTheSamePeak(Flop stated, Flop listed) {
  const Uint128 difference =
      stated > listed ? stated.value() - listed.value() : listed.value() - stated.value();
  return difference <= *MulDiv(listed.value(), kRoundingPercent, 100);
}

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
    const auto right = listed ? listed : OwnPeak(device, catalogue, precision);
    if (right && !IsTheSamePeak(FlopOf(terms[i].getPeak()), *right)) {
      return {PeakState::kDiffers, i, device, *right};
    }
    if (!listed) judgement.state = PeakState::kUnlisted;
  }
  return judgement;
}

namespace {

std::string HintFor(const Statement& device, const Catalogue& catalogue,
                    schemas::Precision precision) {
  const std::string arithmetic = PeakArithmetic(device, {&precision, 1});
  if (!arithmetic.empty()) return "the peak is " + arithmetic;
  return IsDeclaredAlone(device, catalogue)
             ? "the peak that the device declares at the figure's precision counts"
             : "the catalogue's dense peak at the figure's precision counts";
}

}  // namespace

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
        findings.Add(FindingAbout(
            line, {31, RejectReason::kFlopArithmetic},
            fmt::format("{}: terms[{}] has peak {}, but {} has {}", figure.field, judged.term,
                        FlopOf(method.getTerms()[judged.term].getPeak()).ToString(),
                        Describe(*judged.device), judged.listed.ToString()),
            HintFor(*judged.device, catalogue, precision)));
      }
    }
  }
}

}  // namespace carnet::verifier::compute
