#include "pipeline/sign_bundle.h"

#include <fmt/core.h>

#include <utility>
#include <vector>

#include "crypto/sct.h"
#include "pipeline/vouched_token.h"
#include "sigstore/foreign_bundle.h"
#include "sigstore/foreign_statement.h"
#include "sigstore/message_bundle.h"
#include "sigstore/signer_certificate.h"

namespace carnet::pipeline {
namespace {

using sigstore::TrustedMaterial;
using verifier::bundle::Artifact;
using verifier::bundle::VerifiedBundle;
using verifier::bundle::WantedSigner;

// An authority's clock may be ahead of this machine's: verified is what will be true by then.
constexpr uint64_t kAuthoritySkewMs = 10'000;

// What is signed, in the ways in which the steps need it.
struct Signable {
  Sha256Digest digest;  // that the signature is over
  Artifact artifact;    // that a verifier will be asked about
};

Result<Signable> SignableOf(const BundleContent& content) {
  if (const auto* file = std::get_if<ArtifactToSign>(&content)) {
    return Signable{file->digest,
                    {{{crypto::HashAlgorithm::kSha256, ToBytes(file->digest.span())}}}};
  }
  const Bytes& payload = std::get<StatementToSign>(content).payload;
  const auto statement = sigstore::ReadForeignStatement(payload);
  if (!statement) return statement.error().In("statement");
  for (const sigstore::ForeignSubject& subject : statement->subjects) {
    if (subject.digests.empty()) continue;
    return Signable{sigstore::PaeDigest(sigstore::kInTotoPayloadType, payload), {subject.digests}};
  }
  return Malformed("statement: no subject has a digest by SHA-256, SHA-384 or SHA-512");
}

struct BundleBeingMade {
  sigstore::VerificationMaterial material;
  Bytes signature;
  std::vector<Bytes> tokens = {};
  std::vector<sigstore::LogEntry> entries = {};
};

std::string BundleTextOf(const BundleBeingMade& made, const BundleContent& content) {
  if (const auto* file = std::get_if<ArtifactToSign>(&content)) {
    return sigstore::WriteMessageBundle(
               {made.material, made.entries, made.tokens, file->digest, made.signature}) +
           "\n";
  }
  const sigstore::Envelope envelope{std::string(sigstore::kInTotoPayloadType),
                                    std::get<StatementToSign>(content).payload, made.signature};
  return sigstore::WriteBundle({made.material, made.entries, made.tokens, envelope}) + "\n";
}

// Whom a verifier would be told to expect, and what of whom.
struct Expected {
  WantedSigner signer;
  bool certificate_timestamp = false;
};

Result<Expected> ExpectedOf(const signer::Signer& signer) {
  if (signer.certificate().empty()) {
    CARNET_TRY(auto key, crypto::PublicKey::ParseSpki(signer.public_key().spki()));
    return Expected{std::move(key)};
  }
  CARNET_TRY(const auto read, sigstore::ReadSignerCertificate(signer.certificate()));
  CARNET_TRY(const auto logged, crypto::ReadCertificateTimestamps(read.certificate));
  return Expected{sigstore::IdentityPattern{sigstore::TextPattern::Exactly(read.identity.issuer),
                                            sigstore::TextPattern::Exactly(read.identity.san)},
                  !logged.empty()};
}

Result<VerifiedBundle> Verified(const std::string& text, const Signable& what,
                                const Expected& expected, bool logged,
                                const TrustedMaterial& trusted, TimestampMs now) {
  CARNET_TRY(const auto bundle, sigstore::ReadForeignBundle(text));
  verifier::bundle::BundleDemands demands;
  demands.log_entry = logged;
  demands.certificate_timestamp = expected.certificate_timestamp;
  auto verdict =
      verifier::bundle::VerifyBundle(bundle, what.artifact, trusted, expected.signer,
                                     TimestampMs(now.value() + kAuthoritySkewMs), demands);
  if (const auto* no = std::get_if<verifier::bundle::BundleRejection>(&verdict)) {
    return Rejected(fmt::format("the new signature does not verify: {}: {}",
                                verifier::bundle::ReasonName(no->reason), no->message));
  }
  auto& verified = std::get<VerifiedBundle>(verdict);
  if (verified.not_checked.empty()) return std::move(verified);
  return Rejected("the new signature would not be believed in whole: " +
                  verified.not_checked.front());
}

Result<BundleBeingMade> SignAndStamp(const Signable& what, const signer::Signer& signer,
                                     const SigningServices& services,
                                     const TrustedMaterial& trusted) {
  CARNET_TRY(Bytes signature, signer.SignDigest(what.digest));
  BundleBeingMade made{sigstore::HintOf(signer.key_id()), std::move(signature)};
  if (!signer.certificate().empty()) made.material = sigstore::Certificate{signer.certificate()};
  for (const TimestampAuthority& authority : services.timestamp_authorities) {
    CARNET_TRY(Bytes token, AskForVouchedToken(authority, made.signature, trusted));
    made.tokens.push_back(std::move(token));
  }
  return made;
}

remote::LogRequest LogRequestOf(const Signable& what, const BundleBeingMade& made,
                                const signer::Signer& signer) {
  const bool certified = !signer.certificate().empty();
  return {what.digest, made.signature, certified ? Bytes() : signer.public_key().spki(),
          signer.certificate()};
}

}  // namespace

Result<SignedBundle> SignBundle(const BundleContent& content, const signer::Signer& signer,
                                const SigningServices& services, const TrustedMaterial& trusted,
                                const Clock& clock) {
  CARNET_TRY(const Signable what, SignableOf(content));
  CARNET_TRY(const Expected expected, ExpectedOf(signer));
  CARNET_TRY(BundleBeingMade made, SignAndStamp(what, signer, services, trusted));
  std::string text = BundleTextOf(made, content);
  CARNET_TRY(VerifiedBundle verified, Verified(text, what, expected, false, trusted, clock()));
  if (services.logs.empty()) return SignedBundle{std::move(text), std::move(verified)};
  for (const EntryLog& log : services.logs) {
    CARNET_TRY(auto entry, log.ask(LogRequestOf(what, made, signer)));
    made.entries.push_back(std::move(entry));
  }
  text = BundleTextOf(made, content);
  CARNET_TRY(verified, Verified(text, what, expected, true, trusted, clock()));
  return SignedBundle{std::move(text), std::move(verified)};
}

}  // namespace carnet::pipeline
