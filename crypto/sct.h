// Signed certificate timestamps embedded in a certificate (RFC 6962 section 3.2 and 3.3): what a
// certificate-transparency log promised when it saw the precertificate. Extensions, as logs of
// static-ct-api have them, are covered by the signature. Thread safe.
#pragma once

#include <span>
#include <vector>

#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/certificate.h"
#include "crypto/public_key.h"
#include "crypto/signature_check.h"

namespace carnet::crypto {

struct CertificateTimestamp {
  LogId log;  // SHA-256 of the log's SubjectPublicKeyInfo
  TimestampMs time;
  Bytes serialized;  // one SCT, for CheckCertificateTimestamp
};

inline constexpr size_t kMaxCertificateTimestamps = 16;  // against signatures to verify

// Those in the extension 1.3.6.1.4.1.11129.2.4.2; none where it is absent. Errors: malformed (also:
// another version than v1, a time after the year 9999, or too many).
Result<std::vector<CertificateTimestamp>> ReadCertificateTimestamps(const Certificate& leaf);

// Whether the log of this key signed it for this leaf, which `issuer` signed.
SignatureCheck CheckCertificateTimestamp(const CertificateTimestamp& timestamp,
                                         const Certificate& leaf, const Certificate& issuer,
                                         const PublicKey& log_key);

}  // namespace carnet::crypto
