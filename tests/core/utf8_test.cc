#include "core/utf8.h"

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
  return {static_cast<char>(0xe0 | c >> 12), tail(6), tail(0)};
}

BOOST_AUTO_TEST_CASE(forbids_control_and_bidirectional_characters_and_no_others) {
  for (uint32_t c = 0; c < 0x3000; ++c) {
    const bool control = c < 0x20 || (c >= 0x7f && c <= 0x9f);
    const bool bidirectional = c == 0x61c || c == 0x200e || c == 0x200f ||
                               (c >= 0x202a && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069);
    const auto found = FindForbiddenCharacter("ab" + Encode(c) + "c");
    const auto expected = control || bidirectional ? std::optional<size_t>(2) : std::nullopt;
    BOOST_CHECK_MESSAGE(found == expected, "U+" << std::hex << c);
  }
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
