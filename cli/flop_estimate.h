// The arithmetic of `carnet flops`: the two methods of S9, exact, for numbers that a person types,
// with the formula spelled out. Decimal text becomes a whole number without passing through a
// float.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/flop.h"
#include "core/result.h"
#include "verifier/compute/arithmetic.h"

namespace carnet::cli {

// Numbers are `digits[.digits][e digits]`, without a sign: "405e9", "15.6e12", "70000".

// A count: parameters, tokens, units. Errors: malformed, also for fractions and for 2^64 or more.
Result<uint64_t> ParseQuantity(std::string_view text);
// A share between 0 and 1, such as "0.4", in millionths. Errors: malformed, also if finer than
// that.
Result<uint64_t> ParseSharePpm(std::string_view text);
// In milliseconds. Errors: malformed.
Result<uint64_t> ParseDays(std::string_view text);
Result<uint64_t> ParseHours(std::string_view text);

struct FlopEstimate {
  Flop flop;
  std::string formula;  // with the inputs, and the result exact
};

// Errors: malformed (overflow of 128 bits).
Result<FlopEstimate> EstimateFromHardware(const verifier::compute::HardwareTerm& term);

// 6 * parameters * tokens for a dense transformer; for a mixture of experts, active parameters.
Result<FlopEstimate> EstimateFromTokens(uint64_t parameters, uint64_t tokens);

}  // namespace carnet::cli
