// BLAKE2b with 512 bits of output and no key (RFC 7693), streaming: what OpenSSF Model Signing
// calls `blake2b`. Not thread safe; one object per stream.
#pragma once

#include <array>
#include <cstddef>

#include "core/bytes.h"
#include "core/fixed_bytes.h"

namespace carnet::crypto {

using Blake2bDigest = FixedBytes<struct Blake2bDigestTag, 64>;

class Blake2b {
 public:
  Blake2b();

  Blake2b& Update(ByteSpan bytes);
  // Ends the stream; afterwards the object may only be assigned to.
  Blake2bDigest Finish();

 private:
  // libsodium's crypto_generichash_state, whose header may be included in crypto/'s .cc files only.
  alignas(64) std::array<std::byte, 384> state_;
};

}  // namespace carnet::crypto
