#include "verifier/compute/arithmetic.h"

#include <fmt/core.h>

#include <algorithm>

namespace carnet::verifier::compute {
namespace {

constexpr uint64_t kMaxF32Lanes = 16;  // 512 bits
constexpr uint64_t kMaxFmaUnits = 2;
constexpr uint64_t kFlopPerFma = 2;
constexpr unsigned kGiga = 9;  // powers of ten

uint64_t Doubled(uint64_t hz) { return hz > ~uint64_t{0} / 2 ? ~uint64_t{0} : 2 * hz; }

std::string CountOf(uint64_t count, const char* one, const char* many) {
  return std::to_string(count) + " " + (count == 1 ? one : many);
}

}  // namespace

std::optional<CpuPeak> PeakOfCpu(const CpuClaim& claim) {
  const uint64_t lanes = std::min(claim.f32_lanes, kMaxF32Lanes);
  const uint64_t fma_units = std::min(claim.fma_units, kMaxFmaUnits);
  const uint64_t hz =
      std::min(claim.used_hz, std::max(claim.maximum_hz.value_or(0), Doubled(claim.nominal_hz)));
  const uint64_t vector_flop = lanes * fma_units * kFlopPerFma;
  const uint64_t tile_flop = claim.tile_flop > vector_flop ? claim.tile_flop : 0;
  const Uint128 flop_per_cycle =
      static_cast<Uint128>(claim.cores) * std::max(vector_flop, tile_flop);
  const auto flops = CheckedMul(flop_per_cycle, hz);
  if (!flops) return std::nullopt;
  return CpuPeak{claim.cores, lanes, fma_units, hz, Flop(*flops), tile_flop};
}

std::string CpuPeak::Arithmetic() const {
  if (tile_flop > 0) {
    return fmt::format("{} x {} FLOP a cycle in matrix tiles x {} GHz = {} FLOP/s",
                       CountOf(cores, "core", "cores"), tile_flop, ScaledText(hz, kGiga),
                       flops.ToScientific());
  }
  return fmt::format("{} x {} x {} x 2 x {} GHz = {} FLOP/s", CountOf(cores, "core", "cores"),
                     CountOf(f32_lanes, "F32 lane", "F32 lanes"),
                     CountOf(fma_units, "FMA unit", "FMA units"), ScaledText(hz, kGiga),
                     flops.ToScientific());
}

}  // namespace carnet::verifier::compute
