// A second writer waits for the first one instead of failing.
#pragma once

#include <chrono>
#include <thread>

#include "cli/terminal.h"
#include "core/result.h"

namespace carnet::cli {

inline constexpr unsigned kDefaultWaitSeconds = 30;

// What `open` returns; called again while somebody else has what it opens (conflict), for at most
// `seconds`. Says so on standard error after one of them.
template <typename Open>
auto WaitForLock(unsigned seconds, Terminal& terminal, const Open& open) -> decltype(open()) {
  using Clock = std::chrono::steady_clock;
  constexpr std::chrono::milliseconds kPause(20);
  const auto start = Clock::now();
  bool told = false;
  for (;;) {
    auto opened = open();
    const auto waited = Clock::now() - start;
    const bool busy = !opened && opened.error().code == ErrorCode::kConflict;
    if (!busy || waited >= std::chrono::seconds(seconds)) return opened;
    if (!told && waited >= std::chrono::seconds(1)) {
      terminal.Note("waiting: " + opened.error().message);
      told = true;
    }
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace carnet::cli
