// The ceiling of a CPU from what its device statement says (R33): cores * F32 lanes * FMA units * 2
// * clock. What the statement claims beyond what CPUs have (2 FMA units, 16 lanes of F32, the
// greater of its reported maximum clock and twice its nominal one) is cut down to that, not
// refused: a ceiling may only come out lower by it.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "core/flop.h"

namespace carnet::verifier::compute {

struct CpuClaim {
  uint64_t cores;
  uint64_t f32_lanes;
  uint64_t fma_units;
  uint64_t nominal_hz;
  std::optional<uint64_t> maximum_hz;  // absent where the machine does not report it
  uint64_t used_hz;
};

struct CpuPeak {
  Flop flops;  // FLOP/s of the whole CPU
  std::string arithmetic;
  // "2 cores x 16 F32 lanes x 2 FMA units x 2 x 2.6 GHz = 3.3e11 FLOP/s", after the cuts
};

// Absent on overflow of 128 bits.
std::optional<CpuPeak> PeakOfCpu(const CpuClaim& claim);

}  // namespace carnet::verifier::compute
