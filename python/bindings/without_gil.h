// Calls into the library that hash, verify, append or wait: other Python threads run meanwhile.
#pragma once

#include <nanobind/nanobind.h>

#include "python/bindings/errors.h"

namespace carnet::python {

// `work` touches no Python object. Its value, or its error raised.
template <typename Work>
auto WithoutGil(const Work& work) {
  auto result = [&] {
    const nanobind::gil_scoped_release released;
    return work();
  }();
  return ValueOf(std::move(result));
}

}  // namespace carnet::python
