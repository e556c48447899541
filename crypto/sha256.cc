#include "crypto/sha256.h"

#include "core/check.h"
#include "crypto/sha256_context.h"

namespace carnet::crypto {

Sha256::Sha256() { CARNET_CHECK(SHA256_Init(&Sha256Access::Context(*this)) == 1); }

Sha256& Sha256::Update(ByteSpan bytes) {
  CARNET_CHECK(SHA256_Update(&Sha256Access::Context(*this), bytes.data(), bytes.size()) == 1);
  return *this;
}

Sha256Digest Sha256::Finish() {
  std::array<uint8_t, Sha256Digest::kSize> digest;
  CARNET_CHECK(SHA256_Final(digest.data(), &Sha256Access::Context(*this)) == 1);
  return Sha256Digest(digest);
}

Sha256Digest Sha256Of(ByteSpan bytes) { return Sha256().Update(bytes).Finish(); }

}  // namespace carnet::crypto
