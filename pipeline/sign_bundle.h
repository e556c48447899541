// A Sigstore bundle v0.3 of an artifact or of anybody's in-toto statement: signed, stamped and
// logged as asked, and verified by our own verifier before anybody gets it, so that nothing is
// handed out that others would refuse. Our own statements go into a ledger: attest.h.
#pragma once

#include <functional>
#include <string>
#include <variant>

#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "pipeline/signing_services.h"
#include "signer/signer.h"
#include "sigstore/trusted_material.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::pipeline {

// Signed itself: a message signature.
struct ArtifactToSign {
  Sha256Digest digest;
};
// An in-toto Statement, signed byte for byte in a DSSE envelope.
struct StatementToSign {
  Bytes payload;
};
using BundleContent = std::variant<ArtifactToSign, StatementToSign>;

struct SignedBundle {
  std::string json;                           // LF at the end
  verifier::bundle::VerifiedBundle verified;  // what a verifier says of it
};

using Clock = std::function<TimestampMs()>;

// With a key alone it needs no service and no trusted root. A signer by certificate needs a time
// stamp. In this order: the signature; the time stamps, each verified; what there is, verified as
// a whole, so that nothing that others refuse gets into a log; the logs' entries; the bytes as
// they will be written, read back and verified, with an entry of each log. An entry or a time stamp
// that the trusted root says nothing about is refused. Errors: malformed (no statement, or one
// without a digest that is known); those of key and services; rejected, with the verifier's reason.
Result<SignedBundle> SignBundle(const BundleContent& content, const signer::Signer& signer,
                                const SigningServices& services,
                                const sigstore::TrustedMaterial& trusted, const Clock& clock);

}  // namespace carnet::pipeline
