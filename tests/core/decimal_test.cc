#include "core/decimal.h"

#include "tests/support/test.h"

namespace carnet {
namespace {

BOOST_AUTO_TEST_SUITE(decimal)

BOOST_AUTO_TEST_CASE(reads_the_whole_range) {
  BOOST_CHECK(ParseDecimalU64("0") == 0u);
  BOOST_CHECK(ParseDecimalU64("10") == 10u);
  BOOST_CHECK(ParseDecimalU64("9007199254740993") == 9'007'199'254'740'993u);
  BOOST_CHECK(ParseDecimalU64("18446744073709551615") == UINT64_MAX);
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings) {
  for (const char* text : {"", "00", "01", "-0", "-1", "+1", " 1", "1 ", "1.0", "1e3", "0x1", "1_0",
                           "18446744073709551616", "99999999999999999999999", "one"}) {
    BOOST_CHECK_MESSAGE(!ParseDecimalU64(text), text);
  }
  BOOST_CHECK(!ParseDecimalU64(std::string_view("1\0", 2)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
