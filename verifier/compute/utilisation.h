// Implied utilisation: the share of the devices' dense peak that a figure amounts to, with the
// word for it (bands of published runs). Shown on the compute row; decides nothing below 100 %.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/flop.h"

namespace carnet::verifier::compute {

enum class UtilisationBand {
  kSuspicious,     // < 5 %: idle, wrong token count, work not reported
  kLow,            // 5-20 %
  kNormal,         // 20-60 %
  kNeedsEvidence,  // 60-75 %
  kImplausible,    // > 75 %
  kImpossible,     // > 100 %
};
std::string_view UtilisationBandName(UtilisationBand band);  // "suspicious", "low", …

// Requires ceiling > 0. Exact at the borders.
UtilisationBand BandOf(Flop amount, Flop ceiling);

// "21 %", "3.4 %", rounded to the nearest. Requires whole > 0.
std::string PercentText(Flop part, Flop whole);

}  // namespace carnet::verifier::compute
