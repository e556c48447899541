#include "crypto/secret_bytes.h"

#include <sodium.h>

#include <algorithm>
#include <utility>

#include "core/check.h"
#include "crypto/sodium_ready.h"

namespace carnet::crypto {

SecretBytes::SecretBytes(size_t size) : size_(size) {
  EnsureSodium();
  data_ = static_cast<uint8_t*>(sodium_malloc(size));
  CARNET_CHECK(data_ != nullptr);  // out of memory
  sodium_memzero(data_, size_);
}

SecretBytes SecretBytes::CopyOf(ByteSpan bytes) {
  SecretBytes copy(bytes.size());
  std::copy(bytes.begin(), bytes.end(), copy.data_);
  return copy;
}

SecretBytes::SecretBytes(SecretBytes&& other) noexcept
    : data_(std::exchange(other.data_, nullptr)), size_(std::exchange(other.size_, 0)) {}

SecretBytes& SecretBytes::operator=(SecretBytes&& other) noexcept {
  std::swap(data_, other.data_);
  std::swap(size_, other.size_);
  return *this;
}

SecretBytes::~SecretBytes() { sodium_free(data_); }

}  // namespace carnet::crypto
