#include "verifier/compute/arithmetic.h"

#include "core/check.h"

namespace carnet::verifier::compute {
namespace {

constexpr Uint128 kPlainBelow = 1'000'000;
constexpr unsigned kMaxPlaces = 19;

std::string WithoutTrailingZeros(std::string digits) {
  digits.erase(digits.find_last_not_of('0') + 1);
  return digits;
}

}  // namespace

std::string ShortExact(Uint128 value) {
  std::string digits = Flop(value).ToString();
  if (value < kPlainBelow) return digits;
  const std::string fraction = WithoutTrailingZeros(digits.substr(1));
  return digits.substr(0, 1) + (fraction.empty() ? "" : "." + fraction) + "e" +
         std::to_string(digits.size() - 1);
}

std::string ScaledText(uint64_t value, unsigned places) {
  CARNET_CHECK(places <= kMaxPlaces);
  std::string digits = std::to_string(value);
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  const std::string fraction = WithoutTrailingZeros(digits.substr(digits.size() - places));
  return digits.substr(0, digits.size() - places) + (fraction.empty() ? "" : "." + fraction);
}

}  // namespace carnet::verifier::compute
