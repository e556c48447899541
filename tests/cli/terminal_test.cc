// How every command behaves towards its terminal.
#include "tests/cli/cli_world.h"

using namespace carnet::test;

BOOST_AUTO_TEST_SUITE(terminal)

BOOST_AUTO_TEST_CASE(no_colours_but_on_a_terminal) {
  CliWorld world(Stage::kPassport);
  const Ran ran = world.Run(
      {"verify", "model", "--passport", "model.passport.sigstore.jsonl", "--trust", "trust"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find('\x1b') == std::string::npos);
  BOOST_CHECK_EQUAL(ran.err, "");
}

BOOST_AUTO_TEST_CASE(colours_on_a_terminal_unless_no_color_is_set,
                     *boost::unit_test::precondition(HasProgram("script"))) {
  CliWorld world(Stage::kPassport);
  const std::string verify =
      "carnet verify model --passport model.passport.sigstore.jsonl --trust trust";
  const std::string on_terminal = "script -qec '" + verify + "' /dev/null";
  BOOST_CHECK(world.carnet().Shell(on_terminal).out.find("\x1b[32m") != std::string::npos);
  world.carnet().Set("NO_COLOR", "1");
  BOOST_CHECK(world.carnet().Shell(on_terminal).out.find('\x1b') == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_result_that_cannot_be_written_is_no_success) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  const Ran ran = carnet.Shell("carnet policy list > /dev/full");
  CheckFailed(ran, 3, "standard output: could not be written");
}

BOOST_AUTO_TEST_CASE(a_reader_that_goes_away_does_not_kill_it) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  const Ran ran = carnet.Shell("(carnet policy show eu-gpai; echo $? > status) | true; cat status");
  BOOST_CHECK(ran.out == "0\n" || ran.out == "3\n");
}

BOOST_AUTO_TEST_SUITE_END()
