// Long work that Ctrl-C and callbacks end. Python runs signal handlers only in its main thread, and
// only when that thread looks: so the work has a thread of its own, and the caller's one looks.
#pragma once

#include <nanobind/nanobind.h>

#include <atomic>
#include <exception>
#include <functional>
#include <mutex>

namespace carnet::python {

class Watched {
 public:
  // Both with the GIL. `work` runs without it and touches no Python object but through Call; it
  // asks Stopped whether to end early. Returns when it has ended; raises what a callback or a
  // signal handler raised first.
  void Run(const std::function<void()>& work);

  // From any thread, without the GIL: what `python` raises stops the work.
  void Call(const std::function<void()>& python);
  bool Stopped() const { return stopped_; }

 private:
  void LookForSignals();
  void Keep(std::exception_ptr raised);

  std::atomic<bool> stopped_ = false;
  std::mutex mutex_;  // for what was raised
  std::exception_ptr raised_;
};

}  // namespace carnet::python
