// Encryption under a password: scrypt (RFC 7914) and NaCl secretbox (XSalsa20-Poly1305), as
// cosign's private-key files use them; and PKCS#8 (PBES2), as OpenSSL writes it.
#pragma once

#include "core/bytes.h"
#include "core/fixed_bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

using BoxNonce = FixedBytes<struct BoxNonceTag, 24>;

struct ScryptParams {
  uint64_t n;  // CPU and memory cost; the caller must bound it, as a hostile file chooses it
  uint32_t r;
  uint32_t p;
};

// 32 bytes. About 0.2 s and 64 MiB at N = 65536. Errors: io (memory).
Result<SecretBytes> ScryptKey(const SecretBytes& password, ByteSpan salt, ScryptParams params);

// 16-byte tag, then the ciphertext. Requires a 32-byte key.
Bytes BoxSeal(const SecretBytes& plain, const BoxNonce& nonce, const SecretBytes& key);
// Errors: rejected (wrong password or changed bytes; which of the two cannot be known).
Result<SecretBytes> BoxOpen(ByteSpan sealed, const BoxNonce& nonce, const SecretBytes& key);

// PKCS#8 EncryptedPrivateKeyInfo (PBES2, AES-256-CBC, PBKDF2-SHA-256, 600,000 rounds).
Result<Bytes> EncryptPkcs8(const SecretBytes& pkcs8, const SecretBytes& password);
// Errors: malformed, rejected (wrong password), unsupported (cost above 10^7 rounds).
Result<SecretBytes> DecryptPkcs8(ByteSpan encrypted, const SecretBytes& password);

}  // namespace carnet::crypto
