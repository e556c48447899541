// The certificate of whoever signs a statement of ours: an identity (S1) and the P-256 key that it
// vouches for. Whether anybody trusts it is for the verifier to judge.
#pragma once

#include "core/bytes.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "crypto/certificate.h"
#include "crypto/ecdsa.h"
#include "sigstore/certificate_identity.h"

namespace carnet::sigstore {

struct SignerCertificate {
  crypto::Certificate certificate;
  CertificateIdentity identity;
  SignerId signer;
  crypto::P256PublicKey key;
};

// Errors: malformed (the certificate), rejected (no one identity), unsupported (a key of another
// kind, or one that is not spelled as keys are: R5).
Result<SignerCertificate> ReadSignerCertificate(ByteSpan der);

}  // namespace carnet::sigstore
