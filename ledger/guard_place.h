// Where a ledger's guard is: `guard/` in its folder, or the folder that `guard.path` names, so that
// whoever opens or checks the ledger later need not know.
#pragma once

#include <string>

#include "core/result.h"

namespace carnet::ledger {

// The guard's folder: `given` unless empty, else the one that the ledger remembers, else its own.
// Errors: io; corruption (guard.path is not an absolute path and LF).
Result<std::string> GuardFolder(const std::string& folder, const std::string& given);

// Writes guard.path, with the absolute path. Errors: conflict (it exists), io.
Result<> RememberGuard(const std::string& folder, const std::string& guard);

}  // namespace carnet::ledger
