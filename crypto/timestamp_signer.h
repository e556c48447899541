// Private to crypto/: who signed a time-stamp token, and whether the signature is good.
#pragma once

#include "core/result.h"
#include "crypto/openssl_ptr.h"
#include "crypto/rfc3161.h"

namespace carnet::crypto {

// That the one signer is the chain's first certificate: by name and serial number, by the
// ESSCertID(v2) that is signed, and by the embedded certificate where there are any.
// Errors: malformed, rejected. Requires a token of SignedData.
Result<> CheckTokenSigner(const PKCS7& token, TimestampChain chain);

// By SHA-256, SHA-384 or SHA-512. Requires what CheckTokenSigner accepts.
// Errors: malformed, rejected.
Result<> CheckTokenSignature(PKCS7& token, const Certificate& signer);

}  // namespace carnet::crypto
