// Runs another program for what it prints: nvidia-smi, git, a command that signs. Within a time and
// a size, as it may hang, or print without end.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
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
  std::string errors;  // the beginning of what it said on standard error
};

inline constexpr size_t kMaxProgramInput = 4'096;  // PIPE_BUF: handed over before it starts

// Looks the program up on PATH, unless its name has a slash. A program that exceeds a limit is
// killed with all that it started. Requires at most kMaxProgramInput bytes of input. Absent: there
// is no such program. Errors: io, naming the program and the limit; also where a signal ended it.
Result<std::optional<ProgramOutput>> RunProgram(std::vector<std::string> arguments,
                                                const ProgramLimits& limits = {},
                                                std::string_view input = "");

}  // namespace carnet
