// CARNET_CHECK(condition): ends the program in every build when a programming error is found.
// Never reachable from input: bad input is a Result (core/result.h).
#pragma once

namespace carnet::core {

[[noreturn]] void CheckFailed(const char* file, int line, const char* condition);

}  // namespace carnet::core

#define CARNET_CHECK(condition)                        \
  (static_cast<bool>(condition) ? static_cast<void>(0) \
                                : ::carnet::core::CheckFailed(__FILE__, __LINE__, #condition))
