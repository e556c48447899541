// How a FLOP figure is computed and compared (docs/rules.md S9): exact, in 128 bits, checked.
// Absent everywhere means that a step overflows 128 bits.
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "core/flop.h"

namespace carnet::verifier::compute {

struct HardwareTerm {
  uint64_t units;
  uint64_t ms;  // of each unit
  Flop peak;    // dense, FLOP/s of one unit
  uint64_t utilisation_ppm;
};

// floor(sum of units * ms * peak * utilisation_ppm / 10^9): one division, at the end.
std::optional<Flop> HardwareFlop(std::span<const HardwareTerm> terms);

struct ParameterClass {
  uint64_t coefficient;  // FLOP a token and parameter: 6, 4, 2 or 0
  uint64_t parameters;
};

// sum of coefficient * parameters: FLOP a token without attention.
std::optional<Flop> ParameterFlopPerToken(std::span<const ParameterClass> classes);
// tokens * (sum of coefficient * parameters + attention_per_token).
std::optional<Flop> ArchitectureFlop(uint64_t tokens, std::span<const ParameterClass> classes,
                                     Flop attention_per_token);

// Whether two methods differ by at most 30 % of the amount that is reported (R34): not symmetric,
// as the divisor is the figure that was chosen.
bool Agree(Flop a, Flop b, Flop amount);

// Whether `amount` is at least 0.7 of the floor (R35).
bool ReachesFloor(Flop amount, Flop floor);

}  // namespace carnet::verifier::compute
