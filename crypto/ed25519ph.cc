#include "crypto/ed25519ph.h"

#include <sodium.h>

#include <algorithm>
#include <array>

#include "crypto/sodium_ready.h"

namespace carnet::crypto {
namespace {

using Scalar = std::array<uint8_t, crypto_core_ed25519_SCALARBYTES>;
using Point = std::array<uint8_t, crypto_core_ed25519_BYTES>;

constexpr std::string_view kDom2("SigEd25519 no Ed25519 collisions\x01\x00", 34);

Scalar ReducedScalar(ByteSpan little_endian) {
  std::array<uint8_t, crypto_core_ed25519_NONREDUCEDSCALARBYTES> wide{};
  std::copy(little_endian.begin(), little_endian.end(), wide.begin());
  Scalar scalar;
  crypto_core_ed25519_scalar_reduce(scalar.data(), wide.data());
  return scalar;
}

// k of RFC 8032 section 5.1.7, step 2.
Scalar Challenge(ByteSpan r, ByteSpan key, ByteSpan digest) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (const ByteSpan part : {AsBytes(kDom2), r, key, digest}) {
    crypto_hash_sha512_update(&state, part.data(), part.size());
  }
  std::array<uint8_t, crypto_hash_sha512_BYTES> hash;
  crypto_hash_sha512_final(&state, hash.data());
  return ReducedScalar(hash);
}

}  // namespace

SignatureCheck VerifyEd25519ph(ByteSpan raw_key, std::span<const uint8_t, 64> digest,
                               ByteSpan signature) {
  EnsureSodium();
  if (signature.size() != crypto_sign_BYTES || raw_key.size() != Point{}.size()) {
    return SignatureCheck::kBad;
  }
  const ByteSpan r = signature.first(32), s = signature.subspan(32);
  if (!std::ranges::equal(ReducedScalar(s), s)) return SignatureCheck::kBad;
  const Scalar k = Challenge(r, raw_key, digest);
  Point sb, ka, expected;  // R = sB - kA
  // The second refuses keys that are not points of the group of prime order, in their one encoding.
  if (crypto_scalarmult_ed25519_base_noclamp(sb.data(), s.data()) != 0 ||
      crypto_scalarmult_ed25519_noclamp(ka.data(), k.data(), raw_key.data()) != 0 ||
      crypto_core_ed25519_sub(expected.data(), sb.data(), ka.data()) != 0) {
    return SignatureCheck::kBad;
  }
  constexpr Point kIdentity{1};  // libsodium refuses it as R too
  if (expected == kIdentity) return SignatureCheck::kBad;
  return std::ranges::equal(expected, r) ? SignatureCheck::kGood : SignatureCheck::kBad;
}

}  // namespace carnet::crypto
