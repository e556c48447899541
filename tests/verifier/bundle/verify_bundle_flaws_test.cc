// Bundles that are wrong in what was signed, or when, or by whom: each is refused for its own
// reason.
#include "tests/verifier/bundle/flaw.h"

using namespace carnet;
using namespace carnet::test;
namespace ut = boost::unit_test;

namespace {

const Flaw kContentFlaws[] = {
    {"flipped byte of the signature, logged and stamped so",
     {.logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       Flip(bundle.signature);
       bundle.tokens = {sigstore.Stamp(bundle.signature)};
     },
     "bad-signature: the signature is not one by this P-256 key over this artifact"},
    {"flipped byte of an attestation's signature",
     {.content = kAttestation, .logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       Flip(bundle.signature);
       bundle.tokens = {sigstore.Stamp(bundle.signature)};
     },
     "bad-signature: the signature is not one by this P-256 key over this envelope"},
    {"another predicate than was signed",
     {.content = kAttestation, .logged_v2 = false},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.payload.replace(bundle.payload.find("{}"), 2, R"({"a":1})");
     },
     "bad-signature: "},
    {"digest of another artifact",
     {.logged_v2 = false},
     [](TestSigstore&, BundleParts& bundle) { Flip(bundle.digest); },
     "wrong-artifact: the bundle is about sha256:"},
    {"artifact not among the subjects",
     {.content = kAttestation,
      .statement =
          R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":{"sha256":)"
          R"("b6c132d19d1d1af9b4280a1c51667e604e3f79ac807ce6c6378df22afa04d2bd"}}],)"
          R"("predicateType":"x","predicate":{}})"},
     {},
     "wrong-artifact: none of the statement's 1 subjects is the artifact, sha256:"},
    {"no subject",
     {.content = kAttestation,
      .statement =
          R"({"_type":"https://in-toto.io/Statement/v1","subject":[],"predicateType":"x"})"},
     {},
     "wrong-artifact: none of the statement's 0 subjects"},
    {"a subject with the artifact's SHA-256 and another SHA-512",
     {.content = kAttestation,
      .statement =
          [] {
            std::string text = TestSigstore::Statement();
            const std::string other(128, '0');
            text.insert(text.find(R"("sha256")"), R"("sha512":")" + other + R"(",)");
            return text;
          }()},
     {},
     "wrong-artifact: none of"},
    {"another payload type",
     {.content = kAttestation, .payload_type = "application/json"},
     {},
     "wrong-statement: payloadType: expected application/vnd.in-toto+json, found application/json"},
    {"statement without type",
     {.content = kAttestation, .statement = R"({"subject":[],"predicateType":"x"})"},
     {},
     "wrong-statement: _type: missing"},
    {"statement of an unknown type",
     {.content = kAttestation,
      .statement = TestSigstore::Statement("https://in-toto.io/Statement/v2")},
     {},
     "wrong-statement: _type: \"https://in-toto.io/Statement/v2\" is not"},
    {"statement with an unknown field",
     {.content = kAttestation,
      .statement = R"({"_type":"https://in-toto.io/Statement/v1","x":1,"predicateType":"x"})"},
     {},
     "wrong-statement: x: unknown field"},
};

const Flaw kTimeFlaws[] = {
    {"neither token nor promise",
     {.stamped = false},
     {},
     "no-verified-time: nobody who is trusted says when"},
    {"an integrated time that nobody signed",
     {.stamped = false},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].integrated_time = std::to_string(kSignedAt.value() / 1'000);
     },
     "no-verified-time: "},
    {"token over something else",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       StampAgain(sigstore, bundle, {1, 2, 3}, kSignedAt);
     },
     "bad-timestamp: token of https://tsa.example.org: time stamp's imprint is not the digest"},
    {"flipped byte of the token's signature",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.tokens[0].back() ^= 1; },
     "bad-timestamp: "},
    {"truncated token",
     {},
     [](TestSigstore&, BundleParts& bundle) { bundle.tokens[0].pop_back(); },
     "bad-timestamp: "},
    {"token before the authority was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].start = "2025-10-09T08:53:21Z";
     },
     "bad-timestamp: token of https://tsa.example.org: states 2025-10-09T08:53:20.000Z, but"},
    {"token after the authority was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].end = "2025-10-09T08:53:19Z";
     },
     "bad-timestamp: token of https://tsa.example.org: states 2025-10-09T08:53:20.000Z, but"},
    {"token of one authority while another was trusted",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       auto& authorities = sigstore.root.timestamp_authorities;
       const TestAuthority above = MakeAuthority({.common_name = "other"});
       authorities[0].end = "2025-01-01T00:00:00Z";
       authorities.push_back(
           {"https://other.example.org", {MakeStamper(above).certificate, above.certificate}});
     },
     "bad-timestamp: token of https://tsa.example.org: states"},
    {"token of an unknown authority",
     {},
     [](TestSigstore& sigstore, BundleParts&) { sigstore.root.timestamp_authorities.clear(); },
     "no-verified-time: "},
    {"what is no token, where no authority is known",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       sigstore.root.timestamp_authorities.clear();
       bundle.tokens = {{7, 7, 7}};
     },
     "bad-timestamp: time stamp: "},
    {"token by a certificate that is listed below wrong authorities only",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       const TestAuthority other = MakeAuthority({.common_name = "other"});
       sigstore.root.timestamp_authorities[0].chain.back() = other.certificate;
     },
     "bad-timestamp: token of https://tsa.example.org: time stamp's certificate: "},
    {"token outside the certificate's validity",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       StampAgain(sigstore, bundle, bundle.signature, TimestampMs(kSignedAt.value() + 301'000));
     },
     "untrusted-certificate: token of https://tsa.example.org: "},
    {"one of two tokens outside the certificate's validity",
     {},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.tokens.push_back(
           sigstore.Stamp(bundle.signature, TimestampMs(kSignedAt.value() - 301'000)));
     },
     "untrusted-certificate: token of https://tsa.example.org: "},
    {"a token inside, a promise outside the certificate's validity",
     {.logged_v1 = true, .logged_v2 = false},
     [](TestSigstore& sigstore, BundleParts& bundle) {
       EntryParts& entry = bundle.entries[0];
       entry.integrated_time = std::to_string(kSignedAt.value() / 1'000 + 301);
       entry.promise = sigstore.Promise(entry);
     },
     "untrusted-certificate: promise of rekor1.example.org: "},
    {"a time in the future", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       EntryParts& entry = bundle.entries[0];
       entry.integrated_time = std::to_string(kJudgedAt.value() / 1'000 + 1);
       entry.promise = sigstore.Promise(entry);
     },
     "no-verified-time: promise of rekor1.example.org states 2026-02-02T02:40:01.000Z, which is "
     "later than now"},
    {"flipped byte of the promise", kV1,
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].promise.back() ^= 1; },
     "bad-promise: the promise of rekor1.example.org is not signed by the log's key"},
    {"another integrated time than was promised", kV1,
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries[0].integrated_time = std::to_string(kSignedAt.value() / 1'000 + 1);
     },
     "bad-promise: "},
    {"another index than was promised", kV1,
     [](TestSigstore&, BundleParts& bundle) { bundle.entries[0].index = "1003"; }, "bad-promise: "},
    {"a promise before the log's key was trusted", kV1,
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[0].start = "2025-10-09T08:53:21Z";
     },
     "bad-promise: the promise of rekor1.example.org states 2025-10-09T08:53:20.000Z, but"},
    {"a promise after the log's key was trusted", kV1,
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[0].end = "2025-10-09T08:53:19Z";
     },
     "bad-promise: "},
    {"a promise of no time", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.entries[0].integrated_time = "0";
       bundle.entries[0].promise = sigstore.Promise(bundle.entries[0]);
     },
     "bad-promise: the promise of rekor1.example.org states no time: 0"},
    {"a promise of the year 10000", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       bundle.entries[0].integrated_time = "253402300800";
       bundle.entries[0].promise = sigstore.Promise(bundle.entries[0]);
     },
     "bad-promise: the promise of rekor1.example.org states no time: 253402300800"},
};

