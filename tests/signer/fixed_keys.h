// What key files are written with in tests.
#pragma once

#include <array>
#include <string>

#include "signer/file_key.h"

namespace carnet::signer {

inline KeyFileRandomness Fixed() {
  KeyFileRandomness randomness{{}, crypto::BoxNonce(std::array<uint8_t, 24>{})};
  randomness.salt.fill(9);
  return randomness;
}

inline PasswordProvider Gives(std::string text) {
  return [text]() -> Result<crypto::SecretBytes> { return crypto::SecretBytes::CopyOf(text); };
}

}  // namespace carnet::signer
