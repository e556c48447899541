#include "crypto/ecdsa.h"

#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"
#include "crypto/encode_pkcs8.h"
#include "crypto/key_algorithm.h"
#include "crypto/openssl_error.h"
#include "crypto/openssl_ptr.h"
#include "crypto/pkey.h"
#include "crypto/sha256.h"

namespace carnet::crypto {
namespace {

constexpr char kCurve[] = "prime256v1";

// What precedes the point in a SubjectPublicKeyInfo (RFC 5480): the named curve, and 04 for the
// uncompressed form.
constexpr size_t kSpkiBytes = 91;
constexpr uint8_t kSpkiPrefix[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};

}  // namespace

struct P256PublicKey::Handle {
  PkeyPtr key;
  PkeyContextPtr verify;
};

P256PublicKey::P256PublicKey(std::unique_ptr<Handle> handle, Bytes spki, KeyId id)
    : handle_(std::move(handle)), spki_(std::move(spki)), id_(id) {}
P256PublicKey::P256PublicKey(P256PublicKey&&) noexcept = default;
P256PublicKey& P256PublicKey::operator=(P256PublicKey&&) noexcept = default;
P256PublicKey::~P256PublicKey() = default;

Result<P256PublicKey> P256PublicKey::ParseSpki(ByteSpan der) {
  const ByteSpan prefix = kSpkiPrefix;
  if (der.size() != kSpkiBytes || !std::equal(prefix.begin(), prefix.end(), der.begin())) {
    return RefusedSpki(der, {kCurve});
  }
  PkeyPtr key = KeyFromPoint(kCurve, der.subspan(prefix.size() - 1));
  if (key == nullptr) {
    return OpenSslError(ErrorCode::kMalformed, "public key is not a point of prime256v1");
  }
  PkeyContextPtr verify = ReadyContext(*key, EVP_PKEY_verify_init);
  auto handle = std::make_unique<Handle>(Handle{std::move(key), std::move(verify)});
  return P256PublicKey(std::move(handle), ToBytes(der), Retag<KeyId>(Sha256Of(der)));
}

Result<P256PublicKey> P256PublicKey::FromPoint(ByteSpan point) {
  const ByteSpan prefix = kSpkiPrefix;
  if (point.size() != kSpkiBytes - prefix.size() + 1 || point[0] != prefix.back()) {
    return Malformed("public key is not an uncompressed point of prime256v1, 65 bytes");
  }
  Bytes spki = ToBytes(prefix);
  spki.insert(spki.end(), point.begin() + 1, point.end());
  return ParseSpki(spki);
}

SignatureCheck P256PublicKey::Verify(ByteSpan message, ByteSpan der_signature) const {
  return VerifyDigest(Sha256Of(message), der_signature);
}

SignatureCheck P256PublicKey::VerifyDigest(const Sha256Digest& digest,
                                           ByteSpan der_signature) const {
  const PkeyContextPtr context = CopyOf(handle_->verify);
  // OpenSSL encodes the parsed signature again and compares, so nothing but strict DER passes.
  const int answer = EVP_PKEY_verify(context.get(), der_signature.data(), der_signature.size(),
                                     digest.data(), digest.kSize);
  if (answer == 1) return SignatureCheck::kGood;
  DiscardOpenSslErrors();
  return SignatureCheck::kBad;
}

struct P256PrivateKey::Handle {
  PkeyPtr key;
  PkeyContextPtr sign;
};

P256PrivateKey::P256PrivateKey(std::unique_ptr<Handle> handle, P256PublicKey public_key)
    : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
P256PrivateKey::P256PrivateKey(P256PrivateKey&&) noexcept = default;
P256PrivateKey& P256PrivateKey::operator=(P256PrivateKey&&) noexcept = default;
P256PrivateKey::~P256PrivateKey() = default;

P256PrivateKey P256PrivateKey::Generate() {
  PkeyPtr key(EVP_EC_gen(kCurve));
  CARNET_CHECK(key != nullptr);
  auto public_key = P256PublicKey::ParseSpki(SpkiOf(*key)).value();
  PkeyContextPtr sign = ReadyContext(*key, EVP_PKEY_sign_init);
  return {std::make_unique<Handle>(Handle{std::move(key), std::move(sign)}), std::move(public_key)};
}

Result<P256PrivateKey> P256PrivateKey::ParsePkcs8(const SecretBytes& der) {
  PkeyPtr key = DecodePkcs8(der.Expose());
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "EC") != 1) {
    return RefusedPkcs8(der.Expose(), {kCurve});
  }
  auto public_key = P256PublicKey::ParseSpki(SpkiOf(*key));
  if (!public_key && public_key.error().code == ErrorCode::kUnsupported) {
    return RefusedPkcs8(der.Expose(), {kCurve});  // another curve: it is the private key's
  }
  if (!public_key) return public_key.error();
  if (!HalvesAgree(*key)) {
    return OpenSslError(ErrorCode::kMalformed, "private key and its public key do not agree");
  }
  PkeyContextPtr sign = ReadyContext(*key, EVP_PKEY_sign_init);
  return P256PrivateKey(std::make_unique<Handle>(Handle{std::move(key), std::move(sign)}),
                        *std::move(public_key));
}

SecretBytes P256PrivateKey::ToPkcs8() const {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(handle_->key.get()));
  CARNET_CHECK(info != nullptr);
  return EncodePkcs8(*info);
}

Bytes P256PrivateKey::Sign(ByteSpan message) const { return SignDigest(Sha256Of(message)); }

Bytes P256PrivateKey::SignDigest(const Sha256Digest& digest) const {
  const PkeyContextPtr context = CopyOf(handle_->sign);
  Bytes signature(80);  // DER of two 32-byte integers takes at most 72
  size_t size = signature.size();
  CARNET_CHECK(EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.kSize) ==
               1);
  signature.resize(size);
  return signature;
}

Sha256Digest P256PrivateKey::Derive(ByteSpan context) const {
  constexpr int kScalarBytes = 32;
  BIGNUM* number = nullptr;
  CARNET_CHECK(EVP_PKEY_get_bn_param(handle_->key.get(), OSSL_PKEY_PARAM_PRIV_KEY, &number) == 1);
  SecretBytes scalar(kScalarBytes);
  const int written = BN_bn2binpad(number, scalar.ExposeMutable().data(), kScalarBytes);
  BN_clear_free(number);
  CARNET_CHECK(written == kScalarBytes);
  std::array<uint8_t, Sha256Digest::kSize> code{};
  unsigned size = 0;
  CARNET_CHECK(HMAC(EVP_sha256(), scalar.Expose().data(), kScalarBytes, context.data(),
                    context.size(), code.data(), &size) != nullptr &&
               size == code.size());
  return Sha256Digest(code);
}

}  // namespace carnet::crypto
