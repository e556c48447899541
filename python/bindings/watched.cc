#include "python/bindings/watched.h"

#include <chrono>
#include <future>
#include <system_error>

namespace carnet::python {
namespace {

namespace nb = nanobind;

constexpr std::chrono::milliseconds kLookEvery{50};

}  // namespace

void Watched::Run(const std::function<void()>& work) {
  {
    const nb::gil_scoped_release released;
    std::future<void> done;
    try {
      done = std::async(std::launch::async, work);
      while (done.wait_for(kLookEvery) != std::future_status::ready) LookForSignals();
    } catch (const std::system_error&) {
      work();  // no more threads to be had: then nobody looks
    }
  }
  if (raised_) std::rethrow_exception(raised_);
}

void Watched::Call(const std::function<void()>& python) {
  if (stopped_) return;
  const nb::gil_scoped_acquire acquired;
  try {
    python();
  } catch (...) {
    Keep(std::current_exception());
  }
}

void Watched::LookForSignals() {
  const nb::gil_scoped_acquire acquired;
  if (PyErr_CheckSignals() == 0) return;
  Keep(std::make_exception_ptr(nb::python_error()));
}

void Watched::Keep(std::exception_ptr raised) {
  const std::lock_guard lock(mutex_);
  if (!raised_) raised_ = std::move(raised);
  stopped_ = true;
}

}  // namespace carnet::python
