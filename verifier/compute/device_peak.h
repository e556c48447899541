// What the devices of a segment can do at most (R33): accelerators from the chip catalogue by
// variant, a CPU from what its statement says of it. Private to compute/.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "verifier/compute/chips.h"
#include "verifier/passport_file.h"

namespace carnet::verifier::compute {

enum class CeilingState {
  kKnown,
  kUnknownChip,  // undisclosed, or not in the catalogue
  kOverflow,     // of 128 bits
};

struct Ceiling {
  CeilingState state;
  Flop amount;  // 0 unless known
};

// FLOP/s of one unit of a device statement, at the highest of these wire::Precision values.
Ceiling PeakOf(const Statement& device, const Catalogue& catalogue,
               std::span<const uint16_t> precisions);

// floor(sum of units * ms * peak / 1000) over the usage of a segment, in FLOP. An item whose device
// is not enclosed adds nothing (R19 reports it).
Ceiling CeilingOf(const StatementSet& set, const Statement& segment, const Catalogue& catalogue,
                  std::span<const uint16_t> precisions);

// "h100-sxm5", or a CPU's model; quoted printable.
std::string ChipName(const Statement& device);
// Of a CPU, the arithmetic of its peak; empty for an accelerator.
std::string PeakArithmetic(const Statement& device);

}  // namespace carnet::verifier::compute
