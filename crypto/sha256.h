// SHA-256 (FIPS 180-4), streaming. Not thread safe; one object per stream.
#pragma once

#include <array>
#include <cstddef>

#include "core/bytes.h"
#include "core/digests.h"

namespace carnet::crypto {

class Sha256 {
 public:
  Sha256();
  Sha256(const Sha256&) = default;
  Sha256& operator=(const Sha256&) = default;

  Sha256& Update(ByteSpan bytes);
  Sha256& Update(std::string_view text) { return Update(AsBytes(text)); }
  // Ends the stream; afterwards the object may only be assigned to.
  Sha256Digest Finish();

 private:
  friend class Sha256Access;  // crypto/sha256_many.cc: several streams through one kernel
  // OpenSSL's SHA256_CTX, whose header may be included in crypto/'s .cc files only.
  alignas(8) std::array<std::byte, 112> context_;
};

Sha256Digest Sha256Of(ByteSpan bytes);
inline Sha256Digest Sha256Of(std::string_view text) { return Sha256Of(AsBytes(text)); }

}  // namespace carnet::crypto
