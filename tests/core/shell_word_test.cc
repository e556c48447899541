#include "core/shell_word.h"

#include <string>

#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

BOOST_AUTO_TEST_SUITE(shell_word)

BOOST_AUTO_TEST_CASE(a_shell_takes_the_word_for_the_path) {
  for (const std::string path : {"lab.key", "a b", "it's", "$(id)", "`id`", "a;b|c&d", "\"", "*",
                                 "~", "!x", "a\\b", "#a", "caf\xc3\xa9", "a=b", "<x>", "''"}) {
    BOOST_CHECK_EQUAL(test::MustRun("printf %s " + ShellWord(path)), path);
  }
  BOOST_CHECK_EQUAL(ShellWord("lab/a-1_b.key"), "lab/a-1_b.key");
  BOOST_CHECK_EQUAL(ShellWord(""), "''");
}

BOOST_AUTO_TEST_CASE(a_path_is_not_taken_for_an_option) {
  BOOST_CHECK_EQUAL(ShellWord("-rf"), "./-rf");
  BOOST_CHECK_EQUAL(ShellWord("- x"), "'./- x'");
  BOOST_CHECK_EQUAL(ShellWord("a/-rf"), "a/-rf");
}

BOOST_AUTO_TEST_CASE(control_characters_are_shown_and_not_sent_to_the_terminal) {
  for (const std::string path : {"a\x1b[31m", "a\nrm -rf x", "a\xff", "a\xe2\x80\xaez"}) {
    const std::string word = ShellWord(path);
    BOOST_CHECK_EQUAL(word.find('\x1b'), word.npos);
    BOOST_CHECK_EQUAL(word.find('\n'), word.npos);
    BOOST_CHECK_EQUAL(word.find('\xff'), word.npos);
    BOOST_CHECK(word.starts_with("'a") && word.ends_with('\''));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
