// TimestampMs: milliseconds since 1970-01-01T00:00:00Z, never negative (S4).
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "core/strong_u64.h"

namespace carnet {

using TimestampMs = StrongU64<struct TimestampMsTag>;

// `YYYY-MM-DDThh:mm:ss.mmmZ`, the one spelling (S4). Errors: malformed.
Result<TimestampMs> ParseTimestamp(std::string_view text);
// RFC 3339 in UTC, with or without a fraction of up to 9 digits (Sigstore's trusted root);
// anything finer than a millisecond is cut off. Errors: malformed.
Result<TimestampMs> ParseRfc3339(std::string_view text);
// `YYYY-MM-DD` as midnight UTC. Errors: malformed.
Result<TimestampMs> ParseDate(std::string_view text);
// Requires a year before 10000.
std::string FormatTimestamp(TimestampMs time);

}  // namespace carnet
