// fsck in the other direction: no row is present that the entries do not call for.
#pragma once

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/fsck/rows.h"

namespace carnet::ledger {

// Requires that every row called for has been counted. Counts all rows of the database, and where
// there are more, names the ones that no entry calls for. Errors: io.
Result<> FindSurplusRows(Inspection& inspection, TreeSize size);

}  // namespace carnet::ledger
