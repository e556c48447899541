// Private to crypto/: OpenSSL's state inside a Sha256, for sha256.cc and sha256_many.cc. The
// low-level calls are deprecated in OpenSSL 3 but need no provider fetch and no allocation: a
// 65-byte node costs a quarter of what one-shot EVP costs. A file that includes this header may
// therefore use them.
#pragma once

#define OPENSSL_SUPPRESS_DEPRECATED  // before any OpenSSL header
#include <openssl/sha.h>

#include <new>
#include <type_traits>

#include "crypto/sha256.h"

namespace carnet::crypto {

class Sha256Access {
 public:
  static SHA256_CTX& Context(Sha256& stream) {
    static_assert(sizeof(stream.context_) == sizeof(SHA256_CTX));
    static_assert(alignof(SHA256_CTX) <= 8);
    static_assert(std::is_trivially_copyable_v<SHA256_CTX>);
    return *std::launder(reinterpret_cast<SHA256_CTX*>(stream.context_.data()));
  }
};

}  // namespace carnet::crypto
