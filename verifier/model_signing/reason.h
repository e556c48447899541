// Why a model's signature (OpenSSF Model Signing) is refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace carnet::verifier::model_signing {

// In the order of the steps of model_signing/verify.h. Names appear in results that people keep: do
// not change them.
enum class Reason {
  // 1, the bundle
  kMalformedBundle,
  kOtherMethod,  // signed by another method than the one that was asked for
  // 2, the signature
  kOtherKey,
  kUntrustedCertificate,
  kCertificateNotValid,
  kCertificateNotForSigning,
  kBadSignature,
  // 2, by Sigstore, as verifier/bundle/bundle_reason.h
  kWrongIdentity,
  kBadTimestamp,  // by certificate, too
  kBadPromise,
  kNoVerifiedTime,
  kBadSct,
  kNotLogged,
  kDuplicateLogEntry,
  kBadCheckpoint,
  kBadInclusionProof,
  kWrongLogBody,
  // 3, the statement
  kWrongPayloadType,
  kMalformedStatement,
  kOtherVersion,
  kUnsupportedHash,
  // 4, the names
  kUnsafePath,
  kDuplicateName,
  kUntiledShards,
  // 5, the root
  kWrongRoot,
  // 6, the files that are there
  kLinksNotAllowed,
  kNotASingleFile,
  kUnsignableEntry,
  // 7, their contents
  kMissingFile,
  kChangedFile,
  // 8, what nothing covers
  kUnsignedFile,
};

std::string_view ReasonName(Reason reason);  // "malformed-bundle", …
std::vector<Reason> AllReasons();            // in the order above

struct Problem {
  Reason reason;
  std::string message;

  friend bool operator==(const Problem&, const Problem&) = default;
};

}  // namespace carnet::verifier::model_signing
