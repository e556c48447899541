// A run's recorder, which is for one thread, made safe for Python's.
#pragma once

#include <carnet/record.h>
#include <nanobind/nanobind.h>

#include <mutex>
#include <optional>

#include "python/bindings/errors.h"

namespace carnet::python {

class SharedRecorder {
 public:
  explicit SharedRecorder(RunRecorder recorder) : recorder_(std::move(recorder)) {}

  // `step` of the recorder, without the GIL and one at a time. Raises ValueError after Close.
  template <typename Step>
  auto Record(const Step& step) {
    std::optional<decltype(step(*recorder_))> recorded;
    {
      const nanobind::gil_scoped_release released;
      const std::lock_guard lock(mutex_);
      if (recorder_) recorded = step(*recorder_);
    }
    if (!recorded) throw nanobind::value_error("the recorder is closed");
    return ValueOf(std::move(*recorded));
  }

  void Close() {
    const nanobind::gil_scoped_release released;
    const std::lock_guard lock(mutex_);
    recorder_.reset();
  }

 private:
  std::mutex mutex_;
  std::optional<RunRecorder> recorder_;
};

}  // namespace carnet::python
