// ECDSA signatures as tokens give them (PKCS#11 v2.40, 2.3.1): r and s side by side, each as long
// as the curve's order, big-endian.
#pragma once

#include "core/bytes.h"
#include "core/result.h"

namespace carnet::crypto {

inline constexpr size_t kRawP256SignatureBytes = 64;

// The same signature as DER (RFC 3279 2.2.3). Whether it is good is not judged. Errors: malformed
// for another size.
Result<Bytes> DerOfRawP256(ByteSpan raw);

}  // namespace carnet::crypto
