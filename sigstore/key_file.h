// Key files: cosign's encrypted private key (scrypt and secretbox), plain and password-protected
// PKCS#8, and PEM public keys.
#pragma once

#include <string>
#include <string_view>

#include "core/result.h"
#include "crypto/ecdsa.h"
#include "crypto/password_box.h"
#include "crypto/secret_bytes.h"

namespace carnet::sigstore {

inline constexpr size_t kMaxKeyFileBytes = 64 * 1024;

enum class KeyFileForm { kCosign, kPkcs8, kEncryptedPkcs8 };

// Which form a private-key file has, without opening it. Errors: malformed, unsupported (label).
Result<KeyFileForm> DetectKeyFile(std::string_view pem);

// PKCS#8 DER of the key in a file of any of the three forms; `password` is unused for a plain
// one. Accepts scrypt only with N 32768, 65536 or 131072, r 8, p 1: others are a denial of
// service. Errors: malformed, rejected (wrong password), unsupported.
Result<crypto::SecretBytes> OpenKeyFile(std::string_view pem, const crypto::SecretBytes& password);

// As `cosign generate-key-pair` writes it, N = 65536.
Result<std::string> WriteCosignKey(const crypto::SecretBytes& pkcs8,
                                   const crypto::SecretBytes& password, ByteSpan salt_32,
                                   const crypto::BoxNonce& nonce);

std::string WritePublicKey(ByteSpan spki);
// DER of its one PUBLIC KEY block. Errors: malformed.
Result<Bytes> ReadPublicKey(std::string_view pem);

}  // namespace carnet::sigstore
