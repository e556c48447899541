// Whether a ledger has a passport of a model that is at hand without one.
#pragma once

#include <optional>

#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "ledger/reader.h"

namespace carnet::pipeline {

struct KnownPassport {
  StatementId id;
  SignerId signer;  // who need not be anybody that is trusted
};

// The first passport of the model; looked for among what is said of it first, as there may be any
// number of strangers' statements. A file of that digest in another model's passport is not it.
// Errors: corruption, io.
Result<std::optional<KnownPassport>> FindKnownPassport(const ledger::Reader& reader,
                                                       const ModelDigest& model);

}  // namespace carnet::pipeline
