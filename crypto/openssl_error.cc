#include "crypto/openssl_error.h"

#include <openssl/err.h>

namespace carnet::crypto {

Error OpenSslError(ErrorCode code, std::string what) {
  const unsigned long first = ERR_get_error();
  DiscardOpenSslErrors();
  const char* reason = first == 0 ? nullptr : ERR_reason_error_string(first);
  if (reason != nullptr) what.append(": ").append(reason);
  return {code, std::move(what)};
}

void DiscardOpenSslErrors() { ERR_clear_error(); }

}  // namespace carnet::crypto
