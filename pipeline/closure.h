// The closure of a statement over its strong references, read from a ledger: the lines of a
// passport.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "sigstore/bundle.h"

namespace carnet::pipeline {

// Root first, each statement once, all receipts under the reader's checkpoint. If a statement is
// logged more than once, its lowest index. Errors: not_found, naming what refers to the missing
// one, or to the one whose text is withheld or erased; rejected, beyond the limits of a passport
// (R1).
Result<std::vector<sigstore::Bundle>> CollectClosure(const ledger::Reader& reader,
                                                     const StatementId& root);
// The same of several roots, which come first.
Result<std::vector<sigstore::Bundle>> CollectClosure(const ledger::Reader& reader,
                                                     std::span<const StatementId> roots);

// One bundle per line; every line ends with LF.
std::string WriteLines(const std::vector<sigstore::Bundle>& bundles);

}  // namespace carnet::pipeline
