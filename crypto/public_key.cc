#include "crypto/public_key.h"

#include <fmt/core.h>
#include <openssl/rsa.h>

#include <utility>

#include "core/check.h"
#include "crypto/decode_spki.h"
#include "crypto/ed25519ph.h"
#include "crypto/message_digest.h"
#include "crypto/openssl_error.h"
#include "crypto/pem.h"
#include "crypto/pkey.h"
#include "crypto/sha256.h"

namespace carnet::crypto {
namespace {

constexpr std::string_view kPublicKeyLabel = "PUBLIC KEY";
constexpr int kPssSaltBytes = 32;

bool IsCurve(KeyKind kind) { return CurveName(kind) != nullptr; }

bool SetRsaPadding(EVP_PKEY_CTX* context, SignatureScheme scheme) {
  if (EVP_PKEY_CTX_set_signature_md(context, EVP_sha256()) != 1) return false;
  if (scheme == SignatureScheme::kRsaPkcs1Sha256) {
    return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PADDING) == 1;
  }
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md(context, EVP_sha256()) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, kPssSaltBytes) == 1;
}

}  // namespace

struct PublicKey::Handle {
  DecodedKey key;
  PkeyContextPtr verify;  // of all kinds but Ed25519
  Bytes spki;
  KeyId id;
};

Result<PublicKey> PublicKey::ParseSpki(ByteSpan der) {
  CARNET_TRY(DecodedKey key, DecodeSpki(der));
  PkeyContextPtr verify;
  if (key.pkey != nullptr) verify = ReadyContext(*key.pkey, EVP_PKEY_verify_init);
  return PublicKey(std::make_shared<const Handle>(
      Handle{std::move(key), std::move(verify), ToBytes(der), Retag<KeyId>(Sha256Of(der))}));
}

Result<PublicKey> PublicKey::ParseRsaPkcs1(ByteSpan der) {
  const SpkiPtr info(X509_PUBKEY_new());
  auto* body = static_cast<uint8_t*>(OPENSSL_memdup(der.data(), der.size()));
  if (body == nullptr) return Malformed("RSA key: no bytes");
  CARNET_CHECK(info != nullptr &&
               X509_PUBKEY_set0_param(info.get(), OBJ_nid2obj(NID_rsaEncryption), V_ASN1_NULL,
                                      nullptr, body, static_cast<int>(der.size())) == 1);
  uint8_t* encoded = nullptr;
  const int size = i2d_X509_PUBKEY(info.get(), &encoded);
  CARNET_CHECK(size > 0);
  const Bytes spki(encoded, encoded + size);
  OPENSSL_free(encoded);
  return ParseSpki(spki);
}

Result<PublicKey> PublicKey::ParsePem(std::string_view pem) {
  CARNET_TRY(const PemBlock block, crypto::ParsePem(pem));
  if (block.label != kPublicKeyLabel) {
    return Malformed(
        fmt::format("expected a PEM block \"{}\", found \"{}\"", kPublicKeyLabel, block.label));
  }
  return ParseSpki(block.body.Expose());
}

KeyKind PublicKey::kind() const { return handle_->key.kind; }
size_t PublicKey::bits() const { return handle_->key.bits; }
const Bytes& PublicKey::spki() const { return handle_->spki; }
const KeyId& PublicKey::id() const { return handle_->id; }

std::string PublicKey::Name() const {
  if (IsCurve(kind())) return fmt::format("P-{}", bits());
  return kind() == KeyKind::kRsa ? fmt::format("RSA-{}", bits()) : "Ed25519";
}

SignatureScheme PublicKey::default_scheme() const {
  switch (kind()) {
    case KeyKind::kP256:
      return SignatureScheme::kEcdsaSha256;
    case KeyKind::kP384:
      return SignatureScheme::kEcdsaSha384;
    case KeyKind::kP521:
      return SignatureScheme::kEcdsaSha512;
    case KeyKind::kEd25519:
      return SignatureScheme::kEd25519;
    case KeyKind::kRsa:
      return SignatureScheme::kRsaPkcs1Sha256;
  }
  CARNET_CHECK(false);
}

bool PublicKey::Fits(SignatureScheme scheme) const {
  switch (scheme) {
    case SignatureScheme::kEcdsaSha256:
    case SignatureScheme::kEcdsaSha384:
    case SignatureScheme::kEcdsaSha512:
      return IsCurve(kind());
    case SignatureScheme::kEd25519:
    case SignatureScheme::kEd25519ph:
      return kind() == KeyKind::kEd25519;
    case SignatureScheme::kRsaPkcs1Sha256:
    case SignatureScheme::kRsaPssSha256:
      return kind() == KeyKind::kRsa;
  }
  CARNET_CHECK(false);
}

SignatureCheck PublicKey::Verify(SignatureScheme scheme, ByteSpan message,
                                 ByteSpan signature) const {
  if (!Fits(scheme)) return SignatureCheck::kBad;
  if (scheme == SignatureScheme::kEd25519) {
    return handle_->key.ed25519->Verify(message, signature);
  }
  return VerifyDigest(scheme, DigestOf(HashOf(scheme), message), signature);
}

SignatureCheck PublicKey::VerifyDigest(SignatureScheme scheme, ByteSpan digest,
                                       ByteSpan signature) const {
  if (digest.size() != DigestSize(HashOf(scheme)) || !Fits(scheme)) return SignatureCheck::kBad;
  if (scheme == SignatureScheme::kEd25519ph) {
    return VerifyEd25519ph(handle_->key.ed25519->raw(), digest.first<64>(), signature);
  }
  const PkeyContextPtr context = CopyOf(handle_->verify);
  if (kind() == KeyKind::kRsa) {
    CARNET_CHECK(SetRsaPadding(context.get(), scheme));
    // OpenSSL takes a PSS signature whose leading zeros are cut off.
    if (signature.size() != (bits() + 7) / 8) return SignatureCheck::kBad;
  }
  // Of ECDSA, OpenSSL encodes the parsed signature again and compares: strict DER alone passes.
  if (EVP_PKEY_verify(context.get(), signature.data(), signature.size(), digest.data(),
                      digest.size()) == 1) {
    return SignatureCheck::kGood;
  }
  DiscardOpenSslErrors();
  return SignatureCheck::kBad;
}

}  // namespace carnet::crypto
