// Private to crypto/: a SubjectPublicKeyInfo as an OpenSSL key, for the kinds that PublicKey knows.
#pragma once

#include <optional>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/ed25519.h"
#include "crypto/openssl_ptr.h"
#include "crypto/public_key.h"

namespace carnet::crypto {

struct DecodedKey {
  KeyKind kind;
  size_t bits;                              // of the RSA modulus or the curve's field
  PkeyPtr pkey;                             // of all kinds but Ed25519
  std::optional<Ed25519PublicKey> ed25519;  // of that kind
};

// Errors as those of PublicKey::ParseSpki.
Result<DecodedKey> DecodeSpki(ByteSpan der);

// OpenSSL's name of the curve; null for a kind that is none.
const char* CurveName(KeyKind kind);

}  // namespace carnet::crypto
