#include "crypto/decode_spki.h"

#include <fmt/core.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>

#include <algorithm>
#include <utility>

#include "crypto/key_algorithm.h"
#include "crypto/openssl_error.h"
#include "crypto/pkey.h"

namespace carnet::crypto {
namespace {

// RSA of 8,192 bits takes 1,062.
constexpr size_t kMaxSpkiBytes = 2048;
constexpr int kMinModulusBits = 2048;
constexpr int kMaxModulusBits = 8192;
constexpr int kMaxExponentBits = 64;  // OpenSSL's own limit for large moduli: against time

// A curve, and what precedes the point in its SubjectPublicKeyInfo (RFC 5480): the named curve,
// and 04 for the uncompressed form.
struct Curve {
  KeyKind kind;
  const char* name;
  size_t bits;
  ByteSpan prefix;
};

constexpr uint8_t kP256Prefix[] = {0x30, 0x59, 0x30, 0x13, 0x06, 0x07, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x02, 0x01, 0x06, 0x08, 0x2a, 0x86, 0x48,
                                   0xce, 0x3d, 0x03, 0x01, 0x07, 0x03, 0x42, 0x00, 0x04};
constexpr uint8_t kP384Prefix[] = {0x30, 0x76, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                   0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b,
                                   0x81, 0x04, 0x00, 0x22, 0x03, 0x62, 0x00, 0x04};
constexpr uint8_t kP521Prefix[] = {0x30, 0x81, 0x9b, 0x30, 0x10, 0x06, 0x07, 0x2a, 0x86,
                                   0x48, 0xce, 0x3d, 0x02, 0x01, 0x06, 0x05, 0x2b, 0x81,
                                   0x04, 0x00, 0x23, 0x03, 0x81, 0x86, 0x00, 0x04};
const Curve kCurves[] = {{KeyKind::kP256, "prime256v1", 256, kP256Prefix},
                         {KeyKind::kP384, "secp384r1", 384, kP384Prefix},
                         {KeyKind::kP521, "secp521r1", 521, kP521Prefix}};

bool HasPrefix(const Curve& curve, ByteSpan der) {
  const size_t point_bytes = 2 * ((curve.bits + 7) / 8);
  return der.size() == curve.prefix.size() + point_bytes &&
         std::equal(curve.prefix.begin(), curve.prefix.end(), der.begin());
}

Result<DecodedKey> DecodePoint(const Curve& curve, ByteSpan der) {
  PkeyPtr key = KeyFromPoint(curve.name, der.subspan(curve.prefix.size() - 1));
  if (key == nullptr) {
    return OpenSslError(ErrorCode::kMalformed,
                        fmt::format("public key is not a point of {}", curve.name));
  }
  return DecodedKey{curve.kind, curve.bits, std::move(key), std::nullopt};
}

BigNumberPtr Number(const EVP_PKEY& key, const char* name) {
  BIGNUM* number = nullptr;
  EVP_PKEY_get_bn_param(&key, name, &number);
  return BigNumberPtr(number);
}

Result<> CheckRsa(const EVP_PKEY& key) {
  const BigNumberPtr modulus = Number(key, OSSL_PKEY_PARAM_RSA_N);
  const BigNumberPtr exponent = Number(key, OSSL_PKEY_PARAM_RSA_E);
  if (modulus == nullptr || exponent == nullptr) {
    return OpenSslError(ErrorCode::kMalformed, "RSA key without modulus or exponent");
  }
  const int bits = BN_num_bits(modulus.get());
  if (bits < kMinModulusBits || bits > kMaxModulusBits) {
    return Unsupported(
        fmt::format("RSA key of {} bits, not {} to {}", bits, kMinModulusBits, kMaxModulusBits));
  }
  const bool exponent_fits = BN_is_odd(exponent.get()) == 1 && BN_is_one(exponent.get()) == 0 &&
                             BN_num_bits(exponent.get()) <= kMaxExponentBits;
  if (!exponent_fits || BN_is_odd(modulus.get()) == 0) {
    return Malformed("RSA key: expected an odd modulus and an odd exponent from 3 to 2^64");
  }
  return Ok();
}

Error RefusedKind(ByteSpan der) {
  return RefusedSpki(der, {"prime256v1", "secp384r1", "secp521r1", "ED25519", "RSA"});
}

}  // namespace

const char* CurveName(KeyKind kind) {
  const auto curve = std::ranges::find(kCurves, kind, &Curve::kind);
  return curve == std::end(kCurves) ? nullptr : curve->name;
}

Result<DecodedKey> DecodeSpki(ByteSpan der) {
  if (der.size() > kMaxSpkiBytes) {
    return Malformed(
        fmt::format("public key of {} bytes, more than {}", der.size(), kMaxSpkiBytes));
  }
  for (const Curve& curve : kCurves) {
    if (HasPrefix(curve, der)) return DecodePoint(curve, der);
  }
  if (const auto ed25519 = Ed25519PublicKey::ParseSpki(der)) {
    return DecodedKey{KeyKind::kEd25519, 255, nullptr, *ed25519};
  }
  const uint8_t* at = der.data();
  PkeyPtr key(d2i_PUBKEY(nullptr, &at, static_cast<long>(der.size())));
  const bool rsa = key != nullptr && EVP_PKEY_is_a(key.get(), "RSA") == 1;
  if (!rsa || SpkiOf(*key) != ToBytes(der)) return RefusedKind(der);
  CARNET_TRY_VOID(CheckRsa(*key));
  const auto bits = static_cast<size_t>(EVP_PKEY_get_bits(key.get()));
  return DecodedKey{KeyKind::kRsa, bits, std::move(key), std::nullopt};
}

}  // namespace carnet::crypto
