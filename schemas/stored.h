// The stored record of one attestation (schemas/stored.capnp), as the ledger keeps it beside the
// leaf. Persistent form: an unpacked single-segment Cap'n Proto message.
#pragma once

#include <string>

#include "core/bytes.h"
#include "core/result.h"
#include "core/signer_id.h"

namespace carnet::schemas {

struct StoredAttestation {
  Bytes payload;    // the in-toto Statement, the bytes that were signed
  Bytes signature;  // DER
  Bytes spki;       // the signer's SubjectPublicKeyInfo, DER
  SignerId signer;  // not compared with `spki` here: ledger/entry.h does

  friend bool operator==(const StoredAttestation&, const StoredAttestation&) = default;
};

std::string EncodeStored(const StoredAttestation& stored);
// Errors: malformed (a damaged row; a row over the limits against pointer bombs).
Result<StoredAttestation> DecodeStored(ByteSpan bytes);

}  // namespace carnet::schemas
