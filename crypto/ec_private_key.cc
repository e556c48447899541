#include "crypto/ec_private_key.h"

#include <utility>

#include "core/check.h"
#include "crypto/decode_spki.h"
#include "crypto/encode_pkcs8.h"
#include "crypto/key_algorithm.h"
#include "crypto/openssl_error.h"
#include "crypto/pkey.h"

namespace carnet::crypto {
namespace {

Error RefusedCurve(ByteSpan der) {
  return RefusedPkcs8(der, {"prime256v1", "secp384r1", "secp521r1"});
}

}  // namespace

struct EcPrivateKey::Handle {
  PkeyPtr key;
  PkeyContextPtr sign;
};

EcPrivateKey::EcPrivateKey(std::unique_ptr<Handle> handle, PublicKey public_key)
    : handle_(std::move(handle)), public_key_(std::move(public_key)) {}
EcPrivateKey::EcPrivateKey(EcPrivateKey&&) noexcept = default;
EcPrivateKey& EcPrivateKey::operator=(EcPrivateKey&&) noexcept = default;
EcPrivateKey::~EcPrivateKey() = default;

EcPrivateKey EcPrivateKey::Generate(KeyKind curve) {
  const char* name = CurveName(curve);
  CARNET_CHECK(name != nullptr);
  PkeyPtr key(EVP_EC_gen(name));
  CARNET_CHECK(key != nullptr);
  auto public_key = PublicKey::ParseSpki(SpkiOf(*key)).value();
  PkeyContextPtr sign = ReadyContext(*key, EVP_PKEY_sign_init);
  return {std::make_unique<Handle>(Handle{std::move(key), std::move(sign)}), std::move(public_key)};
}

Result<EcPrivateKey> EcPrivateKey::ParsePkcs8(const SecretBytes& der) {
  PkeyPtr key = DecodePkcs8(der.Expose());
  if (key == nullptr || EVP_PKEY_is_a(key.get(), "EC") != 1) {
    return RefusedCurve(der.Expose());
  }
  auto public_key = PublicKey::ParseSpki(SpkiOf(*key));
  if (!public_key && public_key.error().code == ErrorCode::kUnsupported) {
    return RefusedCurve(der.Expose());  // another curve: it is the private key's
  }
  if (!public_key) return public_key.error();
  if (!HalvesAgree(*key)) {
    return OpenSslError(ErrorCode::kMalformed, "private key and its public key do not agree");
  }
  PkeyContextPtr sign = ReadyContext(*key, EVP_PKEY_sign_init);
  return EcPrivateKey(std::make_unique<Handle>(Handle{std::move(key), std::move(sign)}),
                      *std::move(public_key));
}

SecretBytes EcPrivateKey::ToPkcs8() const {
  const Pkcs8Ptr info(EVP_PKEY2PKCS8(handle_->key.get()));
  CARNET_CHECK(info != nullptr);
  return EncodePkcs8(*info);
}

Bytes EcPrivateKey::Sign(ByteSpan message) const {
  const Bytes digest = DigestOf(HashOf(public_key_.default_scheme()), message);
  const PkeyContextPtr context = CopyOf(handle_->sign);
  Bytes signature(144);  // DER of two 66-byte integers takes at most 139
  size_t size = signature.size();
  CARNET_CHECK(
      EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) == 1);
  signature.resize(size);
  return signature;
}

}  // namespace carnet::crypto
