#include "core/share_work.h"

#include <algorithm>
#include <atomic>
#include <mutex>
#include <set>
#include <thread>
#include <vector>

#include "tests/support/test.h"

namespace carnet {
namespace {

BOOST_AUTO_TEST_SUITE(share_work)

BOOST_AUTO_TEST_CASE(each_piece_is_done_once_whatever_the_threads) {
  for (const unsigned threads : {0u, 1u, 2u, 3u, 64u}) {
    for (const size_t count : {0u, 1u, 2u, 1000u}) {
      std::vector<std::atomic<int>> done(count);
      ShareWork(count, threads, [&](size_t i) { ++done.at(i); });
      BOOST_CHECK(std::all_of(done.begin(), done.end(), [](const auto& n) { return n == 1; }));
    }
  }
}

BOOST_AUTO_TEST_CASE(one_thread_is_this_one) {
  ShareWork(100, 1, [me = std::this_thread::get_id()](size_t) {
    BOOST_REQUIRE(std::this_thread::get_id() == me);
  });
}

BOOST_AUTO_TEST_CASE(no_more_threads_take_part_than_are_wanted) {
  std::mutex mutex;
  std::set<std::thread::id> seen;
  ShareWork(1000, 3, [&](size_t) {
    const std::lock_guard lock(mutex);
    seen.insert(std::this_thread::get_id());
  });
  BOOST_CHECK_GE(seen.size(), 1u);
  BOOST_CHECK_LE(seen.size(), 3u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet
