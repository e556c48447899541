// The closure of a statement over its strong references, read from a ledger: the lines of a
// passport.
#pragma once

#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "sigstore/bundle.h"

namespace carnet::pipeline {

// Root first, each statement once, all receipts under the reader's checkpoint. Where a statement
// is logged twice, its lowest index. Errors: not_found, naming who refers to what is missing;
// rejected, beyond the limits of a passport (R1).
Result<std::vector<sigstore::Bundle>> CollectClosure(const ledger::Reader& reader,
                                                     const StatementId& root);

// One bundle a line, each line ended by LF.
std::string WriteLines(const std::vector<sigstore::Bundle>& bundles);

}  // namespace carnet::pipeline
