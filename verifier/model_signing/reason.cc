#include "verifier/model_signing/reason.h"

#include <array>

#include "core/check.h"

namespace carnet::verifier::model_signing {
namespace {

struct NamedReason {
  Reason reason;
  std::string_view name;
};

constexpr std::array kReasonNames = {
    NamedReason{Reason::kMalformedBundle, "malformed-bundle"},
    NamedReason{Reason::kOtherMethod, "other-method"},
    NamedReason{Reason::kOtherKey, "other-key"},
    NamedReason{Reason::kUntrustedCertificate, "untrusted-certificate"},
    NamedReason{Reason::kCertificateNotValid, "certificate-not-valid"},
    NamedReason{Reason::kCertificateNotForSigning, "certificate-not-for-signing"},
    NamedReason{Reason::kBadSignature, "bad-signature"},
    NamedReason{Reason::kWrongIdentity, "wrong-identity"},
    NamedReason{Reason::kBadTimestamp, "bad-timestamp"},
    NamedReason{Reason::kBadPromise, "bad-promise"},
    NamedReason{Reason::kNoVerifiedTime, "no-verified-time"},
    NamedReason{Reason::kBadSct, "bad-sct"},
    NamedReason{Reason::kNotLogged, "not-logged"},
    NamedReason{Reason::kDuplicateLogEntry, "duplicate-log-entry"},
    NamedReason{Reason::kBadCheckpoint, "bad-checkpoint"},
    NamedReason{Reason::kBadInclusionProof, "bad-inclusion-proof"},
    NamedReason{Reason::kWrongLogBody, "wrong-log-body"},
    NamedReason{Reason::kWrongPayloadType, "wrong-payload-type"},
    NamedReason{Reason::kMalformedStatement, "malformed-statement"},
    NamedReason{Reason::kOtherVersion, "other-version"},
    NamedReason{Reason::kUnsupportedHash, "unsupported-hash"},
    NamedReason{Reason::kUnsafePath, "unsafe-path"},
    NamedReason{Reason::kDuplicateName, "duplicate-name"},
    NamedReason{Reason::kUntiledShards, "untiled-shards"},
    NamedReason{Reason::kWrongRoot, "wrong-root"},
    NamedReason{Reason::kLinksNotAllowed, "links-not-allowed"},
    NamedReason{Reason::kNotASingleFile, "not-a-single-file"},
    NamedReason{Reason::kUnsignableEntry, "unsignable-entry"},
    NamedReason{Reason::kMissingFile, "missing-file"},
    NamedReason{Reason::kChangedFile, "changed-file"},
    NamedReason{Reason::kUnsignedFile, "unsigned-file"},
};

constexpr bool ReasonsInOrder() {
  for (size_t i = 0; i < kReasonNames.size(); ++i) {
    if (kReasonNames[i].reason != static_cast<Reason>(i)) return false;
  }
  return true;
}
static_assert(ReasonsInOrder(), "one row a reason, in the order of the enumeration");

}  // namespace

std::string_view ReasonName(Reason reason) {
  return kReasonNames[static_cast<size_t>(reason)].name;
}

std::vector<Reason> AllReasons() {
  std::vector<Reason> reasons;
  reasons.reserve(kReasonNames.size());
  for (const NamedReason& row : kReasonNames) reasons.push_back(row.reason);
  return reasons;
}

}  // namespace carnet::verifier::model_signing
