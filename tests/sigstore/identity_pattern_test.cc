#include "sigstore/identity_pattern.h"

#include "tests/support/test.h"
#include "tests/support/value_of.h"

using namespace carnet;
using sigstore::TextPattern;

BOOST_AUTO_TEST_SUITE(identity_pattern)

BOOST_AUTO_TEST_CASE(exact_text_matches_itself_alone) {
  const TextPattern pattern = TextPattern::Exactly("a.b");
  BOOST_CHECK(pattern.Matches("a.b"));
  for (const char* other : {"axb", "a.b ", "A.B", "", "a.bc"}) {
    BOOST_CHECK_MESSAGE(!pattern.Matches(other), other);
  }
}

// @sigstore/verify matches anywhere in the text: somebody who owns https://evil.example/x?https://…
// would then be taken for another.
BOOST_AUTO_TEST_CASE(an_expression_must_match_the_whole_text) {
  REQUIRE_VALUE(const TextPattern pattern,
                TextPattern::Regexp("https://github\\.com/org/.*|bot@org\\.example"));
  BOOST_CHECK(pattern.Matches("https://github.com/org/repository"));
  BOOST_CHECK(pattern.Matches("bot@org.example"));
  BOOST_CHECK(!pattern.Matches("https://evil.example/?https://github.com/org/x"));
  BOOST_CHECK(!pattern.Matches("xbot@org.example"));
  BOOST_CHECK(!pattern.Matches("bot@org.example.evil.example"));
  BOOST_CHECK(!pattern.Matches("https://githubxcom/org/x"));
}

BOOST_AUTO_TEST_CASE(an_expression_does_not_match_across_lines) {
  REQUIRE_VALUE(const TextPattern pattern, TextPattern::Regexp("a.*b"));
  BOOST_CHECK(!pattern.Matches("a\nb"));
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_an_expression) {
  CHECK_ERROR(TextPattern::Regexp("a(b"), ErrorCode::kMalformed,
              "not a regular expression: missing ): a(b");
  CHECK_ERROR(TextPattern::Regexp("(?=a)b"), ErrorCode::kMalformed, "not a regular expression");
}

BOOST_AUTO_TEST_CASE(says_how_it_was_given) {
  BOOST_CHECK_EQUAL(TextPattern::Exactly("a").ToString(), "a");
  BOOST_CHECK_EQUAL(TextPattern::Regexp("a+").value().ToString(), "/a+/");
}

BOOST_AUTO_TEST_SUITE_END()
