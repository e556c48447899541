// Private to sigstore/: what Sigstore calls hash algorithms and kinds of key (protobuf-specs,
// sigstore_common.proto, HashAlgorithm and PublicKeyDetails).
#pragma once

#include <string_view>

#include "core/result.h"
#include "crypto/digest.h"
#include "crypto/public_key.h"
#include "sigstore/strict_object.h"

namespace carnet::sigstore {

struct KeyDetails {
  std::string_view name;
  crypto::KeyKind kind;
  crypto::SignatureScheme scheme;
  size_t bits = 0;     // of an RSA key; 0: any
  bool pkcs1 = false;  // the bytes are PKCS#1's RSAPublicKey, not a SubjectPublicKeyInfo
};

// Null for a name that is not known here, such as one of a post-quantum key.
const KeyDetails* FindKeyDetails(std::string_view name);

// The key, and that it is what the details say. Errors: malformed, unsupported.
Result<crypto::PublicKey> ParseKey(const KeyDetails& details, ByteSpan bytes);

// "SHA2_256". Errors: malformed (missing), unsupported (another one).
Result<crypto::HashAlgorithm> ReadHashAlgorithm(const StrictObject& object, std::string_view field);

}  // namespace carnet::sigstore
