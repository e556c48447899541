#include "verifier/compute/arithmetic.h"

#include "core/check.h"

namespace carnet::verifier::compute {
namespace {

// round(part * scale / whole); absent beyond 128 bits.
std::optional<Uint128> Rounded(Flop part, Flop whole, Uint128 scale) {
  const auto doubled = MulDiv(part.value(), 2 * scale, whole.value());
  if (!doubled) return std::nullopt;
  return *doubled / 2 + *doubled % 2;
}

}  // namespace

bool IsAtLeastPpm(Flop part, Flop whole, uint64_t ppm) {
  if (ppm == 0) return true;
  constexpr Uint128 kMillion = 1'000'000;
  const auto scaled = MulDiv(part.value(), kMillion, ppm);
  return !scaled || *scaled >= whole.value();
}

std::string PercentText(Flop part, Flop whole) {
  CARNET_CHECK(whole > Flop(0));
  const auto tenths = Rounded(part, whole, 1000);
  if (!tenths) return "more than 100 %";
  if (*tenths == 0 && part > Flop(0)) return "less than 0.1 %";
  if (*tenths >= 100) return Flop(*Rounded(part, whole, 100)).ToString() + " %";
  return Flop(*tenths / 10).ToString() + "." + Flop(*tenths % 10).ToString() + " %";
}

}  // namespace carnet::verifier::compute
