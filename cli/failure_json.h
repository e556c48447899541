// What a command with `--json` prints when it fails (docs/formats.md).
#pragma once

#include <string>

#include "cli/exit_code.h"

namespace carnet::cli {

struct Failure {
  std::string code;     // ErrorCodeName, or "usage"
  std::string message;  // valid UTF-8
  std::string hint;     // may be empty: none
};

std::string FailureJson(const Failure& failure, ExitCode status);

}  // namespace carnet::cli
