// Flop: a count of floating-point operations, unsigned 128-bit, because 10^26 overflows 64 bits
// and loses digits in a double (S4, S9). Arithmetic is checked: it never wraps, overflow is absent.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet {

__extension__ typedef unsigned __int128 Uint128;

class Flop {
 public:
  constexpr explicit Flop(Uint128 value) : value_(value) {}

  // A decimal string without leading zero or sign, below 2^128. Errors: malformed.
  static Result<Flop> Parse(std::string_view text);

  constexpr Uint128 value() const { return value_; }
  std::string ToString() const;      // exact decimal
  std::string ToScientific() const;  // two significant figures, halves rounded up: "2.3e25"

  friend bool operator==(const Flop&, const Flop&) = default;
  friend auto operator<=>(const Flop& a, const Flop& b) { return a.value_ <=> b.value_; }

 private:
  Uint128 value_;
};

// Absent on overflow of 128 bits.
std::optional<Uint128> CheckedAdd(Uint128 a, Uint128 b);
std::optional<Uint128> CheckedMul(Uint128 a, Uint128 b);
std::optional<Flop> CheckedAdd(Flop a, Flop b);

// floor(a * b / divisor), exact even where a * b overflows; absent when the result overflows
// 128 bits. Requires divisor != 0.
std::optional<Uint128> MulDiv(Uint128 a, Uint128 b, Uint128 divisor);

}  // namespace carnet
