// What `carnet flops` computes. Expected numbers: exact products, from Python's integers and
// fractions.
#include "tests/support/test.h"

#include "cli/flop_estimate.h"

namespace carnet::cli {
namespace {

using verifier::compute::HardwareTerm;

BOOST_AUTO_TEST_SUITE(flop_estimate)

struct QuantityCase {
  const char* text;
  uint64_t value;
};
std::ostream& operator<<(std::ostream& out, const QuantityCase& each) { return out << each.text; }

const std::vector<QuantityCase> kQuantities = {
    {"0", 0},
    {"70000", 70'000},
    {"405e9", 405'000'000'000},
    {"15.6e12", 15'600'000'000'000},
    {"0.5e1", 5},
    {"1.50e1", 15},
    {"2.0", 2},
    {"007", 7},
    {"18446744073709551615", ~uint64_t{0}},
    {"9007199254740993", 9'007'199'254'740'993},  // 2^53 + 1
};

BOOST_DATA_TEST_CASE(reads_quantity_exactly, boost::unit_test::data::make(kQuantities)) {
  REQUIRE_VALUE(const uint64_t value, ParseQuantity(sample.text));
  BOOST_CHECK_EQUAL(value, sample.value);
}

BOOST_DATA_TEST_CASE(refuses_what_is_not_a_whole_number,
                     boost::unit_test::data::make(std::vector<std::string>{"",
                                                                           "e9",
                                                                           "1e",
                                                                           "1e+9",
                                                                           "1E9",
                                                                           "-1",
                                                                           "+1",
                                                                           ".5",
                                                                           "5.",
                                                                           "1.5",
                                                                           "15.6e0",
                                                                           "1,000",
                                                                           "1 000",
                                                                           " 1",
                                                                           "1 ",
                                                                           "0x10",
                                                                           "1e39",
                                                                           "1e-1",
                                                                           "1e99999999999999999999",
                                                                           "18446744073709551616",
                                                                           "nan",
                                                                           "1.2.3",
                                                                           "1e2e3"})) {
  CHECK_ERROR(ParseQuantity(sample), ErrorCode::kMalformed, "is not a whole number below 2^64");
}

BOOST_AUTO_TEST_CASE(quotes_hostile_text_printable) {
  CHECK_ERROR(ParseQuantity("\x1b[31m"), ErrorCode::kMalformed, "\\x1b");
}

BOOST_AUTO_TEST_CASE(reads_share_in_millionths) {
  BOOST_CHECK_EQUAL(ParseSharePpm("0.4").value(), 400'000u);
  BOOST_CHECK_EQUAL(ParseSharePpm("1").value(), 1'000'000u);
  BOOST_CHECK_EQUAL(ParseSharePpm("0").value(), 0u);
  BOOST_CHECK_EQUAL(ParseSharePpm("0.345098").value(), 345'098u);
  CHECK_ERROR(ParseSharePpm("1.000001"), ErrorCode::kMalformed, "is not a share from 0 to 1");
  CHECK_ERROR(ParseSharePpm("0.3333333"), ErrorCode::kMalformed, "is not a share from 0 to 1");
  CHECK_ERROR(ParseSharePpm("40%"), ErrorCode::kMalformed, "is not a share from 0 to 1");
}

BOOST_AUTO_TEST_CASE(reads_time_in_milliseconds) {
  BOOST_CHECK_EQUAL(ParseDays("30").value(), 2'592'000'000u);
  BOOST_CHECK_EQUAL(ParseHours("1.5").value(), 5'400'000u);
  CHECK_ERROR(ParseDays("0.000000001"), ErrorCode::kMalformed, "is not a number of days");
  CHECK_ERROR(ParseHours("-1"), ErrorCode::kMalformed, "is not a number of hours");
}

BOOST_AUTO_TEST_CASE(the_sentence_about_70000_h100_for_a_month_shows_its_arithmetic) {
  const HardwareTerm term{70'000, ParseDays("30").value(), Flop(989'400'000'000'000),
                          ParseSharePpm("0.40").value()};
  REQUIRE_VALUE(const FlopEstimate estimate, EstimateFromHardware(term));
  BOOST_CHECK_EQUAL(estimate.flop.ToString(), "71806694400000000000000000");
  BOOST_CHECK_EQUAL(estimate.flop.ToScientific(), "7.2e25");
  BOOST_CHECK_EQUAL(estimate.formula,
                    "units x seconds x peak x utilisation = 70000 x 2592000 s x 9.894e14 FLOP/s x "
                    "0.4 = 71806694400000000000000000 FLOP");
}

BOOST_AUTO_TEST_CASE(at_56_percent_they_reach_1e26) {
  const HardwareTerm term{70'000, ParseDays("30").value(), Flop(989'400'000'000'000), 560'000};
  REQUIRE_VALUE(const FlopEstimate estimate, EstimateFromHardware(term));
  BOOST_CHECK_EQUAL(estimate.flop.ToString(), "100529372160000000000000000");
}

BOOST_AUTO_TEST_CASE(parameters_and_tokens_show_their_arithmetic) {
  REQUIRE_VALUE(const FlopEstimate estimate, EstimateFromTokens(ParseQuantity("405e9").value(),
                                                                ParseQuantity("15.6e12").value()));
  BOOST_CHECK_EQUAL(estimate.flop.ToString(), "37908000000000000000000000");
  BOOST_CHECK_EQUAL(estimate.formula,
                    "6 x parameters x tokens = 6 x 4.05e11 x 1.56e13 = "
                    "37908000000000000000000000 FLOP");
}

BOOST_AUTO_TEST_CASE(overflow_is_an_error) {
  const uint64_t most = ~uint64_t{0};
  CHECK_ERROR(EstimateFromTokens(most, most), ErrorCode::kMalformed, "2^128 or more");
  CHECK_ERROR(EstimateFromHardware(HardwareTerm{most, most, Flop(most), 1'000'000}),
              ErrorCode::kMalformed, "2^128 or more");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::cli
