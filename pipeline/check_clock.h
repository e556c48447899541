// The clock, before a statement is signed with its time: one that has gone back would date the
// statement before what it refers to, which R29 refuses for good.
#pragma once

#include "core/result.h"
#include "core/timestamp.h"
#include "ledger/reader.h"
#include "schemas/predicate.h"

namespace carnet::pipeline {

// Compares `now` with the times of the statements that the predicate refers to, of those whose text
// is in the ledger. Errors: rejected, beyond the skew that R29 allows.
Result<> CheckClock(const schemas::Predicate& predicate, const ledger::Reader& reader,
                    TimestampMs now);

}  // namespace carnet::pipeline
