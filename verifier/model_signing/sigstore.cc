#include "verifier/model_signing/sigstore.h"

#include <fmt/core.h>

#include <utility>

#include "core/check.h"
#include "core/utf8.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::verifier::model_signing {
namespace {

using bundle::BundleReason;
using bundle::VerifiedTime;

// Whoever signed it says what it is about, so that is what is asked: steps 5 to 8 compare it with
// the files.
bundle::Artifact SubjectOf(const sigstore::OmsBundle& given) {
  const auto statement = bundle::ReadSignedStatement(given.envelope);
  if (!statement || statement->subjects.empty()) return {};  // refused below, with the reason
  return {statement->subjects.front().digests};
}

std::string TimeText(const VerifiedTime& time) {
  return fmt::format("{} ({})", FormatTimestamp(time.time), time.source);
}

SignedPayload PayloadOf(const sigstore::OmsBundle& given, const bundle::VerifiedBundle& verified) {
  const auto& identity = std::get<sigstore::CertificateIdentity>(verified.signer);
  SignedPayload out{given.envelope.payload_type, given.envelope.payload, "", {}};
  out.signer = fmt::format("{}, as {} says", Printable(identity.san), Printable(identity.issuer));
  for (const VerifiedTime& time : verified.times)
    out.checked_at += (out.checked_at.empty() ? "" : ", ") + TimeText(time);
  for (const std::string& what : verified.not_checked)
    out.warnings.push_back("not checked: " + what);
  return out;
}

}  // namespace

Reason ReasonFor(BundleReason reason) {
  switch (reason) {
    case BundleReason::kMalformedBundle:
      return Reason::kMalformedBundle;
    case BundleReason::kBadTimestamp:
      return Reason::kBadTimestamp;
    case BundleReason::kBadPromise:
      return Reason::kBadPromise;
    case BundleReason::kNoVerifiedTime:
      return Reason::kNoVerifiedTime;
    case BundleReason::kUntrustedCertificate:
      return Reason::kUntrustedCertificate;
    case BundleReason::kWrongCertificateUse:
      return Reason::kCertificateNotForSigning;
    case BundleReason::kBadSct:
      return Reason::kBadSct;
    case BundleReason::kWrongIdentity:
      return Reason::kWrongIdentity;
    case BundleReason::kDuplicateLogEntry:
      return Reason::kDuplicateLogEntry;
    case BundleReason::kNotLogged:
      return Reason::kNotLogged;
    case BundleReason::kBadCheckpoint:
      return Reason::kBadCheckpoint;
    case BundleReason::kBadInclusionProof:
      return Reason::kBadInclusionProof;
    case BundleReason::kWrongLogBody:
      return Reason::kWrongLogBody;
    case BundleReason::kBadSignature:
      return Reason::kBadSignature;
    case BundleReason::kWrongStatement:
    case BundleReason::kWrongArtifact:  // a statement without a subject that has a digest
      return Reason::kMalformedStatement;
    case BundleReason::kWrongKeyMaterial:
      return Reason::kOtherMethod;
  }
  CARNET_CHECK(false);
}

std::variant<SignedPayload, Problem> VerifyBySigstore(const sigstore::OmsBundle& given,
                                                      std::string_view text,
                                                      const sigstore::TrustedMaterial& trusted,
                                                      const sigstore::IdentityPattern& wanted,
                                                      TimestampMs now) {
  if (!std::holds_alternative<sigstore::OmsSigstoreCertificate>(given.material))
    return OtherMethod(given, "Sigstore");
  const auto whole = sigstore::ReadForeignBundle(text);
  if (!whole) return Problem{Reason::kMalformedBundle, whole.error().message};
  const auto verdict = bundle::VerifyBundle(*whole, SubjectOf(given), trusted, wanted, now,
                                            {.content = bundle::ContentIs::kAttestation});
  if (const auto* no = std::get_if<bundle::BundleRejection>(&verdict)) {
    const bool type = no->reason == BundleReason::kWrongStatement &&
                      given.envelope.payload_type != sigstore::kInTotoPayloadType;
    return Problem{type ? Reason::kWrongPayloadType : ReasonFor(no->reason), no->message};
  }
  return PayloadOf(given, std::get<bundle::VerifiedBundle>(verdict));
}

std::variant<std::vector<VerifiedTime>, Problem> TimesOf(
    const sigstore::OmsBundle& given, std::span<const sigstore::Authority> authorities,
    TimestampMs now) {
  std::vector<VerifiedTime> times;
  for (const Bytes& token : given.timestamps) {
    const auto time = bundle::JudgeToken(token, given.envelope.signature, authorities);
    if (!time) return Problem{Reason::kBadTimestamp, time.error().message};
    if (!*time) continue;
    if ((*time)->time > now) {
      return Problem{Reason::kNoVerifiedTime,
                     fmt::format("{} states {}, which is later than now, {}", (*time)->source,
                                 FormatTimestamp((*time)->time), FormatTimestamp(now))};
    }
    times.push_back(**time);
  }
  return times;
}

}  // namespace carnet::verifier::model_signing
