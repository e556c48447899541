// Every statement about a digest, however many strangers have logged others about it.
#pragma once

#include <functional>

#include "core/digests.h"
#include "core/result.h"
#include "ledger/reader.h"

namespace carnet::pipeline {

// Calls `visit` for each log index, ascending, until it returns false. Errors: as the reader's, and
// those of `visit`.
Result<> VisitAbout(const ledger::Reader& reader, const SubjectDigest& subject,
                    const std::function<Result<bool>(LeafIndex)>& visit);

}  // namespace carnet::pipeline
