// DSSE (github.com/secure-systems-lab/dsse, its protocol): what is signed is the
// pre-authentication encoding of type and payload, never a re-serialised payload.
#pragma once

#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/digests.h"

namespace carnet::sigstore {

inline constexpr std::string_view kInTotoPayloadType = "application/vnd.in-toto+json";

struct Envelope {
  std::string payload_type;
  Bytes payload;
  Bytes signature;  // exactly one, without a keyid: nothing that is signed says whose it is

  friend bool operator==(const Envelope&, const Envelope&) = default;
};

// "DSSEv1 " len(type) " " type " " len(payload) " " payload, lengths in decimal bytes.
std::string PreAuthEncoding(std::string_view payload_type, ByteSpan payload);

// SHA-256 of the PAE of an in-toto payload; streamed, without building the PAE.
StatementId StatementIdOf(ByteSpan payload);
Sha256Digest PaeDigest(std::string_view payload_type, ByteSpan payload);

}  // namespace carnet::sigstore
