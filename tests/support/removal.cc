#include "tests/support/removal.h"

#include <atomic>
#include <boost/test/execution_monitor.hpp>
#include <boost/test/tree/observer.hpp>
#include <cstdlib>
#include <iostream>

#include "tests/support/test.h"

namespace carnet::test {
namespace {

constexpr int kCaught = 3;
constexpr int kNoAnswer = 4;

std::atomic<uint64_t> times_removed = 0;

[[noreturn]] void End(int status, const std::string& why) {
  std::cout << why << std::endl;
  std::_Exit(status);
}

class FirstFailure : public boost::unit_test::test_observer {
 public:
  void assertion_result(boost::unit_test::assertion_result result) override {
    if (result == boost::unit_test::AR_FAILED) Caught();
  }
  void exception_caught(const boost::execution_exception& exception) override {
    const auto what = exception.what();
    Caught(": " + std::string(what.begin(), what.end()));
  }
  void test_finish() override {
    std::cout << "survived " << times_removed << " removals" << std::endl;
  }

 private:
  [[noreturn]] static void Caught(const std::string& how = "") {
    const auto& test = boost::unit_test::framework::current_test_unit();
    End(kCaught, "caught by " + test.full_name() + how);
  }
};

}  // namespace

void CountRemoval() { ++times_removed; }

void EndAtFirstFailure() {
  static FirstFailure first_failure;
  boost::unit_test::framework::register_observer(first_failure);
}

void EndWithoutAnswer(const std::string& why) { End(kNoAnswer, why); }

}  // namespace carnet::test
