// The log's leaf: the canonical (RFC 8785) body of a Rekor v2 `hashedrekord` 0.0.2 entry over
// SHA-256(PAE) (rekor-tiles, hashedrekord 0.0.2). Rebuilt and compared byte by byte, never parsed
// for trust.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"

namespace carnet::sigstore {

inline constexpr std::string_view kEntryKind = "hashedrekord";
inline constexpr std::string_view kEntryVersion = "0.0.2";

struct HashedRekord {
  StatementId statement;
  Bytes signature;         // DER
  Bytes spki;              // P-256, DER; empty where `certificate` is given
  Bytes certificate = {};  // DER; empty where `spki` is given

  friend bool operator==(const HashedRekord&, const HashedRekord&) = default;
};

std::string WriteHashedRekord(const StatementId& statement, ByteSpan signature, ByteSpan spki);
// Of a signer with a certificate for a P-256 key: in its leaf the certificate stands for the key.
std::string WriteCertifiedHashedRekord(const StatementId& statement, ByteSpan signature,
                                       ByteSpan certificate);
std::string WriteHashedRekord(const HashedRekord& record);
// Exactly what those write. Errors: malformed. For fsck and inspect.
Result<HashedRekord> ReadHashedRekord(std::string_view body);

}  // namespace carnet::sigstore
