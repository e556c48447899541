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
  Bytes signature;  // DER
  Bytes spki;       // P-256, DER

  friend bool operator==(const HashedRekord&, const HashedRekord&) = default;
};

std::string WriteHashedRekord(const StatementId& statement, ByteSpan signature, ByteSpan spki);
// Exactly what WriteHashedRekord writes. Errors: malformed. For fsck and inspect.
Result<HashedRekord> ReadHashedRekord(std::string_view body);

}  // namespace carnet::sigstore
