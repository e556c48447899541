// A private key on P-256, P-384 or P-521 that signs for formats of others (OpenSSF Model Signing),
// with the hash of its curve's strength. Statements are signed by P-256 (crypto/ecdsa.h).
// Const methods are thread safe.
#pragma once

#include <memory>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/public_key.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

class EcPrivateKey {
 public:
  // Requires a kind that is a curve.
  static EcPrivateKey Generate(KeyKind curve);
  // Unencrypted PKCS#8 DER. Errors: malformed, unsupported (named).
  static Result<EcPrivateKey> ParsePkcs8(const SecretBytes& der);

  EcPrivateKey(EcPrivateKey&&) noexcept;
  EcPrivateKey& operator=(EcPrivateKey&&) noexcept;
  ~EcPrivateKey();

  const PublicKey& public_key() const { return public_key_; }
  SecretBytes ToPkcs8() const;
  // DER signature by public_key().default_scheme().
  Bytes Sign(ByteSpan message) const;

 private:
  struct Handle;
  EcPrivateKey(std::unique_ptr<Handle> handle, PublicKey public_key);
  std::unique_ptr<Handle> handle_;
  PublicKey public_key_;
};

}  // namespace carnet::crypto
