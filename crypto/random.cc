#include "crypto/random.h"

#include <sodium.h>

#include "crypto/sodium_ready.h"

namespace carnet::crypto {

void FillRandom(std::span<uint8_t> out) {
  if (out.empty()) return;  // an empty span may be null, which libsodium refuses
  EnsureSodium();
  randombytes_buf(out.data(), out.size());
}

}  // namespace carnet::crypto
