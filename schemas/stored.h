// The stored record of one attestation (schemas/stored.capnp), as the ledger keeps it beside the
// leaf. Persistent form: an unpacked single-segment Cap'n Proto message.
#pragma once

#include <string>
#include <variant>

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

struct StoredAttestation {
  StatementId statement;  // not compared with the payload here: ledger/entry.h does
  Bytes signature;        // DER
  Bytes spki;             // the signer's SubjectPublicKeyInfo, DER
  SignerId signer;        // not compared with `spki` here: ledger/entry.h does
  // The in-toto Statement, the bytes that were signed; or why it is not here.
  std::variant<Bytes, Absence> content;

  friend bool operator==(const StoredAttestation&, const StoredAttestation&) = default;
};

std::string EncodeStored(const StoredAttestation& stored);
// Accepts exactly what EncodeStored writes. Errors: malformed (a damaged row; a row over the limits
// against pointer bombs).
Result<StoredAttestation> DecodeStored(ByteSpan bytes);

}  // namespace carnet::schemas
