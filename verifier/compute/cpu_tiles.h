// CPUs with units for matrices (Intel AMX), by the model's name: a device statement says nothing
// else about them. Names of other makers' CPUs, and names without a number, tell of none.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "schemas/enums.h"

namespace carnet::verifier::compute {

// FLOP (INT8: operations) of one core in a cycle, at the fastest of these precisions; 0: it has no
// such units, or they do not compute in any of these.
uint64_t TileFlopOf(std::string_view cpu_model, std::span<const schemas::Precision> precisions);

}  // namespace carnet::verifier::compute
