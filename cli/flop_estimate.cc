#include "cli/flop_estimate.h"

#include <fmt/core.h>

#include "core/decimal.h"
#include "core/utf8.h"
#include "verifier/compute/arithmetic.h"

namespace carnet::cli {
namespace {

using verifier::compute::ParameterClass;
using verifier::compute::ScaledText;
using verifier::compute::ShortExact;

constexpr uint64_t kPpm = 1'000'000;
constexpr uint64_t kMsPerHour = 3'600'000;
constexpr uint64_t kMsPerDay = 86'400'000;
constexpr uint64_t kFlopPerParameterAndToken = 6;  // 2 forward, 4 backward
constexpr size_t kMaxExponent = 38;                // 10^38 < 2^128
constexpr unsigned kPpmPlaces = 6;
constexpr unsigned kMsPlaces = 3;

struct Decimal {
  std::string digits;  // without the point
  size_t places;       // of `digits`, after the point
  uint64_t exponent;   // of ten
};

bool AreDigits(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789") == std::string_view::npos;
}

std::optional<Decimal> Split(std::string_view text) {
  Decimal decimal{{}, 0, 0};
  if (const size_t e = text.find('e'); e != std::string_view::npos) {
    const auto exponent = ParseDecimalU64(text.substr(e + 1));
    if (!exponent || *exponent > kMaxExponent) return std::nullopt;
    decimal.exponent = *exponent;
    text = text.substr(0, e);
  }
  if (const size_t point = text.find('.'); point != std::string_view::npos) {
    const std::string_view fraction = text.substr(point + 1);
    if (!AreDigits(fraction)) return std::nullopt;
    decimal.places = fraction.size();
    decimal.digits = fraction;
    text = text.substr(0, point);
  }
  if (!AreDigits(text)) return std::nullopt;
  decimal.digits.insert(0, text);
  return decimal;
}

std::optional<Uint128> PowerOfTen(size_t exponent) {
  Uint128 power = 1;
  for (size_t i = 0; i < exponent; ++i) {
    const auto next = CheckedMul(power, 10);
    if (!next) return std::nullopt;
    power = *next;
  }
  return power;
}

// digits * scale * 10^(exponent - places), if that is a whole number.
std::optional<Uint128> Whole(const Decimal& decimal, uint64_t scale) {
  const size_t zeros = decimal.digits.find_first_not_of('0');
  const auto value = Flop::Parse(
      zeros == std::string::npos ? "0" : std::string_view(decimal.digits).substr(zeros));
  if (!value) return std::nullopt;
  const auto scaled = CheckedMul(value->value(), scale);
  if (!scaled) return std::nullopt;
  const bool up = decimal.exponent >= decimal.places;
  const auto power = PowerOfTen(up ? decimal.exponent - decimal.places
                                   : decimal.places - static_cast<size_t>(decimal.exponent));
  if (!power) return std::nullopt;
  if (up) return CheckedMul(*scaled, *power);
  if (*scaled % *power != 0) return std::nullopt;
  return *scaled / *power;
}

// `text` times `scale`, if that is a whole number and at most `most`.
Result<uint64_t> Scaled(std::string_view text, uint64_t scale, uint64_t most,
                        std::string_view what) {
  const auto decimal = Split(text);
  const auto value = decimal ? Whole(*decimal, scale) : std::nullopt;
  if (!value || *value > most) {
    return Malformed(fmt::format("\"{}\" is not {}", Printable(text), what));
  }
  return static_cast<uint64_t>(*value);
}

Error Overflow() { return Malformed("the product is 2^128 or more"); }

}  // namespace

Result<uint64_t> ParseQuantity(std::string_view text) {
  return Scaled(text, 1, ~uint64_t{0}, "a whole number below 2^64, such as 405e9");
}

Result<uint64_t> ParseSharePpm(std::string_view text) {
  return Scaled(text, kPpm, kPpm, "a share from 0 to 1 in millionths, such as 0.4");
}

Result<uint64_t> ParseDays(std::string_view text) {
  return Scaled(text, kMsPerDay, ~uint64_t{0}, "a number of days, such as 30");
}

Result<uint64_t> ParseHours(std::string_view text) {
  return Scaled(text, kMsPerHour, ~uint64_t{0}, "a number of hours, such as 1.5");
}

Result<FlopEstimate> EstimateFromHardware(const verifier::compute::HardwareTerm& term) {
  const auto flop = verifier::compute::HardwareFlop({&term, 1});
  if (!flop) return Overflow();
  return FlopEstimate{
      *flop,
      fmt::format("units x seconds x peak x utilisation = {} x {} s x {} FLOP/s x {} = {} FLOP",
                  ShortExact(term.units), ScaledText(term.ms, kMsPlaces),
                  ShortExact(term.peak.value()), ScaledText(term.utilisation_ppm, kPpmPlaces),
                  flop->ToString())};
}

Result<FlopEstimate> EstimateFromTokens(uint64_t parameters, uint64_t tokens) {
  const ParameterClass all{kFlopPerParameterAndToken, parameters};
  const auto flop = verifier::compute::ArchitectureFlop(tokens, {&all, 1}, Flop(0));
  if (!flop) return Overflow();
  return FlopEstimate{
      *flop, fmt::format("6 x parameters x tokens = 6 x {} x {} = {} FLOP", ShortExact(parameters),
                         ShortExact(tokens), flop->ToString())};
}

}  // namespace carnet::cli
