// Key files: cosign's encrypted private key (scrypt and secretbox), PKCS#8 and SEC 1, both plain or
// under a password, and PEM public keys.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "crypto/ecdsa.h"
#include "crypto/password_box.h"
#include "crypto/secret_bytes.h"

namespace carnet::sigstore {

inline constexpr size_t kMaxKeyFileBytes = 64 * 1024;

enum class KeyFileForm { kCosign, kPkcs8, kEncryptedPkcs8, kSec1, kEncryptedSec1 };

// Whether a file of this form is opened with a password.
bool NeedsPassword(KeyFileForm form);

// Which form a private-key file has, without opening it. Errors: malformed, unsupported (label).
Result<KeyFileForm> DetectKeyFile(std::string_view pem);

// PKCS#8 DER of the key in a file of any of these forms; `password` is unused for a plain one.
// Accepts scrypt only with N 32768, 65536 or 131072, r 8, p 1: others are a denial of service.
// Errors: malformed, rejected (wrong password), unsupported.
Result<crypto::SecretBytes> OpenKeyFile(std::string_view pem, const crypto::SecretBytes& password);

// As `cosign generate-key-pair` writes it, N = 65536.
Result<std::string> WriteCosignKey(const crypto::SecretBytes& pkcs8,
                                   const crypto::SecretBytes& password, ByteSpan salt_32,
                                   const crypto::BoxNonce& nonce);

// PKCS#8 as OpenSSL writes it: encrypted, or plain where the password is empty. Errors: malformed.
Result<std::string> WritePkcs8Key(const crypto::SecretBytes& pkcs8,
                                  const crypto::SecretBytes& password);

std::string WritePublicKey(ByteSpan spki);
// DER of its one PUBLIC KEY block. Errors: malformed.
Result<Bytes> ReadPublicKey(std::string_view pem);

}  // namespace carnet::sigstore
