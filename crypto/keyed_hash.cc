#include "crypto/keyed_hash.h"

#include <sodium.h>

#include <array>

#include "core/check.h"
#include "crypto/sodium_ready.h"

namespace carnet::crypto {

Result<HashKey> HashKey::Create(SecretBytes bytes) {
  if (bytes.size() != kSize) return Malformed("key of a keyed hash is not 32 bytes");
  return HashKey(std::move(bytes));
}

KeyedHash HashKey::Hash(std::span<const ByteSpan> parts) const {
  EnsureSodium();
  crypto_generichash_state state;
  const ByteSpan key = bytes_.Expose();
  CARNET_CHECK(crypto_generichash_init(&state, key.data(), key.size(), KeyedHash::kSize) == 0);
  for (const ByteSpan part : parts) {
    CARNET_CHECK(crypto_generichash_update(&state, part.data(), part.size()) == 0);
  }
  std::array<uint8_t, KeyedHash::kSize> hash;
  CARNET_CHECK(crypto_generichash_final(&state, hash.data(), hash.size()) == 0);
  sodium_memzero(&state, sizeof state);  // it begins with the key
  return KeyedHash(hash);
}

bool HashKey::Matches(std::span<const ByteSpan> parts, const KeyedHash& expected) const {
  return sodium_memcmp(Hash(parts).data(), expected.data(), KeyedHash::kSize) == 0;
}

}  // namespace carnet::crypto
