// A public key of any kind that signs in Sigstore's world, and the check of what it signed. The
// passport's own keys are P-256 in one encoding (crypto/ecdsa.h); these come from certificates,
// trusted roots and files of others. A value; const methods are thread safe.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/digest.h"
#include "crypto/signature_check.h"

namespace carnet::crypto {

enum class KeyKind { kP256, kP384, kP521, kEd25519, kRsa };

// How a signature is made. Sigstore's PublicKeyDetails (protobuf-specs, sigstore_common.proto)
// name a kind of key and one of these.
enum class SignatureScheme {
  kEcdsaSha256,  // DER (RFC 3279 2.2.3)
  kEcdsaSha384,
  kEcdsaSha512,
  kEd25519,         // over the message itself (RFC 8032, PureEdDSA)
  kEd25519ph,       // over SHA-512 of the message (RFC 8032, Ed25519ph, no context)
  kRsaPkcs1Sha256,  // RFC 8017 8.2
  kRsaPssSha256,    // RFC 8017 8.1, MGF1 with SHA-256, salt of 32 bytes
};

std::string_view SchemeName(SignatureScheme scheme);  // "ECDSA with SHA-256", for messages
// The hash of the message that is signed. Requires another scheme than kEd25519, which takes the
// message itself.
HashAlgorithm HashOf(SignatureScheme scheme);

class PublicKey {
 public:
  // SubjectPublicKeyInfo, DER, nothing trailing: named curves, point on the curve; RSA of 2,048 to
  // 8,192 bits (against keys that are forged, and against time), an odd exponent from 3 to 2^64.
  // Errors: malformed, unsupported (another algorithm, curve or size, named).
  static Result<PublicKey> ParseSpki(ByteSpan der);
  // RSAPublicKey of PKCS#1 (Sigstore's PKCS1_RSA_PKCS1V5). Errors as above.
  static Result<PublicKey> ParseRsaPkcs1(ByteSpan der);
  // The one PEM block "PUBLIC KEY" of a file, with any text before it. Errors as above.
  static Result<PublicKey> ParsePem(std::string_view pem);

  KeyKind kind() const;
  size_t bits() const;  // of the RSA modulus or the curve's field: 255 of Ed25519
  // "P-256", "RSA-3072", for messages.
  std::string Name() const;
  // DER; of a key that came as PKCS#1, its SubjectPublicKeyInfo.
  const Bytes& spki() const;
  const KeyId& id() const;  // SHA-256 of spki()

  // The scheme that goes with the key unless something says otherwise: curve and hash of the same
  // strength, pure Ed25519, PKCS#1 v1.5 with SHA-256.
  SignatureScheme default_scheme() const;
  // Whether a key of this kind can sign so. A curve does with any of the three hashes, as cosign
  // has it (SHA-256 with whatever key is given).
  bool Fits(SignatureScheme scheme) const;

  // Bad, too, when the scheme does not fit the key.
  SignatureCheck Verify(SignatureScheme scheme, ByteSpan message, ByteSpan signature) const;
  // The same for who has the message's digest by HashOf(scheme). Requires a scheme other than
  // kEd25519; bad for a digest of another size.
  SignatureCheck VerifyDigest(SignatureScheme scheme, ByteSpan digest, ByteSpan signature) const;

  // Equal SubjectPublicKeyInfo.
  friend bool operator==(const PublicKey& a, const PublicKey& b) { return a.spki() == b.spki(); }

 private:
  struct Handle;
  explicit PublicKey(std::shared_ptr<const Handle> handle) : handle_(std::move(handle)) {}
  std::shared_ptr<const Handle> handle_;  // shared: immutable, and a key is copied into many places
};

}  // namespace carnet::crypto
