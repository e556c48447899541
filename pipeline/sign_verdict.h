// A verdict as an SLSA Verification Summary Attestation (VSA) about the model digest,
// signed by the hub that reached it.
#pragma once

#include <string>

#include "core/result.h"
#include "schemas/predicate.h"
#include "signer/signer.h"
#include "verifier/verdict.h"

namespace carnet::pipeline {

// The VSA's predicate. Errors: rejected if the verdict has no passport or no checkpoint: there
// is nothing that it could be about.
Result<schemas::Predicate> VerdictPredicate(const verifier::Verdict& verdict,
                                            const std::string& verifier_id);

// Signed, without a log entry.
Result<signer::SignedStatement> SignVerdict(const verifier::Verdict& verdict,
                                            const std::string& verifier_id,
                                            const signer::Signer& signer);

}  // namespace carnet::pipeline
