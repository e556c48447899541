// Time-stamp tokens (RFC 3161, RFC 5816): a time stamping authority's signature over the digest of
// some bytes and a time. No clock: the token is judged at the time that it states. Thread safe.
#pragma once

#include <span>
#include <vector>

#include "core/bytes.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/digest.h"

namespace carnet::crypto {

inline constexpr size_t kMaxTimestampBytes = 64 * 1024;  // a chain of certificates fits

// The chain of one authority as a trusted root lists it: the certificate that signs tokens, the
// CAs above it, the anchor last. Of a chain of one certificate it is leaf and anchor.
using TimestampChain = std::span<const Certificate>;

struct TimestampToken {
  TimestampMs time;            // genTime; anything finer than a millisecond is cut off
  HashAlgorithm imprint_hash;  // SHA-256, SHA-384 or SHA-512
};

// A whole TimeStampResp, DER, nothing trailing, over `message`. Checks, in order:
// 1 the response: status granted (or granted with modifications), a token, no trailing bytes, no
//   critical extension;
// 2 the one signer is the chain's first certificate: by name and serial number, and by the
//   ESSCertID(v2), which must be signed; where the token embeds certificates (never trusted), the
//   signer's is among them and no other claims to be it;
// 3 the imprint is the digest of `message` by a hash that is accepted;
// 4 its signature, by a hash that is accepted, is good;
// 5 the chain is a path to its last certificate at genTime, and no CA in it is for other uses only;
// 6 the signer is not a CA, and its extendedKeyUsage is critical and only timeStamping.
// Whether the authority was trusted at that time is the caller's to check.
// Errors: malformed, rejected (which check), not_found (it names another signer: it may be another
// authority's).
Result<TimestampToken> VerifyTimestamp(ByteSpan response, ByteSpan message, TimestampChain chain);

// Check 1 alone, whoever has signed it. Errors: malformed, rejected.
Result<> CheckTimestampForm(ByteSpan response);

// What is sent to an authority: the SHA-256 imprint of `message`, `nonce` (8 bytes), certReq.
Bytes TimestampRequest(ByteSpan message, ByteSpan nonce);
// Whether the response repeats the nonce of the request. Errors: malformed, rejected.
Result<> CheckTimestampNonce(ByteSpan response, ByteSpan nonce);

}  // namespace carnet::crypto
