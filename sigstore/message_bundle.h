// Sigstore bundle v0.3 of a message signature: one over an artifact itself, as `sign-blob` makes
// it. Written only; read it by foreign_bundle.h. Lines of passports are attestations (bundle.h).
#pragma once

#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/digests.h"
#include "sigstore/bundle.h"
#include "sigstore/log_entry.h"

namespace carnet::sigstore {

struct MessageBundle {
  VerificationMaterial material;
  std::vector<LogEntry> entries = {};
  std::vector<Bytes> timestamps = {};  // RFC 3161 responses over the signature, DER
  Sha256Digest digest;                 // of the artifact
  Bytes signature;                     // over the artifact, DER
};

// Compact JSON as cosign writes it (zero values left out), without LF.
std::string WriteMessageBundle(const MessageBundle& bundle);

}  // namespace carnet::sigstore
