// When something counts: half-open windows [from, until), an absent end being open.
#pragma once

#include <cstdint>
#include <optional>

#include "core/timestamp.h"

namespace carnet::trust {

// Sizes of one log, by its origin.
struct SizeWindow {
  std::optional<uint64_t> from;
  std::optional<uint64_t> until;

  bool IsGiven() const { return from || until; }
  bool Contains(uint64_t size) const;
};
struct DateWindow {
  std::optional<TimestampMs> from;
  std::optional<TimestampMs> until;

  bool Contains(TimestampMs time) const;
};

}  // namespace carnet::trust
