// What a command that records a statement prints: its id alone, or a JSON document; in a dry run,
// the statement.
#pragma once

#include <string>
#include <vector>

#include "cli/terminal.h"
#include "pipeline/recorder.h"

namespace carnet::cli {

std::string RecordedText(const pipeline::Recorded& recorded, bool json);

void PrintDryRun(const sigstore::ParsedStatement& statement, const std::vector<std::string>& notes,
                 Terminal& terminal);

}  // namespace carnet::cli
