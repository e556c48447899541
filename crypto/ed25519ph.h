// Private to crypto/: Ed25519ph (RFC 8032 section 5.1) with an empty context, over the SHA-512 of
// a message. By hand, on libsodium's arithmetic: OpenSSL 3.0 has none, and libsodium's own takes
// the message, not its digest.
#pragma once

#include <span>

#include "core/bytes.h"
#include "crypto/signature_check.h"

namespace carnet::crypto {

// Strict: s below the group's order, key and R in their one encoding; a key outside the group of
// prime order is refused (libsodium's own refuses only those of small order).
SignatureCheck VerifyEd25519ph(ByteSpan raw_key, std::span<const uint8_t, 64> digest,
                               ByteSpan signature);

}  // namespace carnet::crypto
