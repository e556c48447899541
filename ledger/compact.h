// Merging all tables of a ledger's database at leisure: a ledger that grew by many single commands
// is smaller and faster to read afterwards. Rows do not change; key and guard are not needed.
#pragma once

#include <string>

#include "core/result.h"

namespace carnet::ledger {

// Needs as much free disk space as the ledger has. Errors: not_found, conflict (a writer has it
// open), io, corruption.
Result<> Compact(const std::string& folder);

}  // namespace carnet::ledger
