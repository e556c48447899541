// Fulcio's API v2: an identity token and a key go in, a certificate that binds them comes out, for
// a few minutes.
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/certificate.h"
#include "remote/http_client.h"
#include "remote/identity_token.h"
#include "signer/attestation_key.h"

namespace carnet::remote {

// The chain as the authority answers it, leaf first; the leaf is for this key. That a trusted
// authority signed it, and a log promised to show it, is for the verifier. Errors: rejected (also:
// a certificate for another key), unsupported (one whose promise comes beside it), malformed, io;
// those of the key.
Result<std::vector<crypto::Certificate>> AskForCertificate(const IdentityToken& token,
                                                           const signer::AttestationKey& key,
                                                           const Url& authority,
                                                           const HttpClient& http);

}  // namespace carnet::remote
