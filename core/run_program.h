// Runs another program for what it prints: nvidia-smi, git. Within a time and a size, as it may
// hang, or print without end.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "core/result.h"

namespace carnet {

struct ProgramLimits {
  std::chrono::milliseconds time{10'000};
  size_t output_bytes = 1 << 20;
};

struct ProgramOutput {
  int status;  // exit status
  std::string text;
};

// Looks the program up on PATH. Its standard input is empty and what it says on standard error is
// dropped; a program that exceeds a limit is killed. Absent: there is no such program. Errors: io,
// naming the program and the limit; also where a signal ended it.
Result<std::optional<ProgramOutput>> RunProgram(std::vector<std::string> arguments,
                                                const ProgramLimits& limits = {});

}  // namespace carnet
