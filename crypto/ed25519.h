// Ed25519 (RFC 8032), pure. Verification is libsodium's: strict encodings, no small-order keys.
// Const methods are thread safe.
#pragma once

#include "core/bytes.h"
#include "core/fixed_bytes.h"
#include "core/result.h"
#include "crypto/ecdsa.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

using Ed25519Signature = FixedBytes<struct Ed25519SignatureTag, 64>;

class Ed25519PublicKey {
 public:
  // 32 raw bytes. Errors: malformed for any other length.
  static Result<Ed25519PublicKey> FromRaw(ByteSpan raw);
  // The 44-byte SubjectPublicKeyInfo of RFC 8410. Errors: malformed, unsupported.
  static Result<Ed25519PublicKey> ParseSpki(ByteSpan der);

  ByteSpan raw() const { return raw_.span(); }
  Bytes ToSpki() const;
  SignatureCheck Verify(ByteSpan message, ByteSpan signature) const;

  friend bool operator==(const Ed25519PublicKey&, const Ed25519PublicKey&) = default;

 private:
  using Raw = FixedBytes<struct Ed25519PublicKeyTag, 32>;
  explicit Ed25519PublicKey(const Raw& raw) : raw_(raw) {}
  Raw raw_;
};

class Ed25519PrivateKey {
 public:
  static Ed25519PrivateKey Generate();
  // 32 bytes. Errors: malformed for any other length.
  static Result<Ed25519PrivateKey> FromSeed(const SecretBytes& seed);
  // Unencrypted PKCS#8 DER (RFC 8410). Errors: malformed, unsupported.
  static Result<Ed25519PrivateKey> ParsePkcs8(const SecretBytes& der);

  SecretBytes ToPkcs8() const;
  const Ed25519PublicKey& public_key() const { return public_key_; }
  Ed25519Signature Sign(ByteSpan message) const;

 private:
  Ed25519PrivateKey(SecretBytes secret, const Ed25519PublicKey& public_key);
  SecretBytes secret_;  // libsodium's 64 bytes: seed, public key
  Ed25519PublicKey public_key_;
};

}  // namespace carnet::crypto
