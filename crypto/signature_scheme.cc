#include "core/check.h"
#include "crypto/public_key.h"

namespace carnet::crypto {

std::string_view SchemeName(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::kEcdsaSha256:
      return "ECDSA with SHA-256";
    case SignatureScheme::kEcdsaSha384:
      return "ECDSA with SHA-384";
    case SignatureScheme::kEcdsaSha512:
      return "ECDSA with SHA-512";
    case SignatureScheme::kEd25519:
      return "Ed25519";
    case SignatureScheme::kEd25519ph:
      return "Ed25519ph";
    case SignatureScheme::kRsaPkcs1Sha256:
      return "RSA PKCS#1 v1.5 with SHA-256";
    case SignatureScheme::kRsaPssSha256:
      return "RSA-PSS with SHA-256";
  }
  CARNET_CHECK(false);
}

HashAlgorithm HashOf(SignatureScheme scheme) {
  switch (scheme) {
    case SignatureScheme::kEcdsaSha384:
      return HashAlgorithm::kSha384;
    case SignatureScheme::kEcdsaSha512:
    case SignatureScheme::kEd25519ph:
      return HashAlgorithm::kSha512;
    case SignatureScheme::kEcdsaSha256:
    case SignatureScheme::kRsaPkcs1Sha256:
    case SignatureScheme::kRsaPssSha256:
      return HashAlgorithm::kSha256;
    case SignatureScheme::kEd25519:
      break;
  }
  CARNET_CHECK(false);  // pure Ed25519 takes the message itself
}

}  // namespace carnet::crypto
