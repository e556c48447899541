#include "verifier/compute/arithmetic.h"

#include "core/check.h"

namespace carnet::verifier::compute {
namespace {

bool IsAtLeast(Flop amount, Flop ceiling, Uint128 percent) {
  const auto scaled = MulDiv(amount.value(), 100, percent);
  return !scaled || *scaled >= ceiling.value();
}

bool IsAbove(Flop amount, Flop ceiling, Uint128 percent) {
  return amount.value() > *MulDiv(ceiling.value(), percent, 100);
}

// round(part * scale / whole); absent beyond 128 bits.
std::optional<Uint128> Rounded(Flop part, Flop whole, Uint128 scale) {
  const auto doubled = MulDiv(part.value(), 2 * scale, whole.value());
  if (!doubled) return std::nullopt;
  return *doubled / 2 + *doubled % 2;
}

}  // namespace

std::string_view UtilisationBandName(UtilisationBand band) {
  switch (band) {
    case UtilisationBand::kSuspicious:
      return "suspicious";
    case UtilisationBand::kLow:
      return "low";
    case UtilisationBand::kNormal:
      return "normal";
    case UtilisationBand::kNeedsEvidence:
      return "needs evidence";
    case UtilisationBand::kImplausible:
      return "implausible";
    case UtilisationBand::kImpossible:
      return "impossible";
  }
  CARNET_CHECK(false);
}

UtilisationBand BandOf(Flop amount, Flop ceiling) {
  CARNET_CHECK(ceiling > Flop(0));
  if (IsAbove(amount, ceiling, 100)) return UtilisationBand::kImpossible;
  if (IsAbove(amount, ceiling, 75)) return UtilisationBand::kImplausible;
  if (IsAbove(amount, ceiling, 60)) return UtilisationBand::kNeedsEvidence;
  if (IsAtLeast(amount, ceiling, 20)) return UtilisationBand::kNormal;
  if (IsAtLeast(amount, ceiling, 5)) return UtilisationBand::kLow;
  return UtilisationBand::kSuspicious;
}

std::string PercentText(Flop part, Flop whole) {
  CARNET_CHECK(whole > Flop(0));
  const auto tenths = Rounded(part, whole, 1000);
  if (!tenths) return "more than 100 %";
  if (*tenths >= 100) return Flop(*Rounded(part, whole, 100)).ToString() + " %";
  return Flop(*tenths / 10).ToString() + "." + Flop(*tenths % 10).ToString() + " %";
}

}  // namespace carnet::verifier::compute
