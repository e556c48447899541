// The results of `carnet verify-all`, a line each, and what they add up to.
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "core/result.h"
#include "verifier/verdict.h"

namespace carnet::cli {

enum class BatchOutcome {
  kPass,
  kFail,
  kNoPassport,
  kNotJudged,  // whether it would pass nobody can tell
  kNoModel,
};
inline constexpr size_t kBatchOutcomes = 5;
std::string_view BatchOutcomeName(BatchOutcome outcome);  // "pass", …, "no passport", …

struct BatchResult {
  std::string path;  // below the folder; any bytes
  BatchOutcome outcome;
  std::string passport = {};  // the file that was read
  std::optional<verifier::Verdict> verdict = {};
  std::optional<Error> error = {};  // why there is no verdict; of what is no model, why not
};

// Both end in LF. A name that is not UTF-8 is shown as Printable has it, and whole in hex (JSON).
std::string BatchText(const BatchResult& result, const Terminal& terminal);
std::string BatchJson(const BatchResult& result);

struct BatchSummary {
  std::array<size_t, kBatchOutcomes> counts = {};
  bool complete = false;  // all that was listed has its line

  size_t Count(BatchOutcome outcome) const { return counts[static_cast<size_t>(outcome)]; }
  size_t models() const;
  // The highest of its results; of a batch that is not complete, or has no model, "could not tell".
  ExitCode Status(bool allow_unpassported) const;
};

std::string SummaryText(const BatchSummary& summary);
std::string SummaryJson(const BatchSummary& summary, ExitCode status);

}  // namespace carnet::cli
