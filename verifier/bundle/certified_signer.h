// R5 for a line with a certificate, in the order of the cost of a lie: what is compared comes
// before what is verified. Private to bundle/.
//
// a untrusted-certificate: it reads (sigstore/signer_certificate.h: P-256, one identity).
// b unknown-identity: it is that of exactly one identity that the trust directory lists;
//   untrusted-certificate: its key is not listed for another party.
// c no-verified-time: at least one RFC 3161 token over the signature is of a trusted authority,
//   inside the authority's validity, and not later than now; none of a trusted authority is bad.
// d untrusted-certificate: at each verified time a path leads from it to a trusted authority, the
//   identity's own where it has one; it and all of them are valid at that time; it is for code
//   signing, and does not belong to a CA.
// e bad-sct: where the trust directory lists certificate-transparency logs, one of them has signed
//   a timestamp of it, inside the log's validity, and none of theirs is bad.
// Not checked: revocation; that the authority checks identities; with no log listed, e, which the
// verdict says.
#pragma once

#include <string>
#include <variant>

#include "core/timestamp.h"
#include "sigstore/bundle.h"
#include "trust/trust.h"
#include "verifier/line_signer.h"
#include "verifier/rules.h"

namespace carnet::verifier::bundle {

struct RefusedSigner {
  Refusal refusal;
  std::string why;
  std::string hint = {};
};

// Requires a bundle with a certificate. `trust` must outlive the signer. Thread safe.
std::variant<CertifiedSigner, RefusedSigner> JudgeCertificate(const sigstore::Bundle& bundle,
                                                              const trust::Trust& trust,
                                                              TimestampMs now);

}  // namespace carnet::verifier::bundle
