#include "core/utf8.h"

#include <set>
#include <sstream>

#include "tests/support/command.h"
#include "tests/support/test.h"

namespace carnet {
namespace {

// Well-formed, at the limits of every row of Unicode's table 3-7.
constexpr const char* kValid[] = {"",
                                  "ascii",
                                  "\x7f",
                                  "\xc2\x80",
                                  "\xdf\xbf",
                                  "\xe0\xa0\x80",
                                  "\xec\xbf\xbf",
                                  "\xed\x80\x80",
                                  "\xed\x9f\xbf",
                                  "\xee\x80\x80",
                                  "\xef\xbf\xbf",
                                  "\xf0\x90\x80\x80",
                                  "\xf3\xbf\xbf\xbf",
                                  "\xf4\x80\x80\x80",
                                  "\xf4\x8f\xbf\xbf",
                                  "a\xc3\xa9z"};

// One step beyond those limits, and sequences cut short.
constexpr const char* kInvalid[] = {"\x80",
                                    "\xbf",
                                    "\xc0\x80",
                                    "\xc1\xbf",
                                    "\xc2",
                                    "\xc2\x7f",
                                    "\xc2\xc0",
                                    "\xe0\x9f\xbf",
                                    "\xe0\xa0",
                                    "\xed\xa0\x80",
                                    "\xed\xbf\xbf",
                                    "\xe1\x80",
                                    "\xe1\x80\x41",
                                    "\xf0\x8f\xbf\xbf",
                                    "\xf4\x90\x80\x80",
                                    "\xf5\x80\x80\x80",
                                    "\xf0\x90\x80",
                                    "\xff",
                                    "\xfe",
                                    "good\xc3"};

BOOST_AUTO_TEST_SUITE(utf8)

BOOST_DATA_TEST_CASE(accepts, boost::unit_test::data::make(kValid), text) {
  BOOST_CHECK(IsValidUtf8(text));
}

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kInvalid), text) {
  BOOST_CHECK(!IsValidUtf8(text));
}

// Encoded here by hand, so that the decoder is not its own judge.
std::string Encode(uint32_t c) {
  const auto tail = [&](int shift) { return static_cast<char>(0x80 | (c >> shift & 0x3f)); };
  if (c < 0x80) return {static_cast<char>(c)};
  if (c < 0x800) return {static_cast<char>(0xc0 | c >> 6), tail(0)};
  if (c < 0x10000) return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
  return {static_cast<char>(0xf0 | c >> 18), tail(12), tail(6), tail(0)};
}

// The characters that Perl's copy of the Unicode character database has in these classes.
std::set<uint32_t> InPerl(const std::string& classes) {
  std::istringstream listed(
      test::MustRun("perl -e 'for my $c (0..0xD7FF, 0xE000..0x10FFFF) { print \"$c\\n\" if chr($c) "
                    "=~ /[" +
                    classes + "]/ }'"));
  std::set<uint32_t> characters;
  for (uint32_t c = 0; listed >> c;) characters.insert(c);
  return characters;
}

std::set<uint32_t> Forbidden() {
  std::set<uint32_t> forbidden;
  for (uint32_t c = 0; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    const auto found = FindForbiddenCharacter("ab" + Encode(c) + "c");
    if (!found) continue;
    forbidden.insert(c);
    if (*found != 2) BOOST_ERROR("U+" << std::hex << c << " found at " << *found);
  }
  return forbidden;
}

