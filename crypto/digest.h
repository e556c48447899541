// The hash algorithms of signatures that others make, streaming and by name. What Carnet names by
// digest is SHA-256 (crypto/sha256.h, which is faster). Not thread safe; one object per stream.
#pragma once

#include <memory>
#include <string_view>

#include "core/bytes.h"

namespace carnet::crypto {

enum class HashAlgorithm { kSha256, kSha384, kSha512 };

size_t DigestSize(HashAlgorithm algorithm);          // 32, 48 or 64 bytes
std::string_view HashName(HashAlgorithm algorithm);  // "sha256", "sha384", "sha512"

class Digester {
 public:
  explicit Digester(HashAlgorithm algorithm);
  Digester(Digester&&) noexcept;
  Digester& operator=(Digester&&) noexcept;
  ~Digester();

  Digester& Update(ByteSpan bytes);
  // Ends the stream; afterwards the object may only be assigned to.
  Bytes Finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Bytes DigestOf(HashAlgorithm algorithm, ByteSpan bytes);

}  // namespace carnet::crypto
