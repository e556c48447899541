// The entries of one folder of a trust directory. Private to trust/.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace carnet::trust {

// Names in `folder`, sorted, without README.md and those that begin with a dot.
// Errors: not_found, io.
Result<std::vector<std::string>> ListNames(const std::string& folder);

// "<folder>/<name>: does not belong in a trust directory".
Error UnknownFile(const std::string& folder, const std::string& name);

}  // namespace carnet::trust
