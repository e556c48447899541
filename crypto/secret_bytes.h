// SecretBytes: move-only bytes in locked, guarded memory (sodium_malloc), zeroed when freed.
// No comparison, no printing. `Expose` is for crypto/, and in signer/ for what writes key files and
// hands a PIN to its token.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/bytes.h"

namespace carnet::crypto {

class SecretBytes {
 public:
  explicit SecretBytes(size_t size);  // zeroed
  static SecretBytes CopyOf(ByteSpan bytes);
  static SecretBytes CopyOf(std::string_view text) { return CopyOf(AsBytes(text)); }

  SecretBytes(SecretBytes&& other) noexcept;
  SecretBytes& operator=(SecretBytes&& other) noexcept;
  ~SecretBytes();

  size_t size() const { return size_; }
  ByteSpan Expose() const { return {data_, size_}; }
  std::span<uint8_t> ExposeMutable() { return {data_, size_}; }

 private:
  uint8_t* data_;
  size_t size_;
};

}  // namespace carnet::crypto
