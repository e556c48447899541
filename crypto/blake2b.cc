#include "crypto/blake2b.h"

#include <sodium.h>

#include "core/check.h"
#include "crypto/sodium_ready.h"

namespace carnet::crypto {
namespace {

crypto_generichash_state* BlakeState(std::array<std::byte, 384>& bytes) {
  static_assert(sizeof(crypto_generichash_state) <= sizeof bytes);
  static_assert(alignof(crypto_generichash_state) <= 64);
  return reinterpret_cast<crypto_generichash_state*>(bytes.data());
}

}  // namespace

Blake2b::Blake2b() {
  EnsureSodium();
  CARNET_CHECK(crypto_generichash_init(BlakeState(state_), nullptr, 0, Blake2bDigest::kSize) == 0);
}

Blake2b& Blake2b::Update(ByteSpan bytes) {
  CARNET_CHECK(crypto_generichash_update(BlakeState(state_), bytes.data(), bytes.size()) == 0);
  return *this;
}

Blake2bDigest Blake2b::Finish() {
  std::array<uint8_t, Blake2bDigest::kSize> digest;
  CARNET_CHECK(crypto_generichash_final(BlakeState(state_), digest.data(), digest.size()) == 0);
  return Blake2bDigest(digest);
}

}  // namespace carnet::crypto
