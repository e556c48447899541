// BLAKE2b with a key of 32 bytes and 32 bytes of output (RFC 7693): only who has the key can make
// the hash of a message, or tell a right one from a wrong one. Thread safe.
#pragma once

#include <span>

#include "core/bytes.h"
#include "core/fixed_bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

using KeyedHash = FixedBytes<struct KeyedHashTag, 32>;

class HashKey {
 public:
  static constexpr size_t kSize = 32;

  // Errors: malformed, unless `bytes` are kSize.
  static Result<HashKey> Create(SecretBytes bytes);

  // Of the parts one after another. Where they end is not part of the hash: all but one of them
  // have a size that is fixed, or that an earlier one states.
  KeyedHash Hash(std::span<const ByteSpan> parts) const;
  // Whether that is `expected`, in a time that does not tell how much of it is.
  bool Matches(std::span<const ByteSpan> parts, const KeyedHash& expected) const;

 private:
  explicit HashKey(SecretBytes bytes) : bytes_(std::move(bytes)) {}

  SecretBytes bytes_;
};

}  // namespace carnet::crypto
