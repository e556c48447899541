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
  BOOST_CHECK_EQUAL(
      outcome.text,
      "total along every edge that carries weights: 1.2e11 stated; at most 6.7e11 by "
      "the device time, not counter-signed: device time that the signer hides is not "
      "seen; 18 % of the devices' peak (policy: at least 5 %); the passport's own "
      "choice: parameter-update 1.2e11, cumulative 1.2e11 along no edge: the parents' "
      "compute is left out (1.3e11 and 1.3e11 by the higher of the methods); "
      "architecture and counter agree within 9 %; 18 % of the device's peak at the "
      "stated precision");
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
void AddHardware(wire::FlopFigure::Builder figure, uint64_t units, uint64_t ms,
                 wire::UtilisationBasis basis = wire::UtilisationBasis::MFU) {
  auto statement = figure.getStated();
  auto method = statement.getMethods()[1];
  method.setMethod(FlopMethod::HARDWARE);
  method.setBasis(basis);
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
  CheckText(Passes(file), "architecture and hardware by mfu agree within 10 %");
}

wire::HardwareTerm::Builder TermOf(ComputeFile& file, const std::string& segment) {
  return UpdateOf(file, segment).getMethods()[1].getTerms()[0];
}

// The lie: 260 times the device's peak, and a utilisation that makes any amount of it.
BOOST_AUTO_TEST_CASE(refuses_a_peak_that_is_not_the_devices) {
  ComputeFile file;
  AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000);
  auto term = TermOf(file, "m.0");
  schemas::SetFlop(term.initPeak(), F("66560000000000"));
  term.getUtilisationPpm().setValue(1000);  // the same result
  CheckOnly(file, "31 flop-arithmetic",
            "flop.update: terms[0] has peak 66560000000000, but device tpm:ek:cpu (");
  schemas::SetFlop(term.initPeak(), F("3328000000"));
  term.getUtilisationPpm().setValue(20'000'000);
  CheckOnly(file, "31 flop-arithmetic", "has 332800000000");
}

BOOST_AUTO_TEST_CASE(a_chips_peak_is_the_catalogues_at_the_figures_precision) {
  const auto file_with = [](const char* peak) {
    ComputeFile file;
    file.AddChip("gpu", "nvidia:gpu:1", "h100-sxm5", 1);
    file.SetUsage("m.0", {{"gpu", 1, 1000}});
    file.Segment("m.0").initPrecision(1).set(0, wire::Precision::BF16);
    UpdateOf(file, "m.0").setPrecision(wire::Precision::BF16);
    AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000);
    auto method = UpdateOf(file, "m.0").getMethods()[1];
    schemas::SetFlop(TermOf(file, "m.0").initPeak(), F(peak));
    TermOf(file, "m.0").getUtilisationPpm().setValue(63);
    schemas::SetFlop(method.initResult(), Flop(F(peak).value() * 63 / 1'000'000));
    return file;
  };
  Passes(file_with("989400000000000"));
  Passes(file_with("989000000000000"));  // as data sheets round it
  Passes(file_with("999294000000000"));  // 1 % above
  CheckOnly(file_with("999294000000001"), "31 flop-arithmetic", "has 989400000000000");
  CheckOnly(file_with("979505999999999"), "31 flop-arithmetic", "has 989400000000000");
  CheckOnly(file_with("1979000000000000"), "31 flop-arithmetic", "has 989400000000000");
}

BOOST_AUTO_TEST_CASE(a_peak_that_nobody_can_look_up_is_not_evidence) {
  ComputeFile file;
  file.AddChip("gpu", "nvidia:gpu:1", "unheard-of", 1);
  file.SetUsage("m.0", {{"gpu", 1, 1000}});
  AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000);
  CheckText(Passes(file),
            "(1 of 4 figures have at most one independent method); hardware is not evidence in 1 "
            "figure: the "
            "catalogue has no such peak");
}

BOOST_AUTO_TEST_CASE(a_utilisation_that_is_assumed_or_derived_is_not_evidence) {
  for (const auto basis : {wire::UtilisationBasis::ASSUMED, wire::UtilisationBasis::DERIVED}) {
    ComputeFile file;
    AddHardware(file.Segment("m.0").getFlop().getUpdate(), 1, 1000, basis);
    CheckText(Passes(file), "architecture and counter agree within 9 % (1 of 4 figures have");
  }
}

// Each of its own basis: a utilisation taken from the counter repeats the counter.
BOOST_AUTO_TEST_CASE(two_methods_of_one_basis_are_no_agreement) {
  for (const auto& [basis, attested] :
       {std::pair{wire::UtilisationBasis::COUNTER, false}, {wire::UtilisationBasis::OFU, true}}) {
    ComputeFile file;
    SetAllSingle(file, 66'000'000'000);
    for (const char* segment : {"m.0", "m.1"}) {
      for (auto figure : {file.Segment(segment).getFlop().getUpdate(),
                          file.Segment(segment).getFlop().getTotal()}) {
        auto methods = figure.getStated().initMethods(2);
        methods[0].setMethod(FlopMethod::COUNTER);
        schemas::SetFlop(methods[0].initResult(), F("66000000000"));
        methods[0].setSource("a counter of operations");
        AddHardware(figure, 1, 1000, basis);
      }
    }
    CheckText(Passes(file), attested ? "counter and hardware by ofu agree within 1 %"
                                     : "at most one independent method");
  }
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
