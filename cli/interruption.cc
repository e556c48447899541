#include "cli/interruption.h"

#include <signal.h>

#include <atomic>

namespace carnet::cli {
namespace {

// A signal's handler reaches nothing else.
std::atomic<bool> stop_asked = false;
static_assert(std::atomic<bool>::is_always_lock_free);

}  // namespace

void StopWhenAsked() {
  struct sigaction action {};
  action.sa_handler = [](int) { stop_asked = true; };
  action.sa_flags = static_cast<int>(SA_RESETHAND) | SA_RESTART;
  ::sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM}) ::sigaction(signal, &action, nullptr);
}

bool StopAsked() { return stop_asked; }

}  // namespace carnet::cli
