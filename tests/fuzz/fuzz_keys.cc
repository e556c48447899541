// Keys and signatures in DER: a key has one encoding; no bytes from outside are a signature of
// a key that was made here, nor does a signature survive a change.
#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "core/check.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "crypto/ed25519.h"

using carnet::Bytes;
using carnet::ByteSpan;
using namespace carnet::crypto;

namespace {

constexpr std::string_view kMessage = "message";

void CheckPublicKeys(ByteSpan der) {
  if (const auto key = P256PublicKey::ParseSpki(der)) {
    CARNET_CHECK(std::ranges::equal(key->spki(), der));
    CARNET_CHECK(carnet::SignerId(key->id()).key() == key->id());
    CARNET_CHECK(key->Verify(der, der) == SignatureCheck::kBad);
  }
  if (const auto key = Ed25519PublicKey::ParseSpki(der)) {
    CARNET_CHECK(std::ranges::equal(key->ToSpki(), der));
    CARNET_CHECK(key->Verify(der, der) == SignatureCheck::kBad);
  }
}

void CheckPrivateKeys(ByteSpan der) {
  const SecretBytes secret = SecretBytes::CopyOf(der);
  const auto message = carnet::AsBytes(kMessage);
  if (const auto key = P256PrivateKey::ParsePkcs8(secret)) {
    CARNET_CHECK(key->public_key().Verify(message, key->Sign(message)) == SignatureCheck::kGood);
    const auto again = P256PrivateKey::ParsePkcs8(key->ToPkcs8());
    CARNET_CHECK(again.has_value() && again->public_key().id() == key->public_key().id());
  }
  if (const auto key = Ed25519PrivateKey::ParsePkcs8(secret)) {
    const auto signature = key->Sign(message);
    CARNET_CHECK(key->public_key().Verify(message, signature.span()) == SignatureCheck::kGood);
    const auto again = Ed25519PrivateKey::ParsePkcs8(key->ToPkcs8());
    CARNET_CHECK(again.has_value() && again->public_key() == key->public_key());
  }
}

void CheckSignatures(ByteSpan bytes) {
  static const auto* const kKey = new P256PrivateKey(P256PrivateKey::Generate());
  static const auto* const kSignature = new Bytes(kKey->Sign(carnet::AsBytes(kMessage)));
  const auto check = [](ByteSpan signature) {
    return kKey->public_key().Verify(carnet::AsBytes(kMessage), signature);
  };
  CARNET_CHECK(check(bytes) == SignatureCheck::kBad);
  Bytes changed = *kSignature;
  for (size_t i = 0; i < bytes.size(); ++i) changed[i % changed.size()] ^= bytes[i];
  if (changed != *kSignature) CARNET_CHECK(check(changed) == SignatureCheck::kBad);
  changed = *kSignature;
  changed.insert(changed.end(), bytes.begin(), bytes.end());
  if (!bytes.empty()) CARNET_CHECK(check(changed) == SignatureCheck::kBad);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const ByteSpan bytes(data, size);
  CheckPublicKeys(bytes);
  CheckPrivateKeys(bytes);
  CheckSignatures(bytes);
  return 0;
}
