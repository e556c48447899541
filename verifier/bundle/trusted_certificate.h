// Whether a certificate was trusted to sign at a time: steps 3 and 4 of verify_bundle.h.
#pragma once

#include <span>
#include <vector>

#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "sigstore/trusted_material.h"

namespace carnet::verifier::bundle {

// 3, usage. Requires a certificate with a subject alternative name. Errors: rejected.
Result<> CheckLeafUse(const crypto::Certificate& leaf);
// 3, of the others in a bundle: CAs, and none of them a root. Errors: rejected.
Result<> CheckIntermediates(std::span<const crypto::Certificate> intermediates);
// Those that may be part of a path: bundles of version 0.1 hold roots too, which say nothing.
std::vector<crypto::Certificate> WithoutRoots(std::span<const crypto::Certificate> intermediates);

// 3, path: leaf first, of at least two. Errors: rejected.
Result<std::vector<crypto::Certificate>> FindTrustedPath(
    const crypto::Certificate& leaf, std::span<const crypto::Certificate> intermediates,
    std::span<const sigstore::Authority> authorities, TimestampMs at);

// 4. `issuer` is the second certificate of the path. Errors: rejected, malformed.
Result<> CheckCertificateTimestamps(const crypto::Certificate& leaf,
                                    const crypto::Certificate& issuer,
                                    std::span<const sigstore::LogKey> logs);

}  // namespace carnet::verifier::bundle
