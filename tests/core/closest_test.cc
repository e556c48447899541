#include "core/closest.h"

#include <vector>

#include "tests/support/test.h"

namespace carnet {
namespace {

const std::vector<std::string> kCommands = {"keygen", "passwd",   "digest", "ledger", "attest",
                                            "run",    "passport", "verify", "trace",  "inspect"};

struct Typed {
  const char* word;
  const char* meant;  // nullptr: nothing
};
std::ostream& operator<<(std::ostream& out, const Typed& typed) { return out << typed.word; }

// What a reader of the list would say; distances counted by hand.
const Typed kTyped[] = {
    {"pasport", "passport"},    // one left out
    {"passsport", "passport"},  // one too many
    {"pessport", "passport"},   // another letter
    {"psasport", "passport"},   // neighbours swapped: 1, not 2
    {"VERIFY", "verify"},       // letters of either case
    {"evrfiy", "verify"},       // two swaps: as far as six letters may be
    {"rnu", "run"},             // a short word: one swap
    {"rn", "run"},
    {"insp", "inspect"},  // the only one that begins so
    {"pass", "passwd"},   // two left out
    {"pas", nullptr},     // two begin so
    {"in", nullptr},      // too short for a beginning
    {"dog", nullptr},
    {"nur", nullptr},  // two letters replaced, of three
    {"verification", nullptr},
    {"x", nullptr},
    {"", nullptr},
};

BOOST_AUTO_TEST_SUITE(closest)

BOOST_DATA_TEST_CASE(finds_what_was_meant, boost::unit_test::data::make(kTyped), typed) {
  const auto meant = Closest(typed.word, kCommands);
  BOOST_REQUIRE_EQUAL(meant.has_value(), typed.meant != nullptr);
  if (meant) BOOST_CHECK_EQUAL(*meant, typed.meant);
}

BOOST_AUTO_TEST_CASE(dashes_and_underscores_are_the_same) {
  const std::vector<std::string> names = {"fine-tuned-from", "merged-from"};
  BOOST_CHECK_EQUAL(Closest("fine_tuned_from", names).value(), "fine-tuned-from");
  BOOST_CHECK_EQUAL(Closest("device-ms", std::vector<std::string>{"device_ms"}).value(),
                    "device_ms");
}

BOOST_AUTO_TEST_CASE(one_letter_is_not_another_word_of_one_letter) {
  BOOST_CHECK(!Closest("x", std::vector<std::string>{"y"}));
}

BOOST_AUTO_TEST_CASE(the_nearest_goes_before_the_first) {
  const std::vector<std::string> names = {"steep", "steps"};
  BOOST_CHECK_EQUAL(Closest("step", names).value(), "steep");  // both at 1
  BOOST_CHECK_EQUAL(Closest("stepss", names).value(), "steps");
}

BOOST_AUTO_TEST_CASE(a_hostile_word_is_not_compared) {
  BOOST_CHECK(!Closest(std::string(65, 'a'), std::vector<std::string>{std::string(65, 'a')}));
}

BOOST_AUTO_TEST_CASE(messages_name_it_and_list_what_is_few) {
  const std::vector<std::string> few = {"public", "licensed"};
  BOOST_CHECK_EQUAL(DidYouMeanOf("pubic", few),
                    "; did you mean \"public\"?; known: public, licensed");
  BOOST_CHECK_EQUAL(DidYouMeanOf("stolen", few), "; known: public, licensed");
  BOOST_CHECK_EQUAL(DidYouMean("stolen", few), "");
  std::vector<std::string> many(12, "public");
  BOOST_CHECK(DidYouMeanOf("stolen", many).starts_with("; known: public, public"));
  many.push_back("public");
  BOOST_CHECK_EQUAL(DidYouMeanOf("stolen", many), "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
