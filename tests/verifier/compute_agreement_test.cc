// R34, on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::FlopMethod;

BOOST_AUTO_TEST_SUITE(compute_agreement)

BOOST_AUTO_TEST_CASE(refuses_methods_that_disagree) {
  ComputeFile file;
  FigureSpec spec;
  spec.counter = 79'300'000'000;  // 30 % above 61e9
  SetAll(file, spec);
  CheckText(Passes(file), "agree within 30 %");
  spec.counter = 79'300'000'001;
  SetAll(file, spec);
  CheckOnly(file, "34 methods-disagree",
            "flop.update: architecture gives 61000000000 and counter gives 79300000001, which "
            "differ by more than 30 % of amount 61000000000");
}

BOOST_AUTO_TEST_CASE(one_method_is_no_agreement_and_no_failure) {
  ComputeFile file;
  FigureSpec spec;
  spec.counter = 0;
  SetAll(file, spec);
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kPass);
  CheckText(outcome, "at most one independent method");
}

BOOST_AUTO_TEST_CASE(declared_and_derived_agree_with_nothing) {
  for (const bool declared : {true, false}) {
    ComputeFile file;
    FigureSpec spec;
    spec.counter = 999'000'000'000;  // far off, yet no independent method
    SetAll(file, spec);
    for (const char* segment : {"m.0", "m.1"}) {
      for (auto figure : {file.Segment(segment).getFlop().getUpdate(),
                          file.Segment(segment).getFlop().getTotal()}) {
        auto method = figure.getStated().getMethods()[1];
        if (declared) method.setMethod(FlopMethod::DECLARED);
        if (!declared) method.setBasis(wire::UtilisationBasis::DERIVED);
      }
    }
    const auto outcome = Passes(file);
    CheckText(outcome, "at most one independent method");
    CheckText(outcome, "2.0e12 and 2.0e12 by the higher of the methods");
  }
}

BOOST_AUTO_TEST_CASE(agreement_of_some_figures_says_how_many_are_without) {
  ComputeFile file;
  FigureSpec alone;
  alone.counter = 0;
  WriteFigure(file.Segment("m.0").getFlop().initUpdate(), alone);
  CheckText(Passes(file),
            "architecture and counter agree within 9 % (1 of 4 figures have at most one "
            "independent method)");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
