// The ledger's signing key on disk: `key.pem`, PKCS#8, plain or encrypted with a password.
#pragma once

#include <functional>
#include <string>

#include "core/result.h"
#include "crypto/ed25519.h"
#include "crypto/secret_bytes.h"

namespace carnet::ledger {

// Mode 0600. Errors: conflict (the file exists), io.
Result<> WriteLedgerKey(const std::string& path, const crypto::Ed25519PrivateKey& key,
                        const crypto::SecretBytes* password);

// `password` is called only for an encrypted file. Errors: not_found, malformed, unsupported,
// rejected (wrong password, or none available).
Result<crypto::Ed25519PrivateKey> ReadLedgerKey(
    const std::string& path, const std::function<Result<crypto::SecretBytes>()>& password);

}  // namespace carnet::ledger
