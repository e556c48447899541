// What can be known of a passport's draft.
#pragma once

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"
#include "pipeline/derived_draft.h"

namespace carnet::pipeline {

// `intended_deployment`, as the run of this completion states it. Errors: as ReadLogged
// (pipeline/logged_predicate.h).
Result<DerivedDraft> DerivePassport(const ledger::Reader& reader, const StatementId& completion);

}  // namespace carnet::pipeline
