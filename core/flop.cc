#include "core/flop.h"

#include <algorithm>

#include "core/utf8.h"

namespace carnet {
namespace {

// A number as quotient * divisor + remainder, with remainder < divisor.
struct Division {
  Uint128 quotient;
  Uint128 remainder;
};

// Absent where the quotient overflows 128 bits. The remainders cannot wrap: the carry is found with
// a difference that is at least 1, and they are added only where their sum is below the divisor.
std::optional<Division> Add(const Division& a, const Division& b, Uint128 divisor) {
  auto quotient = CheckedAdd(a.quotient, b.quotient);
  const bool carries = a.remainder >= divisor - b.remainder;
  if (carries && quotient) quotient = CheckedAdd(*quotient, Uint128{1});
  if (!quotient) return std::nullopt;
  const Uint128 remainder =
      carries ? a.remainder - (divisor - b.remainder) : a.remainder + b.remainder;
  return Division{*quotient, remainder};
}

}  // namespace

Result<Flop> Flop::Parse(std::string_view text) {
  const auto bad = [&] {
    return Malformed("\"" + Printable(text) +
                     "\" is not a FLOP figure: expected a decimal string without sign, exponent or "
                     "leading zero, below 2^128");
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

// Long multiplication, one binary digit of b at a time from the highest, on a running division.
// Where p is the number formed by the digits read so far, the sum represents a * p:
//
//     a * p = quotient * divisor + remainder,  remainder < divisor
//
// which determines both, so the quotient is floor(a * p / divisor), and floor(a * b / divisor) once
// all digits are read. Nothing is rounded, and nothing wraps: see Add. Since p never shrinks,
// neither does the quotient: where it overflows on the way, so does the result.
std::optional<Uint128> MulDiv(Uint128 a, Uint128 b, Uint128 divisor) {
  CARNET_CHECK(divisor != 0);
  if (const auto product = CheckedMul(a, b)) return *product / divisor;
  const Division once{a / divisor, a % divisor};
  std::optional<Division> sum = Division{0, 0};
  for (int bit = 127; sum && bit >= 0; --bit) {
    sum = Add(*sum, *sum, divisor);
    if (sum && (b >> bit & 1) != 0) sum = Add(*sum, once, divisor);
  }
  if (!sum) return std::nullopt;
  return sum->quotient;
}

}  // namespace carnet
