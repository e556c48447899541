// The verdict on a bundle of a private Sigstore, for the tests of the general bundle verifier.
#pragma once

#include <string>

#include "tests/support/test.h"
#include "tests/support/test_sigstore.h"
#include "tests/support/value_of.h"
#include "verifier/bundle/verify_bundle.h"

namespace carnet::test {

inline constexpr TimestampMs kJudgedAt(1'770'000'000'000);

inline sigstore::IdentityPattern WantedIdentity() {
  return {sigstore::TextPattern::Exactly(kTestIssuer),
          sigstore::TextPattern::Exactly(kTestIdentity)};
}

inline verifier::bundle::WantedSigner WantedOf(const TestSigstore& sigstore, TestSigner signer) {
  if (signer == TestSigner::kCertificate) return WantedIdentity();
  return crypto::PublicKey::ParseSpki(sigstore.key.Spki()).value();
}

// By every digest, and by content.
inline verifier::bundle::Artifact TestArtifact() {
  verifier::bundle::Artifact artifact;
  artifact.digests = {
      {crypto::HashAlgorithm::kSha256, TestDigestOf(TestHash::kSha256, AsBytes(kTestArtifact))},
      {crypto::HashAlgorithm::kSha384, TestDigestOf(TestHash::kSha384, AsBytes(kTestArtifact))},
      {crypto::HashAlgorithm::kSha512, TestDigestOf(TestHash::kSha512, AsBytes(kTestArtifact))}};
  artifact.content = AsBytes(kTestArtifact);
  return artifact;
}

struct Judging {
  verifier::bundle::WantedSigner wanted;
  verifier::bundle::Artifact artifact = TestArtifact();
  verifier::bundle::BundleDemands demands = {};
  TimestampMs now = kJudgedAt;
};

// The whole way: text is read, and judged.
inline verifier::bundle::BundleVerdict Judged(const std::string& bundle, const std::string& root,
                                              const Judging& judging) {
  const auto material = sigstore::ReadTrustedMaterial(root);
  if (!material) BOOST_FAIL(material.error().message);
  const auto read = sigstore::ReadForeignBundle(bundle);
  if (!read) {
    return verifier::bundle::BundleRejection{verifier::bundle::BundleReason::kMalformedBundle,
                                             read.error().message};
  }
  return verifier::bundle::VerifyBundle(*read, judging.artifact, *material, judging.wanted,
                                        judging.now, judging.demands);
}

inline std::string VerdictText(const verifier::bundle::BundleVerdict& verdict) {
  const auto* no = std::get_if<verifier::bundle::BundleRejection>(&verdict);
  if (no == nullptr) return "verified";
  return std::string(verifier::bundle::ReasonName(no->reason)) + ": " + no->message;
}

}  // namespace carnet::test
