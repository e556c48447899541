// What a folder has in it. Thread safe.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace carnet::artifact {

// Names of the entries, sorted by their bytes, without `.` and `..`. Errors: not_found, io;
// rejected (more than kMaxFiles).
Result<std::vector<std::string>> SortedNames(const std::string& folder);

}  // namespace carnet::artifact
