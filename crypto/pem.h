// PEM (RFC 7468), strict: base64 lines, a label; text before the block is allowed, as OpenSSL
// writes some, text after a file's one block is not.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "crypto/secret_bytes.h"

namespace carnet::crypto {

struct PemBlock {
  std::string label;  // "PUBLIC KEY", "ENCRYPTED SIGSTORE PRIVATE KEY", …
  SecretBytes body;   // secret, as private keys come in PEM too
};

// How the base64 is broken into lines: of 64 characters each but the last, as RFC 7468 has it
// written, or of any length, as public keys are found in the wild.
enum class PemLines { kOf64, kOfAnyLength };

// Errors: malformed.
Result<PemBlock> ParsePem(std::string_view text, PemLines lines = PemLines::kOf64);
// Every block of a file, in order: at least one, at most `max_blocks`, any text around them, but no
// line that only looks like the begin or end of one. Lines of any length: certificates too are
// found so, such as on one line. Errors: malformed.
Result<std::vector<PemBlock>> ParsePemBlocks(std::string_view text, size_t max_blocks);
std::string WritePem(std::string_view label, ByteSpan body);  // lines of 64 characters

}  // namespace carnet::crypto
