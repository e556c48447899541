#include "verifier/compute/arithmetic.h"

#include <algorithm>

namespace carnet::verifier::compute {
namespace {

constexpr Uint128 kMsTimesPpm = 1'000'000'000;  // ms per second * millionths

std::optional<Uint128> Product(const HardwareTerm& term) {
  const Uint128 unit_ms = static_cast<Uint128>(term.units) * term.ms;
  const auto full = CheckedMul(unit_ms, term.peak.value());
  return full ? CheckedMul(*full, term.utilisation_ppm) : std::nullopt;
}

}  // namespace

std::optional<Flop> HardwareFlop(std::span<const HardwareTerm> terms) {
  Uint128 sum = 0;
  for (const HardwareTerm& term : terms) {
    const auto product = Product(term);
    if (!product) return std::nullopt;
    const auto next = CheckedAdd(sum, *product);
    if (!next) return std::nullopt;
    sum = *next;
  }
  return Flop(sum / kMsTimesPpm);
}

std::optional<Flop> ParameterFlopPerToken(std::span<const ParameterClass> classes) {
  Flop sum(0);
  for (const ParameterClass& each : classes) {
    const auto next =
        CheckedAdd(sum, Flop(static_cast<Uint128>(each.coefficient) * each.parameters));
    if (!next) return std::nullopt;
    sum = *next;
  }
  return sum;
}

std::optional<Flop> ArchitectureFlop(uint64_t tokens, std::span<const ParameterClass> classes,
                                     Flop attention_per_token) {
  const auto parameters = ParameterFlopPerToken(classes);
  if (!parameters) return std::nullopt;
  const auto per_token = CheckedAdd(*parameters, attention_per_token);
  if (!per_token) return std::nullopt;
  const auto product = CheckedMul(per_token->value(), tokens);
  if (!product) return std::nullopt;
  return Flop(*product);
}

bool Agree(Flop a, Flop b, Flop amount) {
  const Uint128 difference = a > b ? a.value() - b.value() : b.value() - a.value();
  // difference * 10 <= amount * 3; a whole number is at most x exactly when at most floor(x).
  return difference <= *MulDiv(amount.value(), 3, 10);
}

bool AreOfOneSize(uint64_t one, uint64_t other) {
  const Uint128 greater = std::max(one, other);
  return (greater - std::min(one, other)) * 20 <= greater;
}

bool ReachesFloor(Flop amount, Flop floor) {
  // amount * 10 >= floor * 7; absent: greater than anything.
  const auto scaled = MulDiv(amount.value(), 10, 7);
  return !scaled || *scaled >= floor.value();
}

}  // namespace carnet::verifier::compute
