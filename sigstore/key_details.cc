#include "sigstore/key_details.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/utf8.h"

namespace carnet::sigstore {
namespace {

using crypto::HashAlgorithm;
using crypto::KeyKind;
using crypto::SignatureScheme;

constexpr std::array kDetails{
    KeyDetails{"PKIX_ECDSA_P256_SHA_256", KeyKind::kP256, SignatureScheme::kEcdsaSha256},
    KeyDetails{"PKIX_ECDSA_P384_SHA_384", KeyKind::kP384, SignatureScheme::kEcdsaSha384},
    KeyDetails{"PKIX_ECDSA_P521_SHA_512", KeyKind::kP521, SignatureScheme::kEcdsaSha512},
    KeyDetails{"PKIX_ECDSA_P384_SHA_256", KeyKind::kP384, SignatureScheme::kEcdsaSha256},
    KeyDetails{"PKIX_ECDSA_P521_SHA_256", KeyKind::kP521, SignatureScheme::kEcdsaSha256},
    KeyDetails{"PKIX_ED25519", KeyKind::kEd25519, SignatureScheme::kEd25519},
    KeyDetails{"PKIX_ED25519_PH", KeyKind::kEd25519, SignatureScheme::kEd25519ph},
    KeyDetails{"PKIX_RSA_PKCS1V15_2048_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPkcs1Sha256,
               2048},
    KeyDetails{"PKIX_RSA_PKCS1V15_3072_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPkcs1Sha256,
               3072},
    KeyDetails{"PKIX_RSA_PKCS1V15_4096_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPkcs1Sha256,
               4096},
    KeyDetails{"PKIX_RSA_PSS_2048_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPssSha256, 2048},
    KeyDetails{"PKIX_RSA_PSS_3072_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPssSha256, 3072},
    KeyDetails{"PKIX_RSA_PSS_4096_SHA256", KeyKind::kRsa, SignatureScheme::kRsaPssSha256, 4096},
    KeyDetails{"PKIX_RSA_PKCS1V5", KeyKind::kRsa, SignatureScheme::kRsaPkcs1Sha256},
    KeyDetails{"PKIX_RSA_PSS", KeyKind::kRsa, SignatureScheme::kRsaPssSha256},
    KeyDetails{"PKCS1_RSA_PKCS1V5", KeyKind::kRsa, SignatureScheme::kRsaPkcs1Sha256, 0, true},
    KeyDetails{"PKCS1_RSA_PSS", KeyKind::kRsa, SignatureScheme::kRsaPssSha256, 0, true},
};

}  // namespace

const KeyDetails* FindKeyDetails(std::string_view name) {
  const auto found = std::find_if(kDetails.begin(), kDetails.end(),
                                  [name](const KeyDetails& d) { return d.name == name; });
  return found == kDetails.end() ? nullptr : &*found;
}

Result<crypto::PublicKey> ParseKey(const KeyDetails& details, ByteSpan bytes) {
  CARNET_TRY(crypto::PublicKey key, details.pkcs1 ? crypto::PublicKey::ParseRsaPkcs1(bytes)
                                                  : crypto::PublicKey::ParseSpki(bytes));
  const bool fits = key.kind() == details.kind && (details.bits == 0 || key.bits() == details.bits);
  if (!fits) {
    return Malformed(fmt::format("expected a key of {}, found {}", details.name, key.Name()));
  }
  return key;
}

Result<HashAlgorithm> ReadHashAlgorithm(const StrictObject& object, std::string_view field) {
  CARNET_TRY(const std::string_view name, object.RequiredText(field));
  if (name == "SHA2_256") return HashAlgorithm::kSha256;
  if (name == "SHA2_384") return HashAlgorithm::kSha384;
  if (name == "SHA2_512") return HashAlgorithm::kSha512;
  return Unsupported(fmt::format("{}: \"{}\" is not SHA2_256, SHA2_384 or SHA2_512",
                                 object.Find(field)->Path(), Printable(name)));
}

}  // namespace carnet::sigstore
