// How far a run has come, from its run directory alone.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"

namespace carnet::pipeline {

struct RunStatus {
  std::optional<StatementId> run;
  std::vector<uint64_t> segments;  // recorded, per lane
  std::optional<StatementId> closing;
  std::string outcome;                      // "not opened", "open", "completed", "aborted"
  std::vector<std::string> unlogged_steps;  // signed, no receipt yet: repeat the call
};

// Needs neither key nor ledger and does not disturb a recorder. Errors: not_found, and as
// RunJournal::Read.
Result<RunStatus> ReadRunStatus(const std::string& run_directory);

}  // namespace carnet::pipeline
