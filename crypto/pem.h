// PEM (RFC 7468), strict: one block, base64 lines, a label; text before the block is allowed, as
// OpenSSL writes some, text after it is not.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

struct PemBlock {
  std::string label;  // "PUBLIC KEY", "ENCRYPTED SIGSTORE PRIVATE KEY", …
  SecretBytes body;   // secret, as private keys come in PEM too
};

// Errors: malformed.
Result<PemBlock> ParsePem(std::string_view text);
std::string WritePem(std::string_view label, ByteSpan body);  // lines of 64 characters

}  // namespace carnet::crypto
