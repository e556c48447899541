// Why the general bundle verifier refuses a bundle: one reason for each numbered step of
// verify_bundle.h.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "core/result.h"

namespace carnet::verifier::bundle {

// The numbers are those of the steps in Sigstore's client specification as docs/sigstore.md has
// them.
enum class BundleReason {
  kMalformedBundle,       // 1
  kBadTimestamp,          // 2a
  kBadPromise,            // 2b, 6a
  kNoVerifiedTime,        // 2c
  kUntrustedCertificate,  // 3
  kWrongCertificateUse,   // 3
  kBadSct,                // 4
  kWrongIdentity,         // 5
  kDuplicateLogEntry,     // 6
  kNotLogged,             // 6
  kBadCheckpoint,         // 6b
  kBadInclusionProof,     // 6c
  kWrongLogBody,          // 6d
  kBadSignature,          // 7
  kWrongStatement,        // 7
  kWrongArtifact,         // 7
  kWrongKeyMaterial,      // 8
};

std::string_view ReasonName(BundleReason reason);  // "bad-timestamp"

struct BundleRejection {
  BundleReason reason;
  std::string message;  // what was found and what was wanted
};

// The bundle is refused for this reason where the check failed.
std::optional<BundleRejection> Refused(BundleReason reason, const Result<>& check);

}  // namespace carnet::verifier::bundle
