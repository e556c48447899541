// Exit statuses, the same for every command (docs/formats.md).
#pragma once

#include "core/result.h"

namespace carnet::cli {

enum class ExitCode {
  kYes = 0,           // yes; or: done
  kNo = 1,            // verified, and the answer is no; or: refused for its content
  kUsage = 2,         // wrong usage
  kCouldNotTell = 3,  // could not tell, or could not be done
};

// For a command that does something: refused content is 1, everything else is 3.
ExitCode ExitCodeOf(ErrorCode code);

}  // namespace carnet::cli
