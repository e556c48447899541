// Questions for passwords, on a terminal of their own (on_terminal.py, which checks that it does
// not echo while one is asked).
#include <cstdlib>
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
  Fixture() { carnet.Unset("CARNET_PASSWORD"); }

  std::string OnTerminal(const std::string& command, const std::string& answers) const {
    const std::string driver =
        std::string(std::getenv("CARNET_SOURCE")) + "/tests/cli/on_terminal.py";
    const Ran ran = carnet.Shell("python3 " + driver + " '" + command + "' " + answers);
    BOOST_CHECK_MESSAGE(ran.status == 0, ran.err);
    return ran.out;
  }
  bool Opens(const std::string& key, const std::string& password) {
    carnet.Set("CARNET_PASSWORD", password);
    const bool opened = carnet.Run({"keygen", "--in", key, "--out", "copy", "--force"}).status == 0;
    carnet.Unset("CARNET_PASSWORD");
    return opened;
  }
  bool Exists(const std::string& name) const { return std::filesystem::exists(folder / name); }
};

void CheckHas(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != text.npos, "\"" << part << "\" is not in:\n" << text);
}
void CheckEnds(const std::string& text, const std::string& end) {
  BOOST_CHECK_MESSAGE(text.ends_with("\n" + end + "\n"), "does not end with " << end << ":\n"
                                                                              << text);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(prompt, Fixture, *boost::unit_test::precondition(HasProgram("python3")))

BOOST_AUTO_TEST_CASE(a_new_password_is_asked_for_twice) {
  const std::string shown = OnTerminal("carnet keygen --out lab", "secret secret");
  CheckHas(shown, "new password: \nnew password, again: \n");
  CheckEnds(shown, "exit 0, echo on");
  BOOST_CHECK(shown.find("secret") == shown.npos);
  BOOST_CHECK(Opens("lab.key", "secret"));
}

BOOST_AUTO_TEST_CASE(two_that_differ_make_no_key) {
  const std::string shown = OnTerminal("carnet keygen --out lab", "secret sercet");
  CheckHas(shown, "carnet: error: the two passwords differ\n");
  CheckEnds(shown, "exit 3, echo on");
  BOOST_CHECK(!Exists("lab.key"));
}

BOOST_AUTO_TEST_CASE(an_empty_one_is_refused_with_the_command_to_ask_for_it) {
  const std::string shown = OnTerminal("carnet keygen --out lab", "\"\"");
  CheckHas(shown, "carnet: error: the new password is empty\n");
  CheckHas(shown,
           "carnet: hint: for a key without a password: carnet keygen --out lab --no-password\n");
  CheckEnds(shown, "exit 3, echo on");
  BOOST_CHECK(!Exists("lab.key"));
}

BOOST_AUTO_TEST_CASE(the_old_password_is_asked_for_once) {
  CheckEnds(OnTerminal("carnet keygen --out lab", "secret secret"), "exit 0, echo on");
  const std::string shown = OnTerminal("carnet passwd lab.key", "secret better better");
  CheckHas(shown, "password of the private key: \nnew password: \nnew password, again: \n");
  CheckEnds(shown, "exit 0, echo on");
  BOOST_CHECK(Opens("lab.key", "better"));
  BOOST_CHECK(!Opens("lab.key", "secret"));
}

BOOST_AUTO_TEST_CASE(a_signal_leaves_the_terminal_echoing) {
  for (const char* name : {"SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"}) {
    const std::string shown = OnTerminal("carnet keygen --out lab", "signal:" + std::string(name));
    CheckEnds(shown, "signal " + std::string(name) + ", echo on");
  }
  CheckEnds(OnTerminal("carnet keygen --out lab", "key:c"), "signal SIGINT, echo on");
  // At the second question too.
  CheckEnds(OnTerminal("carnet keygen --out lab", "secret key:c"), "signal SIGINT, echo on");
  BOOST_CHECK(std::filesystem::is_empty(folder / ""));
}

// Nothing stops a command that is alone in its session; whatever does not end it asks again.
BOOST_AUTO_TEST_CASE(a_signal_that_does_not_end_it_asks_again) {
  const std::string shown = OnTerminal("carnet keygen --out lab", "signal:SIGTSTP secret secret");
  CheckHas(shown, "new password: \nnew password: \nnew password, again: \n");
  CheckEnds(shown, "exit 0, echo on");
  BOOST_CHECK(Opens("lab.key", "secret"));
}

BOOST_AUTO_TEST_CASE(a_password_longer_than_a_line_is_refused) {
  const std::string shown =
      OnTerminal("carnet keygen --out lab", "$(head -c 2000 /dev/zero | tr \"\\0\" x)");
  CheckHas(shown, "the password was not one line of at most 1024 bytes");
  CheckEnds(shown, "exit 3, echo on");
}

BOOST_AUTO_TEST_SUITE_END()