BOOST_AUTO_TEST_SUITE(verify_bundle_flaws)

BOOST_DATA_TEST_CASE(refuses_wrong_content, ut::data::make(kContentFlaws), flaw) {
  CheckRefused(flaw);
}
BOOST_DATA_TEST_CASE(refuses_wrong_times, ut::data::make(kTimeFlaws), flaw) { CheckRefused(flaw); }
BOOST_AUTO_TEST_CASE(a_key_bundle_is_not_verified_by_an_identity) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.signer = kKey});
  BOOST_CHECK_EQUAL(
      VerdictText(Judged(bundle.Json(), sigstore.root.Json(), {.wanted = WantedIdentity()})),
      "wrong-key-material: the bundle is signed with a key: an identity alone cannot "
      "verify it");
}

BOOST_AUTO_TEST_CASE(a_certificate_bundle_is_not_verified_by_its_key) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign();
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(),
                                       {.wanted = WantedOf(sigstore, kKey)})),
                    "wrong-key-material: the bundle is signed with a certificate: a key cannot "
                    "verify it");
}

BOOST_AUTO_TEST_CASE(another_key_is_refused) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.signer = kKey, .logged_v2 = false, .stamped = false});
  Judging judging{
      .wanted = crypto::PublicKey::ParseSpki(TestKey::Generate(TestKeyKind::kP256).Spki()).value()};
  judging.demands.log_entry = false;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                    "bad-signature: the signature is not one by this P-256 key over this artifact");
}

BOOST_AUTO_TEST_CASE(another_predicate_type_than_demanded_is_refused) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.content = kAttestation});
  Judging judging{.wanted = WantedIdentity()};
  judging.demands.predicate_type = "https://slsa.dev/provenance/v1";
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                    "wrong-statement: expected predicate type https://slsa.dev/provenance/v1, "
                    "found https://example.org/predicate/v1");
  judging.demands.predicate_type = kTestPredicateType;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)), "verified");
}

BOOST_AUTO_TEST_CASE(other_content_than_demanded_is_refused) {
  using verifier::bundle::ContentIs;
  TestSigstore sigstore;
  Judging judging{.wanted = WantedIdentity()};
  judging.demands.content = ContentIs::kAttestation;
  BOOST_CHECK_EQUAL(
      VerdictText(Judged(sigstore.Sign().Json(), sigstore.root.Json(), judging)),
      "wrong-statement: expected an attestation, found a signature of the artifact itself");
  judging.demands.content = ContentIs::kMessage;
  BOOST_CHECK_EQUAL(
      VerdictText(
          Judged(sigstore.Sign({.content = kAttestation}).Json(), sigstore.root.Json(), judging)),
      "wrong-statement: expected a signature of the artifact, found an attestation about it");
}

// Every byte of a bundle that is signed once: whatever is changed, nothing else verifies.
BOOST_AUTO_TEST_CASE(no_truncation_verifies) {
  TestSigstore sigstore;
  const std::string bundle = sigstore.Sign({.content = kAttestation}).Json();
  const std::string root = sigstore.root.Json();
  for (size_t size = 0; size < bundle.size(); size += 7) {
    const auto verdict = Judged(bundle.substr(0, size), root, {.wanted = WantedIdentity()});
    BOOST_CHECK_MESSAGE(VerdictText(verdict).starts_with("malformed-bundle: "), size);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
