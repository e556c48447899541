// What a FLOP figure is computed from, for those who state one: the numbers that R31 and R33 hold
// against it.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "core/flop.h"
#include "schemas/enums.h"
#include "schemas/predicate.h"
#include "verifier/compute/chips.h"

namespace carnet::verifier::compute {

// FLOP per token and parameter (S9) of a class with this treatment, as JSON spells it: "trained" is
// 6. Absent: no such treatment.
std::optional<uint64_t> CoefficientOf(std::string_view treatment);

// The dense peak of a unit of the device, FLOP/s, that a hardware method must state at this
// precision (R31). Absent where nothing tells it. Requires a device.
std::optional<Flop> PeakToState(const schemas::Predicate& device, const Catalogue& catalogue,
                                schemas::Precision precision);

}  // namespace carnet::verifier::compute
