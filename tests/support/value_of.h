// For support code, which cannot return a Result: a broken test ends with the message.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace carnet::test {

[[noreturn]] inline void GiveUp(const std::string& message) { throw std::runtime_error(message); }

template <typename R>
auto ValueOf(R result, const std::string& where) {
  if (!result.has_value()) GiveUp(where + ": " + result.error().message);
  return std::move(result).value();
}

}  // namespace carnet::test
