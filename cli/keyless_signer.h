// Who signs without a key of their own: a fresh key that nobody keeps, and a certificate that binds
// it to the identity of a token for a few minutes.
#pragma once

#include <memory>

#include "core/result.h"
#include "core/timestamp.h"
#include "pipeline/signing_services.h"
#include "remote/http_client.h"
#include "remote/identity_token.h"
#include "signer/signer.h"
#include "sigstore/trusted_material.h"

namespace carnet::cli {

// Requires addresses with a certificate authority. Errors: those of pipeline::CertifyBy.
Result<std::unique_ptr<signer::Signer>> NewKeylessSigner(
    const remote::IdentityToken& token, const pipeline::ServiceAddresses& addresses,
    const sigstore::TrustedMaterial& trusted, const remote::HttpClient& http, TimestampMs now);

}  // namespace carnet::cli
