// R30 and R31, each on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::FlopMethod;

BOOST_AUTO_TEST_SUITE(compute_figures)

BOOST_AUTO_TEST_CASE(honest_file_passes_and_says_what_it_found) {
  ComputeFile file;
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kPass);
  BOOST_CHECK_EQUAL(outcome.parameter_update->amount.ToString(), "122000000000");
  BOOST_CHECK_EQUAL(outcome.cumulative->amount.ToString(), "122000000000");
  BOOST_CHECK(!outcome.cumulative->lower_bound);
  BOOST_CHECK_EQUAL(outcome.text,
                    "parameter-update 1.2e11, cumulative 1.2e11 FLOP (1.3e11 and 1.3e11 by the "
                    "higher of the methods); architecture and counter agree within 9 %; 18 % of "
                    "the device's peak (low)");
}

// R30

struct BadFlop {
  const char* name;
  void (*change)(wire::FlopStatement::Builder);
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadFlop& each) { return out << each.name; }

const std::vector<BadFlop> kBadFlops = {
    {"method_not_among_methods", [](auto flop) { flop.setMethod(FlopMethod::HARDWARE); },
     "flop.update: method hardware is not among methods"},
    {"method_more_than_once",
     [](auto flop) {
       auto first = flop.getMethods()[0];
       first.setMethod(FlopMethod::COUNTER);
       first.disownTokens();
       first.disownParameters();
       first.disownClasses();
       first.disownAttentionPerToken();
       first.setSource("another counter");
     },
     "method counter appears more than once"},
    {"counter_without_source", [](auto flop) { flop.getMethods()[1].disownSource(); },
     "method counter has no source"},
    {"counter_with_tokens", [](auto flop) { flop.getMethods()[1].initTokens().setValue(1); },
     "method counter has inputs of another method"},
    {"architecture_without_tokens", [](auto flop) { flop.getMethods()[0].disownTokens(); },
     "method architecture has no tokens"},
    {"architecture_without_parameters", [](auto flop) { flop.getMethods()[0].disownParameters(); },
     "method architecture has no parameters"},
    {"architecture_without_classes", [](auto flop) { flop.getMethods()[0].disownClasses(); },
     "method architecture has no classes"},
    {"architecture_with_terms", [](auto flop) { flop.getMethods()[0].initTerms(1); },
     "has terms of the hardware method"},
    {"lookup_tables_without_names",
     [](auto flop) { flop.getMethods()[0].getClasses()[1].disownTables(); },
     "has lookup tables without names"},
    {"class_without_treatment",
     [](auto flop) { flop.getMethods()[0].getClasses()[0].setTreatment(wire::Treatment::UNSET); },
     "has a class without a treatment"},
    {"hardware_without_terms",
     [](auto flop) { flop.getMethods()[1].setMethod(FlopMethod::HARDWARE); },
     "method hardware has no terms"},
    {"hardware_without_basis",
     [](auto flop) {
       flop.getMethods()[1].setMethod(FlopMethod::HARDWARE);
       flop.getMethods()[1].initTerms(1);
     },
     "method hardware has no basis"},
    {"no_methods", [](auto flop) { flop.disownMethods(); }, "is not among methods"},
    {"no_precision", [](auto flop) { flop.setPrecision(wire::Precision::UNSET); },
     "precision is not stated"},
    {"padding_not_stated", [](auto flop) { flop.disownPaddingExcluded(); },
     "recomputation_excluded and padding_excluded must both be stated"},
};

BOOST_DATA_TEST_CASE(refuses_incomplete_figure, boost::unit_test::data::make(kBadFlops)) {
  ComputeFile file;
  sample.change(UpdateOf(file, "m.1"));
  CheckOnly(file, "30 bad-flop", sample.message);
}

BOOST_AUTO_TEST_CASE(figures_of_data_are_checked_too) {
  ComputeFile file;
  file.AddDataset("d");
  auto source = file.Dataset("d").initSources().initItems(1)[0];
  source.setKind(wire::SourceKind::SYNTHETIC);
  WriteSingle(source.initGenerationFlop(), Flop(1));
  source.getGenerationFlop().getStated().getMethods()[0].disownSource();
  CheckOnly(file, "30 bad-flop", "sources[0].generation_flop: method counter has no source");
}

