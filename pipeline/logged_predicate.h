// The predicate of a logged statement, for what follows from it.
#pragma once

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// Errors: not_found (no such statement here, or its text is withheld or erased), rejected (it is of
// another kind), corruption, io.
Result<schemas::Predicate> ReadLogged(const ledger::Reader& reader, const StatementId& id,
                                      schemas::Kind kind);

}  // namespace carnet::pipeline