BOOST_AUTO_TEST_CASE(forbids_controls_separators_and_what_is_not_drawn) {
  const std::set<uint32_t> forbidden = Forbidden();
  for (const uint32_t c : {0x00u,   0x0au,   0x1fu,   0x7fu,   0x9fu,   0xadu,   0x61cu,
                           0x200bu, 0x200cu, 0x200du, 0x200eu, 0x2028u, 0x2029u, 0x202eu,
                           0x2060u, 0x2069u, 0x3164u, 0xfe0fu, 0xfeffu, 0xe0041u}) {
    BOOST_CHECK_MESSAGE(forbidden.contains(c), "U+" << std::hex << c);
  }
  // Beside them: spaces of a width, letters of right-to-left scripts, emoji, the replacement.
  for (const uint32_t c : {0x20u, 0x7eu, 0xa0u, 0xacu, 0xaeu, 0x5d0u, 0x627u, 0x200au, 0x2010u,
                           0x2027u, 0x202fu, 0x2070u, 0x3000u, 0xfffdu, 0x1f917u, 0x20000u}) {
    BOOST_CHECK_MESSAGE(!forbidden.contains(c), "U+" << std::hex << c);
  }
}

BOOST_AUTO_TEST_CASE(forbids_what_unicode_calls_ignorable_and_nothing_else_beyond_the_controls,
                     *boost::unit_test::precondition(test::HasProgram("perl"))) {
  const auto expected = InPerl("\\p{Default_Ignorable_Code_Point}\\p{Cc}\\p{Zl}\\p{Zp}");
  const std::set<uint32_t> forbidden = Forbidden();
  BOOST_CHECK_EQUAL_COLLECTIONS(forbidden.begin(), forbidden.end(), expected.begin(),
                                expected.end());
}

BOOST_AUTO_TEST_CASE(blank_is_what_unicode_calls_white_space,
                     *boost::unit_test::precondition(test::HasProgram("perl"))) {
  auto expected = InPerl("\\p{White_Space}");
  for (const uint32_t c : Forbidden()) expected.erase(c);
  BOOST_CHECK_EQUAL(expected.size(), 17U);
  expected.insert(0x2800);  // drawn, but as nothing
  std::set<uint32_t> blank;
  for (uint32_t c = 0; c <= 0x10ffff; ++c) {
    if (c < 0xd800 || c > 0xdfff) {
      if (IsBlank(" " + Encode(c))) blank.insert(c);
    }
  }
  BOOST_CHECK_EQUAL_COLLECTIONS(blank.begin(), blank.end(), expected.begin(), expected.end());
  BOOST_CHECK(IsBlank(""));
  BOOST_CHECK(!IsBlank(" a "));
}

BOOST_AUTO_TEST_CASE(a_quoted_text_cannot_end_its_quotation) {
  BOOST_CHECK_EQUAL(Quoted("llama-3"), "\"llama-3\"");
  BOOST_CHECK_EQUAL(Quoted(""), "\"\"");
  BOOST_CHECK_EQUAL(Quoted("a\", verified by \"hub"), R"("a\", verified by \"hub")");
  BOOST_CHECK_EQUAL(Quoted("a\\"), R"("a\\")");
  BOOST_CHECK_EQUAL(Quoted("\u202ex\n"), R"("\xe2\x80\xaex\x0a")");
  BOOST_CHECK_EQUAL(Quoted("abcdef", 3), "\"abc...\"");
  BOOST_CHECK_EQUAL(Quoted("abc", 3), "\"abc\"");
}

BOOST_AUTO_TEST_CASE(prints_hostile_text_harmlessly) {
  BOOST_CHECK_EQUAL(Printable("plain caf\u00e9"), "plain caf\u00e9");
  BOOST_CHECK_EQUAL(Printable("a\x1b[31m\n"), "a\\x1b[31m\\x0a");
  BOOST_CHECK_EQUAL(Printable("\u202e"), "\\xe2\\x80\\xae");
  BOOST_CHECK_EQUAL(Printable("\xff\xc3"), "\\xff\\xc3");
  const std::string long_text(100, 'a');
  BOOST_CHECK_EQUAL(Printable(long_text), long_text.substr(0, 80).append("..."));
  BOOST_CHECK_EQUAL(Printable("abcdef", 3), "abc...");
  BOOST_CHECK_EQUAL(Printable("abc", 3), "abc");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
