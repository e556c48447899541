#include "core/timestamp.h"

#include "tests/support/test.h"

namespace carnet {
namespace {

struct Pair {
  const char* text;
  uint64_t ms;
};

// Expected values by Python's datetime.
constexpr Pair kPairs[] = {
    {"1970-01-01T00:00:00.000Z", 0},
    {"1970-01-01T00:00:00.001Z", 1},
    {"1999-12-31T23:59:59.999Z", 946684799999},
    {"2000-02-29T12:00:00.000Z", 951825600000},
    {"2001-09-09T01:46:40.000Z", 1000000000000},
    {"2024-02-29T23:59:59.001Z", 1709251199001},
    {"2026-08-02T00:00:00.000Z", 1785628800000},
    {"2038-01-19T03:14:08.000Z", 2147483648000},
    {"2100-03-01T00:00:00.000Z", 4107542400000},
    {"9999-12-31T23:59:59.999Z", 253402300799999},
};

constexpr Pair kRfc3339[] = {{"2024-02-29T23:59:59Z", 1709251199000},
                             {"2024-02-29T23:59:59.0Z", 1709251199000},
                             {"2024-02-29T23:59:59.25Z", 1709251199250},
                             {"2024-02-29T23:59:59.123Z", 1709251199123},
                             {"2024-02-29T23:59:59.123999999Z", 1709251199123},
                             {"2024-02-29T23:59:59.000000001Z", 1709251199000}};

// Not in the one spelling, nor, except for the first few, in RFC 3339's UTC form.
constexpr const char* kRefused[] = {"2024-02-29T23:59:59Z",
                                    "2024-02-29T23:59:59.0Z",
                                    "2024-02-29T23:59:59.1234Z",
                                    "",
                                    "2024-02-29",
                                    "2023-02-29T00:00:00.000Z",
                                    "2100-02-29T00:00:00.000Z",
                                    "2024-13-01T00:00:00.000Z",
                                    "2024-00-01T00:00:00.000Z",
                                    "2024-04-31T00:00:00.000Z",
                                    "2024-04-00T00:00:00.000Z",
                                    "1969-12-31T23:59:59.999Z",
                                    "2024-02-29T24:00:00.000Z",
                                    "2024-02-29T23:60:00.000Z",
                                    "2016-12-31T23:59:60.000Z",
                                    "2024-02-29 23:59:59.000Z",
                                    "2024-02-29t23:59:59.000z",
                                    "2024-02-29T23:59:59.000+00:00",
                                    "2024-02-29T23:59:59,000Z",
                                    "2024-02-29T23:59:59.00aZ",
                                    "2024-02-29T23:59:59.000",
                                    " 2024-02-29T23:59:59.000Z",
                                    "2024/02/29T23:59:59.000Z",
                                    "+024-02-29T23:59:59.000Z",
                                    "20240-02-29T23:59:59.00Z",
                                    "2024-02-29T23:59:59.Z",
                                    "2024-02-29T23:59:59.0123456789Z"};
constexpr size_t kOnlyLoose = 3;

BOOST_AUTO_TEST_SUITE(timestamp)

BOOST_AUTO_TEST_CASE(reads_and_writes_the_one_spelling) {
  for (const Pair& one : kPairs) {
    REQUIRE_VALUE(const TimestampMs time, ParseTimestamp(one.text));
    BOOST_CHECK_EQUAL(time.value(), one.ms);
    BOOST_CHECK_EQUAL(FormatTimestamp(TimestampMs(one.ms)), one.text);
    REQUIRE_VALUE(const TimestampMs loose, ParseRfc3339(one.text));
    BOOST_CHECK_EQUAL(loose.value(), one.ms);
  }
}

BOOST_AUTO_TEST_CASE(reads_fractions_of_other_lengths_where_asked) {
  for (const Pair& one : kRfc3339) {
    REQUIRE_VALUE(const TimestampMs time, ParseRfc3339(one.text));
    BOOST_CHECK_EQUAL(time.value(), one.ms);
  }
}

BOOST_AUTO_TEST_CASE(refuses_other_spellings_and_times_that_do_not_exist) {
  for (size_t i = 0; i < std::size(kRefused); ++i) {
    CHECK_ERROR(ParseTimestamp(kRefused[i]), ErrorCode::kMalformed, "not a time of the form");
    if (i < kOnlyLoose) continue;
    CHECK_ERROR(ParseRfc3339(kRefused[i]), ErrorCode::kMalformed, "not a time of the form");
  }
}

BOOST_AUTO_TEST_CASE(reads_dates_as_midnight) {
  REQUIRE_VALUE(const TimestampMs date, ParseDate("2024-02-29"));
  BOOST_CHECK_EQUAL(FormatTimestamp(date), "2024-02-29T00:00:00.000Z");
  for (const char* text : {"", "2023-02-29", "2024-2-29", "2024-02-29T00:00:00.000Z", "24-02-29",
                           "1969-12-31", "2024-02-29 ", "2024-02-3a"}) {
    CHECK_ERROR(ParseDate(text), ErrorCode::kMalformed, "YYYY-MM-DD");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
