// SegmentFields: what rules and sums look up of a segment many times, read once.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "core/digests.h"
#include "core/flop.h"
#include "core/timestamp.h"
#include "schemas/predicate.h"

namespace carnet::statements {

struct StatedFlop {
  Flop amount{0};
  Flop highest{0};  // of the amount and of the result of each method
};

struct UsageItem {
  std::optional<StatementId> device;      // absent of an unfinished draft only
  std::optional<StatementId> allocation;  // absent: none is stated
  uint64_t units = 0;
  uint64_t ms = 0;  // of each unit
};

struct SegmentFields {
  std::optional<StatementId> run;  // absent of an unfinished draft only
  uint64_t lane = 0;
  uint64_t seq = 0;
  std::optional<StatementId> previous;      // absent of the first one in a lane
  std::optional<StatementId> weights_from;  // absent: those of `previous`
  std::optional<StatedFlop> update;         // absent: not stated, or undisclosed
  std::optional<StatedFlop> total;
  TimestampMs from{0};
  TimestampMs to{0};
  std::vector<UsageItem> usage;
};

// Absent of every other kind.
std::optional<SegmentFields> SegmentFieldsOf(const schemas::Predicate& predicate);

}  // namespace carnet::statements
