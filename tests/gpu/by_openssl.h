// The oracle of these tests: SHA-256 by OpenSSL's own interface.
#pragma once

#include <openssl/evp.h>

#include <array>

#include "core/bytes.h"
#include "core/digests.h"
#include "tests/support/test.h"

namespace carnet::gpu {

inline Sha256Digest ByOpenSsl(ByteSpan bytes) {
  std::array<uint8_t, 32> digest;
  BOOST_REQUIRE_EQUAL(
      EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_sha256(), nullptr), 1);
  return Sha256Digest(digest);
}

}  // namespace carnet::gpu
