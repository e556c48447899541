// Every statement about a digest, or by a signer, however many there are.
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

// The same of the statements that a key signed, from this index on.
Result<> VisitSignedBy(const ledger::Reader& reader, const SignerId& signer, LeafIndex from,
                       const std::function<Result<bool>(LeafIndex)>& visit);

}  // namespace carnet::pipeline
