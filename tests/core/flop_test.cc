#include "core/flop.h"

#include <cstdlib>
#include <sstream>

#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

Uint128 Number(std::string_view text) { return Flop::Parse(text).value().value(); }

// Expected values by Python's decimal, quantized with ROUND_HALF_UP.
struct Rounded {
  const char* exact;
  const char* expected;
};

constexpr Rounded kRounded[] = {
    {"0", "0"},
    {"7", "7"},
    {"99", "99"},
    {"100", "1.0e2"},
    {"104", "1.0e2"},
    {"105", "1.1e2"},
    {"994", "9.9e2"},
    {"995", "1.0e3"},
    {"999", "1.0e3"},
    {"1000", "1.0e3"},
    {"1049", "1.0e3"},
    {"1050", "1.1e3"},
    {"12345", "1.2e4"},
    {"1000000000000000000000000", "1.0e24"},
    {"22490000000000000000000000", "2.2e25"},
    {"22510000000000000000000000", "2.3e25"},
    {"22500000000000000000000000", "2.3e25"},
    {"99500000000000000000000000", "1.0e26"},
    {"99490000000000000000000000", "9.9e25"},
    {"100000000000000000000000000", "1.0e26"},
    {"340282366920938463463374607431768211455", "3.4e38"},
};

constexpr const char* kMax = "340282366920938463463374607431768211455";

constexpr const char* kRefused[] = {"",
                                    "-1",
                                    "+1",
                                    "00",
                                    "01",
                                    "1.0",
                                    "1e3",
                                    "1E3",
                                    " 1",
                                    "1 ",
                                    "0x10",
                                    "1_000",
                                    "1,000",
                                    "NaN",
                                    "340282366920938463463374607431768211456",
                                    "3402823669209384634633746074317682114560",
                                    "999999999999999999999999999999999999999999999999999999999999"};

BOOST_AUTO_TEST_SUITE(flop)

BOOST_AUTO_TEST_CASE(reads_and_writes_exactly) {
  for (const char* text : {"0", "1", "9", "10", "9007199254740993", "18446744073709551615",
                           "18446744073709551616", "100000000000000000000000001", kMax}) {
    REQUIRE_VALUE(const Flop value, Flop::Parse(text));
    BOOST_CHECK_EQUAL(value.ToString(), text);
  }
  BOOST_CHECK(Number("18446744073709551616") == Uint128{1} << 64);
  BOOST_CHECK(Number(kMax) == ~Uint128{0});
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), text) {
  CHECK_ERROR(Flop::Parse(text), ErrorCode::kMalformed, "not a FLOP figure");
}

BOOST_AUTO_TEST_CASE(rounds_to_two_figures) {
  for (const Rounded& one : kRounded) {
    BOOST_CHECK_EQUAL(Flop(Number(one.exact)).ToScientific(), one.expected);
  }
}

BOOST_AUTO_TEST_CASE(orders_by_value) {
  BOOST_CHECK(Flop(Number("18446744073709551616")) > Flop(Number("18446744073709551615")));
  BOOST_CHECK(Flop(1) < Flop(2) && Flop(2) == Flop(2));
}

BOOST_AUTO_TEST_CASE(overflow_is_absent_and_never_wraps) {
  const Uint128 max = ~Uint128{0};
  BOOST_CHECK(CheckedAdd(max, Uint128{0}) == max);
  BOOST_CHECK(!CheckedAdd(max, Uint128{1}));
  BOOST_CHECK(!CheckedAdd(max, max));
  BOOST_CHECK(CheckedMul(Uint128{1} << 64, (Uint128{1} << 64) - 1) ==
              max - ((Uint128{1} << 64) - 1));
  BOOST_CHECK(!CheckedMul(Uint128{1} << 64, Uint128{1} << 64));
  BOOST_CHECK(!CheckedAdd(Flop(max), Flop(1)));
  BOOST_CHECK(CheckedAdd(Flop(2), Flop(3)) == Flop(5));
}

BOOST_AUTO_TEST_CASE(divides_products_as_python_does) {
  std::istringstream lines(test::MustRun("python3 " + std::string(std::getenv("CARNET_SOURCE")) +
                                         "/tests/core/mul_div_reference.py"));
  size_t count = 0, overflows = 0;
  std::string a, b, divisor, expected;
  while (lines >> a >> b >> divisor >> expected) {
    const auto quotient = MulDiv(Number(a), Number(b), Number(divisor));
    const std::string text = quotient ? Flop(*quotient).ToString() : "-";
    if (text != expected) BOOST_ERROR(a << " * " << b << " / " << divisor << " gave " << text);
    ++count;
    if (expected == "-") ++overflows;
  }
  BOOST_CHECK_GT(count, 30'000u);
  BOOST_CHECK_GT(overflows, 5'000u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
