#include "verifier/bundle/bundle_reason.h"

#include "core/check.h"

namespace carnet::verifier::bundle {

std::string_view ReasonName(BundleReason reason) {
  switch (reason) {
    case BundleReason::kMalformedBundle:
      return "malformed-bundle";
    case BundleReason::kBadTimestamp:
      return "bad-timestamp";
    case BundleReason::kBadPromise:
      return "bad-promise";
    case BundleReason::kNoVerifiedTime:
      return "no-verified-time";
    case BundleReason::kUntrustedCertificate:
      return "untrusted-certificate";
    case BundleReason::kWrongCertificateUse:
      return "wrong-certificate-use";
    case BundleReason::kBadSct:
      return "bad-sct";
    case BundleReason::kWrongIdentity:
      return "wrong-identity";
    case BundleReason::kDuplicateLogEntry:
      return "duplicate-log-entry";
    case BundleReason::kNotLogged:
      return "not-logged";
    case BundleReason::kBadCheckpoint:
      return "bad-checkpoint";
    case BundleReason::kBadInclusionProof:
      return "bad-inclusion-proof";
    case BundleReason::kWrongLogBody:
      return "wrong-log-body";
    case BundleReason::kBadSignature:
      return "bad-signature";
    case BundleReason::kWrongStatement:
      return "wrong-statement";
    case BundleReason::kWrongArtifact:
      return "wrong-artifact";
    case BundleReason::kWrongKeyMaterial:
      return "wrong-key-material";
  }
  CARNET_CHECK(false);
}

std::optional<BundleRejection> Refused(BundleReason reason, const Result<>& check) {
  if (check.has_value()) return std::nullopt;
  return BundleRejection{reason, check.error().message};
}

}  // namespace carnet::verifier::bundle
