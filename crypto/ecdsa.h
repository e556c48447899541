// ECDSA over P-256 with SHA-256. Signatures are DER (RFC 3279 2.2.3): strict DER, nothing trailing;
// high s is accepted (R7). Const methods are thread safe.
#pragma once

#include <memory>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"
#include "crypto/signature_check.h"

namespace carnet::crypto {

class P256PublicKey {
 public:
  // SubjectPublicKeyInfo, only in its 91-byte form: named curve, uncompressed point (R5), on the
  // curve. Errors: malformed, unsupported (another algorithm or curve, named in the message).
  static Result<P256PublicKey> ParseSpki(ByteSpan der);
  // An uncompressed point, 65 bytes (SEC 1, 2.3.3), as tokens state it. Errors: malformed.
  static Result<P256PublicKey> FromPoint(ByteSpan point);

  P256PublicKey(P256PublicKey&&) noexcept;
  P256PublicKey& operator=(P256PublicKey&&) noexcept;
  ~P256PublicKey();

  const Bytes& spki() const { return spki_; }
  const KeyId& id() const { return id_; }  // SHA-256 of spki()

  // Over SHA-256(message).
  SignatureCheck Verify(ByteSpan message, ByteSpan der_signature) const;
  // The same where the caller has the digest of the message already.
  SignatureCheck VerifyDigest(const Sha256Digest& digest, ByteSpan der_signature) const;

 private:
  struct Handle;
  P256PublicKey(std::unique_ptr<Handle> handle, Bytes spki, KeyId id);
  std::unique_ptr<Handle> handle_;
  Bytes spki_;
  KeyId id_;
};

class P256PrivateKey {
 public:
  static P256PrivateKey Generate();
  // Unencrypted PKCS#8 DER of a P-256 key. Errors: malformed, unsupported.
  static Result<P256PrivateKey> ParsePkcs8(const SecretBytes& der);

  P256PrivateKey(P256PrivateKey&&) noexcept;
  P256PrivateKey& operator=(P256PrivateKey&&) noexcept;
  ~P256PrivateKey();

  SecretBytes ToPkcs8() const;
  const P256PublicKey& public_key() const { return public_key_; }
  // DER signature over SHA-256(message).
  Bytes Sign(ByteSpan message) const;
  // The same where the caller has the digest of the message already.
  Bytes SignDigest(const Sha256Digest& digest) const;
  // The same for the same context, and nobody else can compute it: HMAC-SHA-256 of the context,
  // keyed with the private number (32 bytes, big-endian).
  Sha256Digest Derive(ByteSpan context) const;

 private:
  struct Handle;
  P256PrivateKey(std::unique_ptr<Handle> handle, P256PublicKey public_key);
  std::unique_ptr<Handle> handle_;
  P256PublicKey public_key_;
};

}  // namespace carnet::crypto
