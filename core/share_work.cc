#include "core/share_work.h"

#include <algorithm>
#include <atomic>
#include <system_error>
#include <thread>
#include <vector>

namespace carnet {

void ShareWork(size_t count, unsigned threads, const std::function<void(size_t)>& work) {
  std::atomic<size_t> next = 0;
  const auto take = [&] {
    for (size_t i = next++; i < count; i = next++) work(i);
  };
  const size_t wanted = std::min<size_t>(threads, count);
  std::vector<std::thread> others;
  try {
    while (others.size() + 1 < wanted) others.emplace_back(take);
  } catch (const std::system_error&) {
    // No more threads to be had: those that run, this one at least, do the work.
  }
  take();
  for (std::thread& other : others) other.join();
}

}  // namespace carnet
