// The caller's password as secret memory.
#pragma once

#include <carnet/ledger.h>

#include <functional>

#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::api {

inline std::function<Result<crypto::SecretBytes>()> SecretOf(const Password& password,
                                                             const char* whose) {
  return [password, whose]() -> Result<crypto::SecretBytes> {
    if (!password) return Rejected(std::string(whose) + " is encrypted, and no password was given");
    CARNET_TRY(const std::string text, password());
    return crypto::SecretBytes::CopyOf(text);
  };
}

}  // namespace carnet::api
