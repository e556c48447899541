// fsck of the index: every row that the entries call for is present.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"
#include "core/strong_u64.h"
#include "ledger/entry.h"
#include "ledger/fsck/rows.h"
#include "ledger/submission.h"

namespace carnet::ledger {

// Every index row that this entry calls for. Errors: io.
Result<> CheckIndexRows(Inspection& inspection, LeafIndex index, const OpenedEntry& entry);

// Keys of the rows whose presence depends on what was logged before: passport, segment,
// completion. Errors: io.
Result<std::vector<std::string>> DecidedKeys(const Store& store, LeafIndex index,
                                             const SignerId& signer, const IndexTerms& terms);

}  // namespace carnet::ledger
