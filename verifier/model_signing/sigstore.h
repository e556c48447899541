// Model signatures of which Sigstore's trusted root says something: step 2 by Sigstore's method,
// and the time at which the certificate of another method had to be valid. The first is that of
// verifier/bundle/verify_bundle.h, whose refusals keep their names: the certificate's identity and
// issuer are exactly the wanted ones, and a log has the signature.
#pragma once

#include <span>
#include <variant>
#include <vector>

#include "core/timestamp.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/identity_pattern.h"
#include "sigstore/oms_bundle.h"
#include "sigstore/trusted_material.h"
#include "verifier/bundle/bundle_reason.h"
#include "verifier/bundle/verified_times.h"
#include "verifier/model_signing/verify.h"

namespace carnet::verifier::model_signing {

// Steps 1 and 2 by Sigstore: `text` is what `bundle` was read from.
std::variant<SignedPayload, Problem> VerifyBySigstore(const sigstore::OmsBundle& bundle,
                                                      std::string_view text,
                                                      const sigstore::TrustedMaterial& trusted,
                                                      const sigstore::IdentityPattern& wanted,
                                                      TimestampMs now);

// The times of all time stamps that one of these authorities has made over the signature; those of
// others count for nothing. A problem: one of theirs is bad, or states a time later than now.
std::variant<std::vector<bundle::VerifiedTime>, Problem> TimesOf(
    const sigstore::OmsBundle& bundle, std::span<const sigstore::Authority> authorities,
    TimestampMs now);

// What a refusal of the bundle verifier is called here.
Reason ReasonFor(bundle::BundleReason reason);

}  // namespace carnet::verifier::model_signing
