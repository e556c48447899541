// Exact numbers in few characters, for arithmetic that a reader is to check.
#pragma once

#include <cstdint>
#include <string>

#include "core/flop.h"

namespace carnet::verifier::compute {

// Exact: "70000", from 10^6 on with its trailing zeros as exponent: "9.894e14".
std::string ShortExact(Uint128 value);

// value / 10^places without trailing zeros: (2600000000, 9) is "2.6". Exact. places <= 19.
std::string ScaledText(uint64_t value, unsigned places);

}  // namespace carnet::verifier::compute
