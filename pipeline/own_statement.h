// Statements that Carnet wrote itself, read back from a ledger or a run directory.
#pragma once

#include "core/result.h"
#include "sigstore/bundle.h"
#include "sigstore/parsed_statement.h"

namespace carnet::pipeline {

// Errors: corruption: what was written is no longer what is there.
Result<sigstore::ParsedStatement> ReadOwnStatement(const sigstore::Bundle& bundle);

}  // namespace carnet::pipeline
