#include "core/ascii.h"

#include <cctype>
#include <limits>

#include "tests/support/test.h"

namespace carnet {
namespace {

BOOST_AUTO_TEST_SUITE(ascii)

// The C library's answer, whose locale is "C" until a program says otherwise.
BOOST_AUTO_TEST_CASE(Every_byte_is_what_the_C_locale_says) {
  int letters = 0;
  for (int i = 0; i <= std::numeric_limits<unsigned char>::max(); ++i) {
    const char c = static_cast<char>(i);
    BOOST_TEST_CONTEXT("byte " << i) {
      BOOST_TEST(IsDigit(c) == (std::isdigit(i) != 0));
      BOOST_TEST(IsLetterOrDigit(c) == (std::isalnum(i) != 0));
      BOOST_TEST(Lowered(c) == static_cast<char>(std::tolower(i)));
    }
    letters += Lowered(c) != c ? 1 : 0;
  }
  BOOST_TEST(letters == 26);
}

BOOST_AUTO_TEST_CASE(A_text_is_lowered_byte_by_byte) {
  BOOST_TEST(Lowered("NVIDIA H200 \xc3\x84_z") == "nvidia h200 \xc3\x84_z");
  BOOST_TEST(Lowered("") == "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
