// A statement of OpenSSF Model Signing, signed by a key or for a certificate (specification v1.0,
// section 7). Thread safe.
#pragma once

#include <span>
#include <string_view>

#include "core/result.h"
#include "crypto/certificate.h"
#include "crypto/ec_private_key.h"
#include "sigstore/oms_bundle.h"

namespace carnet::signer {

// The bundle names the key by its hint.
sigstore::OmsBundle SignModelStatement(std::string_view statement, const crypto::EcPrivateKey& key);

// The bundle holds `chain`, leaf first. Requires a leaf. Errors: rejected when the leaf is not that
// of the key.
Result<sigstore::OmsBundle> SignModelStatement(std::string_view statement,
                                               const crypto::EcPrivateKey& key,
                                               std::span<const crypto::Certificate> chain);

}  // namespace carnet::signer
