// The arithmetic behind `carnet flops`: the two methods of S9 on numbers typed by a person, exact,
// with the formula in words. Decimal texts become whole numbers without passing through a float.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/flop.h"
#include "core/result.h"
#include "verifier/compute/method.h"

namespace carnet::verifier::compute {

// `digits[.digits][e digits]`, such as "405e9", "15.6e12", "70000", times `scale`; without sign.
// Errors: malformed; also where the result is no whole number below 2^128.
Result<Uint128> ParseScaled(std::string_view text, uint64_t scale);

// A count: parameters, tokens, units. Errors: malformed; also at 2^64 and above.
Result<uint64_t> ParseQuantity(std::string_view text);
// A share between 0 and 1 in millionths: "0.4". Errors: malformed; also finer than that.
Result<uint64_t> ParseSharePpm(std::string_view text);
// Milliseconds. Errors: malformed.
Result<uint64_t> ParseDays(std::string_view text);
Result<uint64_t> ParseHours(std::string_view text);

struct Estimate {
  Flop flop;
  std::string formula;  // with the inputs, and the result exact
};

// Errors: malformed (overflow of 128 bits).
Result<Estimate> EstimateFromHardware(const HardwareTerm& term);

// 6 * parameters * tokens, of a dense transformer; of a mixture of experts with the active ones.
Result<Estimate> EstimateFromTokens(uint64_t parameters, uint64_t tokens);

// The least number of units that reach `target` with the time, peak and utilisation of `term`
// (its `units` are not read). Errors: malformed (a zero among them, overflow).
Result<Uint128> UnitsToReach(Flop target, const HardwareTerm& term);

}  // namespace carnet::verifier::compute