// R31

BOOST_AUTO_TEST_CASE(refuses_amount_that_is_not_the_result_of_its_method) {
  ComputeFile file;
  schemas::SetFlop(UpdateOf(file, "m.0").initAmount(), F("6100000000"));
  CheckOnly(file, "31 flop-arithmetic",
            "flop.update: amount is 6100000000, but method architecture has result 61000000000");
}

BOOST_AUTO_TEST_CASE(refuses_result_that_its_inputs_do_not_give) {
  ComputeFile file;
  schemas::SetFlop(UpdateOf(file, "m.0").getMethods()[0].initResult(), F("61000000001"));
  schemas::SetFlop(UpdateOf(file, "m.0").initAmount(), F("61000000001"));
  CheckReason(file, "31 flop-arithmetic", "result 61000000001, but its inputs give 61000000000");
}

BOOST_AUTO_TEST_CASE(refuses_classes_that_do_not_add_up) {
  ComputeFile file;
  UpdateOf(file, "m.0").getMethods()[0].initParameters().setValue(10'999'999);
  CheckOnly(file, "31 flop-arithmetic",
            "parameters is 10999999, but its classes add up to 11000000");
}

BOOST_AUTO_TEST_CASE(refuses_tokens_that_are_not_the_segments) {
  ComputeFile file;
  file.Segment("m.0").getTokens().setValue(1001);
  CheckOnly(file, "31 flop-arithmetic", "tokens is 1000, but the segment's tokens is 1001");
}

BOOST_AUTO_TEST_CASE(tokens_of_total_may_differ) {
  ComputeFile file;
  FigureSpec more;
  more.tokens = 1001;
  WriteFigure(file.Segment("m.0").getFlop().initTotal(), more);
  file.StateTotals("m.done", 2000, "122000000000", "122061000000");
  file.StateNumbers("m", "122000000000", "122061000000");
  Passes(file);
}

BOOST_AUTO_TEST_CASE(refuses_update_above_total) {
  ComputeFile file;
  FigureSpec less;
  less.attention = 999'999;
  WriteFigure(file.Segment("m.0").getFlop().initTotal(), less);
  CheckOnly(file, "31 flop-arithmetic",
            "has flop.update 61000000000, more than flop.total 60999999000");
}

// units * ms * peak * ppm / 10^9 with the usage of one CPU for a second: 66,560,000,000
void AddHardware(wire::FlopFigure::Builder figure, uint64_t units, uint64_t ms) {
  auto statement = figure.getStated();
  auto method = statement.getMethods()[1];
  method.setMethod(FlopMethod::HARDWARE);
  method.setBasis(wire::UtilisationBasis::MFU);
  auto term = method.initTerms(1)[0];
  term.initUnits().setValue(units);
  term.initMs().setValue(ms);
  schemas::SetFlop(term.initPeak(), F("332800000000"));
  term.initUtilisationPpm().setValue(200'000);
  schemas::SetFlop(method.initResult(), F("66560000000"));
}

BOOST_AUTO_TEST_CASE(hardware_method_with_the_segments_usage_passes) {
  ComputeFile file;
  AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000);
  CheckText(Passes(file), "architecture and hardware agree within 10 %");
}

BOOST_AUTO_TEST_CASE(refuses_units_and_ms_that_are_not_the_usages) {
  ComputeFile file;
  AddHardware(file.Segment("m.0").getFlop().getTotal(), 1000, 1);
  CheckOnly(file, "31 flop-arithmetic",
            "flop.total: terms[0] has 1000 units for 1 ms, but usage[0] has 1 unit for 1000 ms");
}

BOOST_AUTO_TEST_CASE(refuses_more_terms_than_usage) {
  ComputeFile file;
  AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000);
  file.SetUsage("m.0", {});
  CheckReason(file, "31 flop-arithmetic", "method hardware has 1 term, but usage has 0 items");
}

BOOST_AUTO_TEST_CASE(reports_overflow_of_a_method) {
  ComputeFile file;
  auto method = UpdateOf(file, "m.0").getMethods()[0];
  schemas::SetFlop(method.initAttentionPerToken(), Flop(~Uint128{0}));
  CheckOnly(file, "31 flop-overflow", "flop.update: the arithmetic exceeds 128 bits");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
