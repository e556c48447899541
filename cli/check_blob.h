// One question about a Sigstore bundle of anybody: the files that it names are read here, the
// verdict is the verifier's. Without a terminal: carnet-conformance asks it too.
#pragma once

#include <optional>
#include <string>

#include "core/result.h"
#include "core/timestamp.h"
#include "sigstore/identity_pattern.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::cli {

struct BlobQuestion {
  std::string bundle;    // a file
  std::string artifact;  // a file, or a digest: sha256:<hex>, sha384: or sha512:
  std::string key;       // a file; empty: `identity` is given
  std::optional<sigstore::IdentityPattern> identity;
  std::string trusted_root;  // a file; empty: that of Sigstore's public instance, as shipped
  verifier::bundle::BundleDemands demands;
  // A log entry is demanded only where the bundle has one, or has a certificate.
  bool logs_as_shown = false;
};

// A bundle that cannot be read is a verdict. Errors: io, not_found, and malformed or unsupported
// for the key, the trusted root and an artifact that is too large to be read whole.
Result<verifier::bundle::BundleVerdict> CheckBlob(const BlobQuestion& question, TimestampMs now);

}  // namespace carnet::cli
