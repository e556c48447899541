// The stored record of one attestation (schemas/stored.capnp), as the ledger keeps it beside the
// leaf. Persistent form: an unpacked single-segment Cap'n Proto message.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/signer_id.h"
#include "core/timestamp.h"

namespace carnet::schemas {

enum class AbsenceCause : uint8_t {
  kWithheld,  // its text was never stored
  kErased,
};

// In place of a payload: a state that somebody chose, not damage.
struct Absence {
  AbsenceCause cause;
  TimestampMs since;
  std::string reason;  // any bytes, at most kMaxReasonBytes: print it through Printable
  Bytes terms;         // what the index has of the statement: ledger/index_terms.h

  friend bool operator==(const Absence&, const Absence&) = default;
};

inline constexpr size_t kMaxReasonBytes = 1'024;
// Against rows that strangers fill: nobody judges a time stamp before it is stored.
inline constexpr size_t kMaxStoredTimestamps = 4;
inline constexpr size_t kMaxStoredTimestampBytes = 64 * 1024;  // of one; a chain of CAs fits

struct StoredAttestation {
  StatementId statement;  // not compared with the payload here: ledger/entry.h does
  Bytes signature;        // DER
  Bytes spki;             // the signer's SubjectPublicKeyInfo, DER; empty with a certificate
  SignerId signer;        // not compared with either here: ledger/entry.h does
  // The in-toto Statement, the bytes that were signed; or why it is not here.
  std::variant<Bytes, Absence> content;
  Bytes certificate = {};              // the signer's, DER; empty where `spki` is given
  std::vector<Bytes> timestamps = {};  // RFC 3161 responses over the signature; not judged

  friend bool operator==(const StoredAttestation&, const StoredAttestation&) = default;
};

// Requires time stamps within their limits.
std::string EncodeStored(const StoredAttestation& stored);
// Accepts exactly what EncodeStored writes. Errors: malformed (a damaged row; a row over the limits
// against pointer bombs).
Result<StoredAttestation> DecodeStored(ByteSpan bytes);

}  // namespace carnet::schemas
