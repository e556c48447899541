// Words as a shell has them: the oracle is sh itself, wherever nothing is to be expanded.
#include "signer/command_words.h"

#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet::signer {
namespace {

namespace data = boost::unit_test::data;

BOOST_AUTO_TEST_SUITE(command_words)

BOOST_DATA_TEST_CASE(are_those_of_the_shell,
                     data::make(std::vector<std::string>{
                         "sign", "  sign   lab ", "/opt/kms sign --key=projects/p/keys/1",
                         "'a b' c", "\"a b\"c'd e'", "a\\ b \\'c", "a '' \"\" b",
                         "\"\\$x \\`y \\\"z\\\\ \\n\" w", "'$x `y` | ; & > *'", "a~b c#d e%f",
                         "kms a=b", "\"=\"x", "'it'\\''s'", "-x --y", "a,b:c@d+e_f./g"}),
                     text) {
  REQUIRE_VALUE(const auto words, SplitCommand(text));
  std::string joined;
  for (const std::string& word : words) joined += "[" + word + "]";
  BOOST_CHECK_EQUAL(joined, test::MustRun("printf '[%s]' " + text));
}

struct Refused {
  std::string text;
  std::string why;
  friend std::ostream& operator<<(std::ostream& out, const Refused& r) { return out << r.text; }
};
const std::vector<Refused> kRefused = {
    {"", "no command is given"},
    {"   ", "no command is given"},
    {"'' sign", "no command is given"},
    {"a | b", "\"|\" means something to a shell"},
    {"a; b", "\";\" means something to a shell"},
    {"a && b", "\"&\" means something to a shell"},
    {"a > b", "\">\" means something to a shell"},
    {"a $HOME", "\"$\" means something to a shell"},
    {"a \"$HOME\"", "\"$\" means something to a shell"},
    {"a `b`", "\"`\" means something to a shell"},
    {"a \"`b`\"", "\"`\" means something to a shell"},
    {"~/sign", "\"~\" means something to a shell"},
    {"a *.pem", "\"*\" means something to a shell"},
    {"a #b", "\"#\" means something to a shell"},
    {"KEY=1 a", "\"=\" means something to a shell"},
    {"a {b,c}", "\"{\" means something to a shell"},
    {"a 'b", "a quotation mark ' is not closed"},
    {"a \"b", "a quotation mark \" is not closed"},
    {"a \\", "nothing follows the last backslash"},
    {"a\nb", "without control or invisible characters"},
    {"a\tb", "without control or invisible characters"},
    {"a\xff", "must be UTF-8"},
    {std::string(5'000, 'a'), "larger than 4096 bytes"},
};

BOOST_DATA_TEST_CASE(of_what_needs_a_shell_are_refused, data::make(kRefused), refused) {
  CHECK_ERROR(SplitCommand(refused.text), ErrorCode::kMalformed, refused.why);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::signer
