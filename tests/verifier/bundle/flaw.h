// A bundle of a private Sigstore that is wrong in exactly one way, signed and logged again where
// that takes it, and how the verdict on it begins.
#pragma once

#include "tests/verifier/bundle/judged.h"

namespace carnet::test {

using Change = std::function<void(TestSigstore&, BundleParts&)>;

struct Flaw {
  const char* name;
  SignPlan plan;
  Change change;
  const char* refused;  // how the verdict begins
};
inline std::ostream& operator<<(std::ostream& out, const Flaw& flaw) { return out << flaw.name; }

inline constexpr auto kKey = TestSigner::kKey;
inline constexpr auto kAttestation = TestContent::kAttestation;
inline const SignPlan kV1{.logged_v1 = true, .logged_v2 = false, .stamped = false};
inline const SignPlan kV1Attestation{
    .content = kAttestation, .logged_v1 = true, .logged_v2 = false, .stamped = false};

inline SignPlan LeafPlan(std::function<void(CertificateSpec&)> leaf) {
  return {.leaf = std::move(leaf)};
}

inline SignPlan BodyPlan(TestContent content, TestEntry entry, std::string from, std::string to) {
  return {.content = content, .entry = entry, .body = [from, to](std::string& body) {
            const size_t at = body.find(from);
            BOOST_REQUIRE_MESSAGE(at != body.npos, body << " lacks " << from);
            body.replace(at, from.size(), to);
          }};
}

inline void Flip(Bytes& bytes) { bytes.at(bytes.size() / 2) ^= 1; }

inline void StampAgain(const TestSigstore& sigstore, BundleParts& bundle, const Bytes& message,
                       TimestampMs time) {
  bundle.tokens = {sigstore.Stamp(message, time)};
}

// A checkpoint of the Rekor v2 log with other lines, properly signed.
inline Change CheckpointText(std::function<std::string(const EntryParts&)> text) {
  return [text](TestSigstore& sigstore, BundleParts& bundle) {
    bundle.entries[0].checkpoint = sigstore.SignCheckpoint(text(bundle.entries[0]));
  };
}

inline void CheckRefused(const Flaw& flaw) {
  TestSigstore sigstore;
  BundleParts bundle = sigstore.Sign(flaw.plan);
  if (flaw.change) flaw.change(sigstore, bundle);
  Judging judging{.wanted = WantedOf(sigstore, flaw.plan.signer)};
  // So that the signature is what is wrong, not the lack of an entry.
  if (!flaw.plan.logged_v2 && !flaw.plan.logged_v1) {
    judging.demands.log_entry = std::string(flaw.refused).starts_with("not-logged");
  }
  const std::string text = VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging));
  BOOST_CHECK_MESSAGE(text.starts_with(flaw.refused), text);
}

}  // namespace carnet::test
