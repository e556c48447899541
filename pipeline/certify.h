// A signer by certificate: before anything is signed, the certificate is one that verifiers will
// take.
#pragma once

#include <memory>

#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "pipeline/signing_services.h"
#include "signer/signer.h"
#include "sigstore/trusted_material.h"

namespace carnet::pipeline {

// The signer of this key, for its certificate. Checked: it is the key's, for code signing, of one
// identity; a path of trusted authorities leads to it (a bundle holds the leaf alone, so that
// whoever verifies must have the others too); where logs of certificates have signed it, one of
// them is trusted. When it is used is for a time stamp to say. Errors: rejected, malformed,
// unsupported.
Result<std::unique_ptr<signer::Signer>> Certify(std::unique_ptr<signer::Signer> signer,
                                                const crypto::Certificate& certificate,
                                                const sigstore::TrustedMaterial& trusted,
                                                TimestampMs now);

// The same with a certificate that the authority makes now, which a log of certificates must have
// signed. Errors: those of the authority; as above, with its name.
Result<std::unique_ptr<signer::Signer>> CertifyBy(const CertificateAuthority& authority,
                                                  std::unique_ptr<signer::Signer> signer,
                                                  const sigstore::TrustedMaterial& trusted,
                                                  TimestampMs now);

}  // namespace carnet::pipeline
