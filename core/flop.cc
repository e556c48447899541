#include "core/flop.h"

#include <algorithm>

namespace carnet {

Result<Flop> Flop::Parse(std::string_view text) {
  const auto bad = [&] {
    return Malformed("\"" + std::string(text.substr(0, 60)) +
                     "\" is not a FLOP figure: a decimal string without sign, exponent or leading "
                     "zero, below 2^128");
  };
  if (text.empty() || (text.size() > 1 && text.front() == '0')) return bad();
  Uint128 value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return bad();
    const auto scaled = CheckedMul(value, 10);
    if (!scaled) return bad();
    const auto sum = CheckedAdd(*scaled, static_cast<Uint128>(c - '0'));
    if (!sum) return bad();
    value = *sum;
  }
  return Flop(value);
}

std::string Flop::ToString() const {
  std::string digits;
  Uint128 rest = value_;
  do {
    digits.push_back(static_cast<char>('0' + static_cast<int>(rest % 10)));
    rest /= 10;
  } while (rest != 0);
  std::reverse(digits.begin(), digits.end());
  return digits;
}

std::string Flop::ToScientific() const {
  std::string digits = ToString();
  if (digits.size() < 3) return digits;
  size_t exponent = digits.size() - 1;
  int leading = (digits[0] - '0') * 10 + (digits[1] - '0');
  if (digits[2] >= '5') ++leading;
  if (leading == 100) {
    leading = 10;
    ++exponent;
  }
  return std::to_string(leading / 10) + "." + std::to_string(leading % 10) + "e" +
         std::to_string(exponent);
}

std::optional<Uint128> CheckedAdd(Uint128 a, Uint128 b) {
  Uint128 sum;
  if (__builtin_add_overflow(a, b, &sum)) return std::nullopt;
  return sum;
}

std::optional<Uint128> CheckedMul(Uint128 a, Uint128 b) {
  Uint128 product;
  if (__builtin_mul_overflow(a, b, &product)) return std::nullopt;
  return product;
}

std::optional<Flop> CheckedAdd(Flop a, Flop b) {
  const auto sum = CheckedAdd(a.value(), b.value());
  if (!sum) return std::nullopt;
  return Flop(*sum);
}

std::optional<Uint128> MulDiv(Uint128 a, Uint128 b, Uint128 divisor) {
  CARNET_CHECK(divisor != 0);
  if (const auto product = CheckedMul(a, b)) return *product / divisor;
  // a * b as high:low from four 64-bit partial products.
  constexpr Uint128 kLow64 = ~uint64_t{0};
  const Uint128 a0 = a & kLow64, a1 = a >> 64, b0 = b & kLow64, b1 = b >> 64;
  const Uint128 p00 = a0 * b0, p01 = a0 * b1, p10 = a1 * b0, p11 = a1 * b1;
  const Uint128 middle = (p00 >> 64) + (p01 & kLow64) + (p10 & kLow64);
  Uint128 low = (p00 & kLow64) | (middle << 64);
  Uint128 high = p11 + (p01 >> 64) + (p10 >> 64) + (middle >> 64);
  if (high >= divisor) return std::nullopt;
  // Binary long division; the remainder `high` stays below the divisor throughout.
  for (int bit = 0; bit < 128; ++bit) {
    const bool carry = (high >> 127) != 0;
    high = (high << 1) | (low >> 127);
    low <<= 1;
    if (carry || high >= divisor) {
      high -= divisor;
      low |= 1;
    }
  }
  return low;
}

}  // namespace carnet
