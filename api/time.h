// Converts the caller's times to ours and back.
#pragma once

#include <carnet/verify.h>

#include "core/result.h"
#include "core/timestamp.h"

namespace carnet::api {

// Errors: malformed (before 1970 or after 9999).
inline Result<TimestampMs> TimestampOf(Time time) {
  constexpr int64_t kYear10000 = 253'402'300'800'000;
  const int64_t milliseconds = time.time_since_epoch().count();
  if (milliseconds < 0 || milliseconds >= kYear10000) {
    return Malformed("time: outside the years 1970 to 9999");
  }
  return TimestampMs(static_cast<uint64_t>(milliseconds));
}

inline Time TimeOf(TimestampMs time) {
  return Time(std::chrono::milliseconds(static_cast<int64_t>(time.value())));
}

}  // namespace carnet::api
