#include "verifier/compute/rules.h"

#include <fmt/core.h>

#include "core/utf8.h"
#include "statements/follow.h"
#include "verifier/compute/arithmetic.h"
#include "verifier/compute/cpu_tiles.h"
#include "verifier/compute/figure_inputs.h"
#include "verifier/describe.h"

namespace carnet::verifier::compute {
namespace {

using schemas::Kind;
using schemas::ReaderOf;
using schemas::TextOf;

CpuClaim ClaimOf(wire::Cpu::Reader cpu, std::span<const schemas::Precision> precisions) {
  return {.cores = cpu.getCores().getValue(),
          .f32_lanes = cpu.getF32Lanes().getValue(),
          .fma_units = cpu.getFmaUnits().getValue(),
          .nominal_hz = cpu.getNominalHz().getValue(),
          .maximum_hz =
              cpu.hasMaximumHz() ? std::optional(cpu.getMaximumHz().getValue()) : std::nullopt,
          .used_hz = cpu.getUsedHz().getValue(),
          .tile_flop = TileFlopOf(TextOf(cpu.getModel()), precisions)};
}

Ceiling Known(const std::optional<Uint128>& amount) {
  if (!amount) return {CeilingState::kOverflow, Flop(0)};
  return {CeilingState::kKnown, Flop(*amount)};
}

}  // namespace

Ceiling CataloguedPeakOf(const Statement& device, const Catalogue& catalogue,
                         std::span<const schemas::Precision> precisions) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  if (reader.hasCpu()) {
    const auto peak = PeakOfCpu(ClaimOf(reader.getCpu(), precisions));
    return Known(peak ? std::optional(peak->flops.value()) : std::nullopt);
  }
  const auto peak = catalogue.HighestPeak(TextOf(reader.getChip()), precisions);
  if (!peak) return {CeilingState::kUnknownChip, Flop(0)};
  return Known(peak->value());
}

Ceiling PeakOf(const Statement& device, const Catalogue& catalogue,
               std::span<const schemas::Precision> precisions) {
  if (!IsDeclaredAlone(device, catalogue)) return CataloguedPeakOf(device, catalogue, precisions);
  return Known(HighestDeclaredPeak(device, precisions)->value());
}

std::optional<Flop> ListedPeak(const Statement& device, const Catalogue& catalogue,
                               schemas::Precision precision) {
  return PeakToState(device.predicate, catalogue, precision);
}

std::optional<Flop> PeakToState(const schemas::Predicate& device, const Catalogue& catalogue,
                                schemas::Precision precision) {
  const auto reader = ReaderOf<wire::Device>(device);
  if (!reader.hasCpu()) return catalogue.Peak(TextOf(reader.getChip()), precision);
  const auto peak = PeakOfCpu(ClaimOf(reader.getCpu(), {&precision, 1}));
  // Whether a figure counts by tiles or by vectors, nothing says.
  if (peak && peak->tile_flop > 0) return std::nullopt;
  return peak ? std::optional(peak->flops) : std::nullopt;
}

Ceiling CeilingOf(const StatementSet& set, const Statement& segment, const Catalogue& catalogue,
                  std::span<const schemas::Precision> precisions) {
  std::optional<Uint128> sum = 0;
  for (const UsageItem& item : segment.segment.value().usage) {
    const Statement* device = Follow(set, item.device, Kind::kDevice);
    if (device == nullptr) continue;
    const Ceiling peak = PeakOf(*device, catalogue, precisions);
    if (peak.state != CeilingState::kKnown) return peak;
    const Uint128 unit_ms = static_cast<Uint128>(item.units) * item.ms;
    const auto product = CheckedMul(unit_ms, peak.amount.value());
    sum = product ? CheckedAdd(*sum, *product) : std::nullopt;
    if (!sum) return Known(std::nullopt);
  }
  constexpr Uint128 kMsPerSecond = 1000;
  return Known(*sum / kMsPerSecond);
}

std::string ChipName(const Statement& device) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  return Quoted(TextOf(reader.hasCpu() ? reader.getCpu().getModel() : reader.getChip()));
}

std::string UnlistedChip(const Statement& device) {
  if (TextOf(ReaderOf<wire::Device>(device.predicate).getChip()) == "undisclosed") {
    return Describe(device) + " does not disclose its chip";
  }
  return fmt::format("{} has chip {}, which is not in the catalogue, or has no catalogued peak",
                     Describe(device), ChipName(device));
}

std::string PeakArithmetic(const Statement& device,
                           std::span<const schemas::Precision> precisions) {
  const auto reader = ReaderOf<wire::Device>(device.predicate);
  if (!reader.hasCpu()) return "";
  const auto peak = PeakOfCpu(ClaimOf(reader.getCpu(), precisions));
  return peak ? peak->Arithmetic() : "";
}

}  // namespace carnet::verifier::compute
