#include "crypto/ed25519.h"

#include <fmt/core.h>
#include <sodium.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/check.h"
#include "crypto/key_algorithm.h"
#include "crypto/sodium_ready.h"

namespace carnet::crypto {
namespace {

constexpr char kOpenSslName[] = "ED25519";
constexpr size_t kSeedBytes = crypto_sign_SEEDBYTES;

// What precedes the 32 key bytes (RFC 8410 sections 4 and 7).
constexpr uint8_t kEd25519Prefix[] = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                      0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};
constexpr uint8_t kPkcs8Prefix[] = {0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06,
                                    0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20};

// The 32 bytes after the prefix, or an empty span.
ByteSpan AfterPrefix(ByteSpan prefix, ByteSpan der) {
  if (der.size() != prefix.size() + 32) return {};
  if (!std::equal(prefix.begin(), prefix.end(), der.begin())) return {};
  return der.subspan(prefix.size());
}

}  // namespace

Result<Ed25519PublicKey> Ed25519PublicKey::FromRaw(ByteSpan raw) {
  const auto key = Raw::FromSpan(raw);
  if (!key) {
    return Malformed(fmt::format("Ed25519 public key has {} bytes, not 32", raw.size()));
  }
  return Ed25519PublicKey(*key);
}

Result<Ed25519PublicKey> Ed25519PublicKey::ParseSpki(ByteSpan der) {
  const ByteSpan raw = AfterPrefix(kEd25519Prefix, der);
  if (raw.empty()) return RefusedSpki(der, {kOpenSslName});
  return FromRaw(raw);
}

Bytes Ed25519PublicKey::ToSpki() const {
  Bytes spki(sizeof kEd25519Prefix + Raw::kSize);
  const auto key = std::copy(std::begin(kEd25519Prefix), std::end(kEd25519Prefix), spki.begin());
  std::copy(raw_.span().begin(), raw_.span().end(), key);
  return spki;
}

SignatureCheck Ed25519PublicKey::Verify(ByteSpan message, ByteSpan signature) const {
  EnsureSodium();
  if (signature.size() != crypto_sign_BYTES) return SignatureCheck::kBad;
  const int answer =
      crypto_sign_verify_detached(signature.data(), message.data(), message.size(), raw_.data());
  return answer == 0 ? SignatureCheck::kGood : SignatureCheck::kBad;
}

Ed25519PrivateKey::Ed25519PrivateKey(SecretBytes secret, const Ed25519PublicKey& public_key)
    : secret_(std::move(secret)), public_key_(public_key) {}

Ed25519PrivateKey Ed25519PrivateKey::Generate() {
  EnsureSodium();
  SecretBytes seed(kSeedBytes);
  randombytes_buf(seed.ExposeMutable().data(), seed.size());
  return FromSeed(seed).value();
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::FromSeed(const SecretBytes& seed) {
  EnsureSodium();
  if (seed.size() != kSeedBytes) {
    return Malformed(fmt::format("Ed25519 seed has {} bytes, not 32", seed.size()));
  }
  SecretBytes secret(crypto_sign_SECRETKEYBYTES);
  std::array<uint8_t, crypto_sign_PUBLICKEYBYTES> raw;
  CARNET_CHECK(crypto_sign_seed_keypair(raw.data(), secret.ExposeMutable().data(),
                                        seed.Expose().data()) == 0);
  CARNET_TRY(const auto public_key, Ed25519PublicKey::FromRaw(raw));
  return Ed25519PrivateKey(std::move(secret), public_key);
}

Result<Ed25519PrivateKey> Ed25519PrivateKey::ParsePkcs8(const SecretBytes& der) {
  const ByteSpan seed = AfterPrefix(kPkcs8Prefix, der.Expose());
  if (seed.empty()) return RefusedPkcs8(der.Expose(), {kOpenSslName});
  return FromSeed(SecretBytes::CopyOf(seed));
}

SecretBytes Ed25519PrivateKey::ToPkcs8() const {
  SecretBytes der(sizeof kPkcs8Prefix + kSeedBytes);
  const auto out = der.ExposeMutable();
  std::copy(std::begin(kPkcs8Prefix), std::end(kPkcs8Prefix), out.begin());
  const ByteSpan seed = secret_.Expose().first(kSeedBytes);
  std::copy(seed.begin(), seed.end(), out.begin() + sizeof kPkcs8Prefix);
  return der;
}

Ed25519Signature Ed25519PrivateKey::Sign(ByteSpan message) const {
  std::array<uint8_t, crypto_sign_BYTES> signature;
  CARNET_CHECK(crypto_sign_detached(signature.data(), nullptr, message.data(), message.size(),
                                    secret_.Expose().data()) == 0);
  return Ed25519Signature(signature);
}

}  // namespace carnet::crypto
