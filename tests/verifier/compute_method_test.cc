// The arithmetic of S9 and R34 on the worked examples of the European Commission's Guidelines,
// annex A.3 (A to H), and on published training runs. Expected integers are exact products.
#include "tests/support/test.h"

#include "verifier/compute/arithmetic.h"

namespace carnet::verifier::compute {
namespace {

constexpr uint64_t kHourMs = 3'600'000;
constexpr uint64_t kTera = 1'000'000'000'000;
constexpr uint64_t kMostU64 = ~uint64_t{0};

Flop F(std::string_view decimal) { return Flop::Parse(decimal).value(); }
Flop Trained(uint64_t parameters, uint64_t tokens) {
  const ParameterClass all{6, parameters};
  return ArchitectureFlop(tokens, {&all, 1}, Flop(0)).value();
}
Flop Hardware(uint64_t hours, Flop peak, uint64_t ppm) {
  const HardwareTerm term{hours, kHourMs, peak, ppm};
  return HardwareFlop({&term, 1}).value();
}

BOOST_AUTO_TEST_SUITE(compute_method)

struct TokensCase {
  const char* id;
  uint64_t parameters;
  uint64_t tokens;
  const char* exact;
};
std::ostream& operator<<(std::ostream& out, const TokensCase& each) { return out << each.id; }

const std::vector<TokensCase> kTokensCases = {
    {"A", 3'800'000'000, 3'300'000'000'000, "75240000000000000000000"},
    {"C", 600'000'000, 36'000'000'000'000, "129600000000000000000000"},
    {"D", 1'540'000'000, 18'000'000'000'000, "166320000000000000000000"},
    {"E", 1'700'000'000, 36'000'000'000'000, "367200000000000000000000"},
    {"F", 2'500'000'000, 12'000'000'000'000, "180000000000000000000000"},
    {"G", 2'600'000'000, 10'000'000'000'000, "156000000000000000000000"},
};

BOOST_DATA_TEST_CASE(guideline_product_of_parameters_and_tokens_is_exact,
                     boost::unit_test::data::make(kTokensCases)) {
  BOOST_CHECK_EQUAL(Trained(sample.parameters, sample.tokens).ToString(), sample.exact);
}

BOOST_AUTO_TEST_CASE(guideline_b_hardware_product_is_exact) {
  BOOST_CHECK_EQUAL(Hardware(200'000, Flop(300 * kTera), 500'000).ToString(),
                    "108000000000000000000000");
}

BOOST_AUTO_TEST_CASE(guideline_h_hardware_product_is_exact) {
  BOOST_CHECK_EQUAL(Hardware(370'000, Flop(989 * kTera), 500'000).ToString(),
                    "658674000000000000000000");
}

BOOST_AUTO_TEST_CASE(guideline_h_is_ten_times_its_parameters_and_tokens) {
  const Flop hardware = F("658674000000000000000000");
  const Flop architecture = Trained(1'230'000'000, 9'000'000'000'000);
  BOOST_CHECK_EQUAL(architecture.ToString(), "66420000000000000000000");
  BOOST_CHECK(!Agree(hardware, architecture, hardware));
  BOOST_CHECK(!Agree(hardware, architecture, architecture));
  const Flop ceiling = Hardware(370'000, Flop(989 * kTera), 1'000'000);
  BOOST_CHECK_EQUAL(PercentText(architecture, ceiling), "5.0 %");
}

BOOST_AUTO_TEST_CASE(llama_405b_used_a_third_of_its_hours) {
  const Flop amount = Trained(405'000'000'000, 15'600'000'000'000);
  BOOST_CHECK_EQUAL(amount.ToString(), "37908000000000000000000000");
  const Flop ceiling = Hardware(30'840'000, Flop(989'400'000'000'000), 1'000'000);
  BOOST_CHECK_EQUAL(ceiling.ToString(), "109847145600000000000000000");
  BOOST_CHECK_EQUAL(PercentText(amount, ceiling), "35 %");  // 34.51
}

BOOST_AUTO_TEST_CASE(deepseek_v3_used_twice_the_share_of_bf16_as_of_fp8) {
  const Flop amount = Trained(37'000'000'000, 14'800'000'000'000);
  BOOST_CHECK_EQUAL(amount.ToString(), "3285600000000000000000000");
  const Flop bf16 = Hardware(2'664'000, Flop(989 * kTera), 1'000'000);
  BOOST_CHECK_EQUAL(bf16.ToString(), "9484905600000000000000000");
  BOOST_CHECK_EQUAL(PercentText(amount, bf16), "35 %");  // 34.64
  const Flop fp8 = Hardware(2'664'000, Flop(1979 * kTera), 1'000'000);
  BOOST_CHECK_EQUAL(PercentText(amount, fp8), "17 %");  // 17.31
}

BOOST_AUTO_TEST_CASE(deepseek_v3_with_total_parameters_is_beyond_its_devices) {
  const Flop amount = Trained(671'000'000'000, 14'800'000'000'000);
  BOOST_CHECK_EQUAL(amount.ToString(), "59584800000000000000000000");
  const Flop ceiling = F("9484905600000000000000000");
  BOOST_CHECK_EQUAL(PercentText(amount, ceiling), "628 %");
}

BOOST_AUTO_TEST_CASE(h100_pcie_declared_as_sxm_turns_60_percent_into_79) {
  const Flop amount = Hardware(10'000, Flop(989'400'000'000'000), 600'000);
  BOOST_CHECK_EQUAL(amount.ToString(), "21371040000000000000000");
  const Flop sxm = Hardware(10'000, Flop(989'400'000'000'000), 1'000'000);
  const Flop pcie = Hardware(10'000, Flop(756 * kTera), 1'000'000);
  BOOST_CHECK_EQUAL(PercentText(amount, sxm), "60 %");
  BOOST_CHECK_EQUAL(PercentText(amount, pcie), "79 %");  // 78.52
}

BOOST_AUTO_TEST_CASE(mixed_variants_weigh_in_by_their_units) {
  const std::vector<HardwareTerm> mixed = {{500, kHourMs, Flop(989'400'000'000'000), 1'000'000},
                                           {500, kHourMs, Flop(756 * kTera), 1'000'000}};
  // 1,000 units at the mean of 872.7e12 FLOP/s, for an hour
  BOOST_CHECK_EQUAL(HardwareFlop(mixed)->ToString(), "3141720000000000000000");
}

BOOST_AUTO_TEST_CASE(agreement_is_measured_by_the_reported_amount) {
  const Flop formula = F("1000000000000000000000000");
  const Flop counter = F("1340000000000000000000000");
  BOOST_CHECK(Agree(formula, counter, counter));   // 25.4 % of it
  BOOST_CHECK(Agree(counter, formula, counter));   // in either order
  BOOST_CHECK(!Agree(formula, counter, formula));  // 34 %
}

BOOST_AUTO_TEST_CASE(agreement_ends_exactly_at_30_percent) {
  BOOST_CHECK(Agree(Flop(100), Flop(130), Flop(100)));
  BOOST_CHECK(!Agree(Flop(100), Flop(131), Flop(100)));
  BOOST_CHECK(Agree(Flop(100), Flop(102), Flop(7)));  // 2 <= 2.1
  BOOST_CHECK(!Agree(Flop(100), Flop(103), Flop(7)));
  BOOST_CHECK(Agree(Flop(0), Flop(0), Flop(0)));
  BOOST_CHECK(!Agree(Flop(0), Flop(1), Flop(0)));
}

BOOST_AUTO_TEST_CASE(agreement_of_the_greatest_numbers_does_not_overflow) {
  const Flop most(~Uint128{0});
  BOOST_CHECK(Agree(most, most, most));
  BOOST_CHECK(!Agree(most, Flop(0), most));
}

BOOST_AUTO_TEST_CASE(floor_ends_exactly_at_seven_tenths) {
  BOOST_CHECK(ReachesFloor(Flop(70), Flop(100)));
  BOOST_CHECK(!ReachesFloor(Flop(69), Flop(100)));
  BOOST_CHECK(ReachesFloor(Flop(1), Flop(1)));
  BOOST_CHECK(!ReachesFloor(Flop(0), Flop(1)));
  BOOST_CHECK(ReachesFloor(Flop(0), Flop(0)));
  BOOST_CHECK(ReachesFloor(Flop(~Uint128{0}), Flop(~Uint128{0})));
}

BOOST_AUTO_TEST_CASE(hardware_divides_once_at_the_end) {
  // Two terms of 0.6 FLOP each: 1, where each would be cut to 0.
  const HardwareTerm part{1, 1, Flop(600), 1'000'000};
  const std::vector<HardwareTerm> both = {part, part};
  BOOST_CHECK_EQUAL(HardwareFlop({&part, 1})->ToString(), "0");
  BOOST_CHECK_EQUAL(HardwareFlop(both)->ToString(), "1");
}

BOOST_AUTO_TEST_CASE(coefficients_and_attention_add_up) {
  const std::vector<ParameterClass> classes = {{6, 10}, {4, 100}, {2, 1000}, {0, 10'000}};
  BOOST_CHECK_EQUAL(ParameterFlopPerToken(classes)->ToString(), "2460");
  BOOST_CHECK_EQUAL(ArchitectureFlop(3, classes, Flop(40))->ToString(), "7500");
}

BOOST_AUTO_TEST_CASE(hardware_overflow_is_absent) {
  const HardwareTerm huge{kMostU64, kMostU64, Flop(2), 1'000'000};
  BOOST_CHECK(!HardwareFlop({&huge, 1}));
  // Each below 2^128, together above.
  const HardwareTerm half{1, 1, Flop(Uint128{1} << 127), 1};
  const std::vector<HardwareTerm> both = {half, half};
  BOOST_CHECK(HardwareFlop({&half, 1}));
  BOOST_CHECK(!HardwareFlop(both));
}

BOOST_AUTO_TEST_CASE(a_large_cluster_for_a_month_does_not_overflow) {
  const HardwareTerm cluster{100'000, 2'592'000'000, Flop(1000 * kTera), 1'000'000};
  BOOST_CHECK_EQUAL(HardwareFlop({&cluster, 1})->ToString(), "259200000000000000000000000");
}

BOOST_AUTO_TEST_CASE(architecture_overflow_is_absent) {
  const ParameterClass most{6, kMostU64};
  BOOST_CHECK(ArchitectureFlop(1, {&most, 1}, Flop(0)));
  BOOST_CHECK(!ArchitectureFlop(kMostU64, {&most, 1}, Flop(0)));
  BOOST_CHECK(!ArchitectureFlop(1, {&most, 1}, Flop(~Uint128{0})));
}

BOOST_AUTO_TEST_CASE(a_share_begins_exactly_at_its_border) {
  BOOST_CHECK(!IsAtLeastPpm(Flop(49'999), Flop(1'000'000), 50'000));
  BOOST_CHECK(IsAtLeastPpm(Flop(50'000), Flop(1'000'000), 50'000));
  BOOST_CHECK(!IsAtLeastPpm(Flop(1), Flop(3), 333'334));  // 0.333333…
  BOOST_CHECK(IsAtLeastPpm(Flop(1), Flop(3), 333'333));
  BOOST_CHECK(IsAtLeastPpm(Flop(0), Flop(1), 0));
  BOOST_CHECK(!IsAtLeastPpm(Flop(0), Flop(1), 1));
  const Flop most(~Uint128{0});
  BOOST_CHECK(IsAtLeastPpm(most, most, 1'000'000));
  BOOST_CHECK(!IsAtLeastPpm(Flop(1), most, 1));
}

BOOST_AUTO_TEST_CASE(percent_is_rounded_to_the_nearest) {
  BOOST_CHECK_EQUAL(PercentText(Flop(215), Flop(1000)), "22 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(214), Flop(1000)), "21 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(34), Flop(1000)), "3.4 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(0), Flop(1000)), "0.0 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(1), Flop(2000)), "0.1 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(1), Flop(2001)), "less than 0.1 %");
  BOOST_CHECK_EQUAL(PercentText(Flop(~Uint128{0}), Flop(1)), "more than 100 %");
}

BOOST_AUTO_TEST_CASE(two_significant_figures_keep_the_exact_value_beside) {
  const Flop exact = F("23450000000000000000000000");
  BOOST_CHECK_EQUAL(exact.ToScientific(), "2.3e25");
  BOOST_CHECK_EQUAL(exact.ToString(), "23450000000000000000000000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
