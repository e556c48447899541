// What every test file needs: Boost.Test, and checks on Result that say why they failed.
#pragma once

#include <boost/test/data/monomorphic.hpp>
#include <boost/test/data/test_case.hpp>
#include <boost/test/unit_test.hpp>

#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace carnet {

inline std::ostream& operator<<(std::ostream& out, ErrorCode code) {
  return out << ErrorCodeName(code);
}

namespace test {

// Decorates a test whose long work is on one thread: nothing for ThreadSanitizer, which leaves it
// out, and under which it would take a minute.
inline boost::unit_test::label LongOnOneThread() {
  return boost::unit_test::label("long-on-one-thread");
}

}  // namespace test
}  // namespace carnet

// The value of a Result, or the end of the test case with its error.
#define REQUIRE_VALUE(declaration, ...)                                                    \
  auto CARNET_TRY_JOIN(required_, __LINE__) = (__VA_ARGS__);                               \
  if (!CARNET_TRY_JOIN(required_, __LINE__).has_value())                                   \
    BOOST_FAIL(#__VA_ARGS__ ": " << CARNET_TRY_JOIN(required_, __LINE__).error().message); \
  declaration = std::move(CARNET_TRY_JOIN(required_, __LINE__)).value()

// That a Result is an error of this code whose message holds this text: the reason, not just a no.
#define CHECK_ERROR(result, expected_code, expected_text)                                       \
  do {                                                                                          \
    const auto& checked = (result);                                                             \
    BOOST_CHECK_MESSAGE(!checked.has_value(), #result " succeeded");                            \
    if (!checked.has_value()) {                                                                 \
      BOOST_CHECK_EQUAL(checked.error().code, expected_code);                                   \
      BOOST_CHECK_MESSAGE(                                                                      \
          checked.error().message.find(expected_text) != std::string::npos,                     \
          "message \"" << checked.error().message << "\" lacks \"" << (expected_text) << "\""); \
    }                                                                                           \
  } while (false)
