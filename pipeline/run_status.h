// How far a run has come, from its run directory alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"

namespace carnet::pipeline {

struct LaneStatus {
  uint64_t segments = 0;  // recorded
  // Where the lane goes on after a crash; absent without a segment.
  std::optional<uint64_t> next_step;
  std::optional<ModelDigest> checkpoint;  // the files of the last segment
};

struct RunStatus {
  std::optional<StatementId> run;
  std::vector<LaneStatus> lanes;
  std::optional<StatementId> closing;
  std::string outcome;                      // "not opened", "open", "completed", "aborted"
  std::vector<std::string> unlogged_steps;  // signed, no receipt yet: repeat the call
};

// Needs neither key nor ledger and does not disturb a recorder. Errors: not_found, and as
// RunJournal::Read.
Result<RunStatus> ReadRunStatus(const std::string& run_directory);

}  // namespace carnet::pipeline
