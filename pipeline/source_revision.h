// Which version of the code is in the working directory, as git says.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"

namespace carnet::pipeline {

// The commit, with "-dirty" after it where tracked files differ from it. Absent: no git, no
// repository, no commit yet. Errors: io (git does not end), malformed (it prints something else).
Result<std::optional<std::string>> ReadSourceRevision();

}  // namespace carnet::pipeline
