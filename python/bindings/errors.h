// From the library's errors to Python's exceptions: the one place. All of it needs the GIL.
#pragma once

#include <carnet/result.h>

#include <utility>

namespace carnet::python {

// Raises the class of carnet._errors that goes with the code, with the message as it is.
[[noreturn]] void Raise(const Error& error);

template <typename T>
T ValueOf(Result<T> result) {
  if (!result) Raise(result.error());
  return std::move(result).value();
}

}  // namespace carnet::python
