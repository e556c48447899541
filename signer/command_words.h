// A command as people type it, cut into words without a shell.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace carnet::signer {

// The words as a POSIX shell would have them: blanks separate, quotation marks and backslashes keep
// together. What a shell would do beyond that (variables, pipes, patterns, `~`) is refused unless
// it is quoted: nothing is expanded, so nobody else decides what runs. At least one word. Errors:
// malformed, which says to put it into a script.
Result<std::vector<std::string>> SplitCommand(std::string_view command);

}  // namespace carnet::signer
