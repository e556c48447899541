// Attestation keys in files: read in any format of sigstore/key_file.h, written in cosign's.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <string>

#include "core/file.h"
#include "core/result.h"
#include "crypto/ec_private_key.h"
#include "crypto/ecdsa.h"
#include "crypto/password_box.h"
#include "crypto/secret_bytes.h"
#include "signer/signer.h"

namespace carnet::signer {

using PasswordProvider = std::function<Result<crypto::SecretBytes>()>;

// `password` is called only when the file is encrypted. Errors, with the path: io, not_found,
// malformed, rejected (wrong password), unsupported (format, or a key that is not P-256); those of
// the provider.
Result<std::unique_ptr<Signer>> OpenKey(const std::string& path, const PasswordProvider& password);

// The same for a key on P-256, P-384 or P-521, which signs for formats of others.
Result<crypto::EcPrivateKey> OpenEcKey(const std::string& path, const PasswordProvider& password);

// Fresh random bytes, used once.
struct KeyFileRandomness {
  std::array<uint8_t, 32> salt;
  crypto::BoxNonce nonce;
};

// `<prefix>.key` (mode 0600, encrypted as by cosign) and `<prefix>.pub`. Errors: conflict when
// either exists and overwriting is forbidden (then neither is written), io.
Result<> WriteKeyPair(const std::string& prefix, const crypto::P256PrivateKey& key,
                      const crypto::SecretBytes& password, const KeyFileRandomness& randomness,
                      Overwrite overwrite);

// The same with a private key that is not encrypted (PKCS#8, mode 0600): whoever reads it signs.
Result<> WritePlainKeyPair(const std::string& prefix, const crypto::P256PrivateKey& key,
                           Overwrite overwrite);

}  // namespace carnet::signer
