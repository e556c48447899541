// What a command with `--json` or `--json-lines` prints when it fails (docs/formats.md).
#pragma once

#include <string>

#include "cli/exit_code.h"
#include "json/writer.h"

namespace carnet::cli {

struct Failure {
  std::string code;     // ErrorCodeName, or "usage"
  std::string message;  // valid UTF-8
  std::string hint;     // may be empty: none
};

// Ends in LF.
std::string FailureJson(const Failure& failure, ExitCode status, json::Layout layout);

}  // namespace carnet::cli
