// The general bundle verifier: whatever the Sigstore world signs, beside the narrower rules of the
// passport (verify.h). Values in, verdict out: no network, no file, no clock. Thread safe.
//
// 1  malformed-bundle: as ReadForeignBundle and the readers of its certificates, log entry bodies
//    and statement say.
// 8  wrong-key-material: a bundle with a key verifies with a given key only, one with a certificate
//    with a wanted identity only. A hint is not compared: it is not signed, and the key is given.
// 2a bad-timestamp: each RFC 3161 token is one, and that of an authority of the trusted root is
// over
//    the signature, by a chain that is valid at genTime, inside the authority's validFor, both ends
//    included. A token by a certificate that the trusted root does not list counts for nothing,
//    good or bad, and is named.
//  b bad-promise: each signed entry timestamp of a known log, at a time inside the key's validFor.
//    The time that it states is a verified one. Another integratedTime is nobody's word.
//  c no-verified-time: a certificate needs a verified time; a given key needs none. A time later
//    than now is not one.
// 3  untrusted-certificate: at every verified time, a path from the leaf to an authority whose
//    validFor covers it, all certificates valid, no CA for other uses than code signing.
//    wrong-certificate-use: extendedKeyUsage codeSigning, keyUsage digitalSignature, empty subject,
//    critical alternative name, no CA; no root among the certificates of the bundle, but in version
//    0.1, whose roots are ignored.
// 4  bad-sct: at least one certificate timestamp, embedded, of a known log, at a time inside the
//    log's validFor; none of a known log is bad.
// 5  wrong-identity: issuer and subject alternative name match.
// 6  not-logged: an entry of a known log is there, unless none is demanded. Entries of unknown
//    logs count for nothing, and are named. duplicate-log-entry: two of one log and index
//    (of an entry without a promise, that of its proof).
//  b bad-checkpoint: signed by the log, of its name, while its key was valid: at one of the
//  verified
//    times where there are any, now otherwise.
//  c bad-inclusion-proof: the proof leads from the body to the checkpoint's root.
//  d wrong-log-body: signature, key or certificate, and digest are those of the bundle.
// 7  bad-signature: over the artifact, or the envelope's pre-authentication encoding.
//    wrong-statement: an attestation, or a signature of the artifact itself, is there as is
//    demanded; the payload type is in-toto's; a demanded predicate type is the statement's.
//    wrong-artifact: the artifact is what was signed, or among the statement's subjects.
//
// The order is that of the cost of a lie: what is compared comes before what is verified.
// Not checked: revocation, the log's consistency over time, what the predicate says.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "core/digests.h"
#include "core/timestamp.h"
#include "crypto/public_key.h"
#include "sigstore/certificate_identity.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/identity_pattern.h"
#include "sigstore/trusted_material.h"
#include "verifier/bundle/bundle_reason.h"
#include "verifier/bundle/signed_content.h"
#include "verifier/bundle/verified_times.h"

namespace carnet::verifier::bundle {

// Who must have signed.
using WantedSigner = std::variant<crypto::PublicKey, sigstore::IdentityPattern>;

enum class ContentIs { kAnything, kMessage, kAttestation };

struct BundleDemands {
  ContentIs content = ContentIs::kAnything;
  bool log_entry = true;
  bool certificate_timestamp = true;  // an SCT, of a certificate
  std::optional<std::string> predicate_type = {};
};

struct LoggedAt {
  std::string log;
  uint64_t index;
  uint64_t tree_size;  // 0 where only a promise speaks for it
};

using BundleSigner = std::variant<KeyId, sigstore::CertificateIdentity>;

struct VerifiedBundle {
  BundleSigner signer;
  std::vector<VerifiedTime> times;
  std::vector<LoggedAt> positions;
  std::optional<sigstore::ForeignStatement> statement;  // of an attestation
  std::vector<std::string> not_checked;                 // tokens and entries of strangers
};

using BundleVerdict = std::variant<VerifiedBundle, BundleRejection>;

BundleVerdict VerifyBundle(const sigstore::ForeignBundle& bundle, const Artifact& artifact,
                           const sigstore::TrustedMaterial& trusted, const WantedSigner& wanted,
                           TimestampMs now, const BundleDemands& demands = {});

}  // namespace carnet::verifier::bundle
