// The arithmetic of compute, on numbers alone: how a FLOP figure is computed and compared
// (docs/rules.md S9), the ceiling of a CPU (R33), shares of a peak, and exact numbers in few
// characters. Exact, in 128 bits, checked.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/flop.h"

namespace carnet::verifier::compute {

// Figures; absent where a step overflows 128 bits.

struct HardwareTerm {
  uint64_t units;
  uint64_t ms;  // of each unit
  Flop peak;    // dense, FLOP/s of one unit
  uint64_t utilisation_ppm;
};

// floor(sum of units * ms * peak * utilisation_ppm / 10^9): one division, at the end.
std::optional<Flop> HardwareFlop(std::span<const HardwareTerm> terms);

struct ParameterClass {
  uint64_t coefficient;  // FLOP per token and parameter: 6, 4, 2 or 0
  uint64_t parameters;
};

// sum of coefficient * parameters: FLOP per token without attention.
std::optional<Flop> ParameterFlopPerToken(std::span<const ParameterClass> classes);
// tokens * (sum of coefficient * parameters + attention_per_token).
std::optional<Flop> ArchitectureFlop(uint64_t tokens, std::span<const ParameterClass> classes,
                                     Flop attention_per_token);

// Whether two methods differ by at most 30 % of the amount that is reported (R34): not symmetric,
// as the divisor is the figure that was chosen.
bool Agree(Flop a, Flop b, Flop amount);

// Whether two counts of parameters differ by at most 5 % of the greater (R35).
bool AreOfOneSize(uint64_t one, uint64_t other);

// Whether `amount` is at least 0.7 of the floor (R35).
bool ReachesFloor(Flop amount, Flop floor);

// The ceiling of a CPU from what its device statement says (R33): cores * F32 lanes * FMA units * 2
// * clock. What the statement claims beyond what CPUs have (2 FMA units, 16 lanes of F32, the
// greater of its reported maximum clock and twice its nominal one) is cut down to that, not
// refused: the cut can only lower a ceiling.

struct CpuClaim {
  uint64_t cores;
  uint64_t f32_lanes;
  uint64_t fma_units;
  uint64_t nominal_hz;
  std::optional<uint64_t> maximum_hz;  // absent where the machine does not report it
  uint64_t used_hz;
  uint64_t tile_flop = 0;  // of one core in a cycle, in units for matrices; 0: it has none
};

struct CpuPeak {
  uint64_t cores, f32_lanes, fma_units, hz;  // after the cuts
  Flop flops;                                // FLOP/s of the whole CPU
  uint64_t tile_flop = 0;                    // where that is what its FLOP are

  // "2 cores x 16 F32 lanes x 2 FMA units x 2 x 2.6 GHz = 3.3e11 FLOP/s"
  std::string Arithmetic() const;
};

// Absent on overflow of 128 bits.
std::optional<CpuPeak> PeakOfCpu(const CpuClaim& claim);

// Utilisation: the share of the devices' dense peak that a figure amounts to.

// Whether part >= whole * ppm / 10^6, exactly.
bool IsAtLeastPpm(Flop part, Flop whole, uint64_t ppm);
// "21 %", "3.4 %", rounded to the nearest. Requires whole > 0.
std::string PercentText(Flop part, Flop whole);

// Numbers for arithmetic that a reader is to check.

// Exact: "70000"; from 10^6 on with its trailing zeros as an exponent: "9.894e14".
std::string ShortExact(Uint128 value);

// value / 10^places without trailing zeros: (2600000000, 9) is "2.6". Exact. places <= 19.
std::string ScaledText(uint64_t value, unsigned places);

}  // namespace carnet::verifier::compute
