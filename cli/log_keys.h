// The keys of a log as commands are told them: one key, or those of a trust directory.
#pragma once

#include <functional>
#include <string>

#include "cli/exit_code.h"
#include "cli/terminal.h"
#include "core/result.h"
#include "pipeline/log_heads.h"

namespace carnet::cli {

// Requires one of `vkey` and `trust`. The keys of the log that a checkpoint says it is of. Errors:
// malformed; io (trust that cannot be used); not_found (no such log).
Result<pipeline::LogKeys> OpenLogKeys(const std::string& vkey, const std::string& trust,
                                      const std::string& note, Terminal& terminal);

// Prints what `check` reports, which needs such keys; wrong usage where neither is given.
ExitCode PrintChecked(const std::string& vkey, const std::string& trust,
                      const std::function<Result<std::string>()>& check, Terminal& terminal);

}  // namespace carnet::cli
