// Bundles of a private Sigstore: right ones of every kind, and each way to be wrong, alone.
#include "tests/verifier/bundle/judged.h"

using namespace carnet;
using namespace carnet::test;
using verifier::bundle::BundleReason;
using verifier::bundle::VerifiedBundle;
namespace ut = boost::unit_test;

namespace {

struct Right {
  const char* name;
  SignPlan plan;
  std::function<void(TestSigstore&, BundleParts&)> change = {};
};
std::ostream& operator<<(std::ostream& out, const Right& right) { return out << right.name; }

void UseChain(TestSigstore& sigstore, BundleParts& bundle) {
  bundle.chain = {bundle.certificate, sigstore.intermediate.certificate};
  bundle.certificate.clear();
}

void AsVersion01(TestSigstore& sigstore, BundleParts& bundle) {
  bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.1";
  if (!bundle.certificate.empty()) UseChain(sigstore, bundle);
}

void AsVersion02(TestSigstore& sigstore, BundleParts& bundle) {
  AsVersion01(sigstore, bundle);
  bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.2";
}

constexpr auto kKey = TestSigner::kKey;
constexpr auto kAttestation = TestContent::kAttestation;

const SignPlan kV1{.logged_v1 = true, .logged_v2 = false, .stamped = false};
const SignPlan kV1Attestation{
    .content = kAttestation, .logged_v1 = true, .logged_v2 = false, .stamped = false};
const SignPlan kBareKey{.signer = kKey, .stamped = false};

const Right kRights[] = {
    {"certificate, message, token", {}},
    {"certificate, attestation, token", {.content = kAttestation}},
    {"certificate, message, promise", kV1},
    {"certificate, attestation, promise", kV1Attestation},
    {"certificate, both logs and a token", {.content = kAttestation, .logged_v1 = true}},
    {"version 0.1 with a chain", kV1, AsVersion01},
    {"version 0.1 without a proof", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       AsVersion01(sigstore, bundle);
       bundle.entries[0].has_proof = false;
     }},
    {"version 0.1 with a root in its chain, as npm's first bundles have", kV1,
     [](TestSigstore& sigstore, BundleParts& bundle) {
       AsVersion01(sigstore, bundle);
       bundle.chain.push_back(sigstore.authority.certificate);
     }},
    {"a Rekor v1 log that signs under a name of its own", kV1,
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       const std::string host = "\u2014 rekor1.example.org";
       note.replace(note.find(host), host.size(), "\u2014 rekor-00001-deployment");
     }},
    {"version 0.2 with a chain", {}, AsVersion02},
    {"version 0.3 in the old spelling",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.media_type = "application/vnd.dev.sigstore.bundle+json;version=0.3";
     }},
    {"key, message", kBareKey},
    {"key, message, promise",
     {.signer = kKey, .logged_v1 = true, .logged_v2 = false, .stamped = false}},
    {"key, attestation", {.signer = kKey, .content = kAttestation, .stamped = false}},
    {"key, attestation, token", {.signer = kKey, .content = kAttestation}},
    {"P-384", {.signer = kKey, .key_kind = TestKeyKind::kP384, .stamped = false}},
    {"P-384 attestation",
     {.signer = kKey, .content = kAttestation, .key_kind = TestKeyKind::kP384, .stamped = false}},
    {"P-521", {.signer = kKey, .key_kind = TestKeyKind::kP521, .stamped = false}},
    {"P-384 certificate", {.key_kind = TestKeyKind::kP384}},
    {"RSA-2048", {.signer = kKey, .key_kind = TestKeyKind::kRsa2048, .stamped = false}},
    {"RSA-3072 certificate", {.key_kind = TestKeyKind::kRsa3072}},
    {"Ed25519 attestation",
     {.signer = kKey,
      .content = kAttestation,
      .key_kind = TestKeyKind::kEd25519,
      .logged_v1 = true,
      .logged_v2 = false,
      .stamped = false}},
    {"hashedrekord 0.0.1 of an attestation",
     {.content = kAttestation, .entry = TestEntry::kHashedRekord001}},
    {"dsse 0.0.1", {.content = kAttestation, .entry = TestEntry::kDsse001}},
    {"intoto 0.0.2", {.content = kAttestation, .entry = TestEntry::kIntoto002}},
    {"Statement v0.1",
     {.content = kAttestation,
      .statement = TestSigstore::Statement("https://in-toto.io/Statement/v0.1")}},
    {"a foreign cosignature before the log's line",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       std::string& note = bundle.entries[0].checkpoint;
       note.insert(note.find("\n\n") + 2, "\u2014 witness.example AAAAAAECAwQFBgc=\n");
     }},
    {"an entry of an unknown log beside the known one's",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       bundle.entries.push_back(bundle.entries[0]);
       bundle.entries[0].log_id = Bytes(32, 7);
     }},
    {"a token of an unknown authority beside the known one's",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       const TestAuthority above = MakeAuthority({.common_name = "stranger"});
       const TestAuthority stranger = MakeStamper(above);
       bundle.tokens.push_back(
           MakeTimestamp({.signer = stranger, .message = bundle.signature, .time = kSignedAt}));
     }},
    {"a token of an unknown authority over something else beside the known one's",
     {},
     [](TestSigstore&, BundleParts& bundle) {
       const TestAuthority above = MakeAuthority({.common_name = "stranger"});
       bundle.tokens.push_back(MakeTimestamp(
           {.signer = MakeStamper(above), .message = Bytes(8, 1), .time = kSignedAt}));
     }},
    {"a token by a certificate that is listed below a wrong authority first",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       auto& authorities = sigstore.root.timestamp_authorities;
       authorities.insert(authorities.begin(), authorities[0]);
       authorities[0].chain.back() = MakeAuthority({.common_name = "other"}).certificate;
     }},
    {"an authority that ends at the second of the token",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].end = "2025-10-09T08:53:20Z";
     }},
    {"an authority that begins at the second of the token",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.timestamp_authorities[0].start = "2025-10-09T08:53:20Z";
     }},
    {"a log key that ends at the second of the promise", kV1,
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[0].end = "2025-10-09T08:53:20Z";
     }},
    {"a log key that has ended since, with a token from before",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.logs[1].end = "2025-10-10T00:00:00Z";
     }},
    {"two intermediates of one name, the other one first",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       const TestAuthority other =
           MakeAuthority({.common_name = "intermediate"}, &sigstore.authority);
       auto& authorities = sigstore.root.certificate_authorities;
       authorities.insert(
           authorities.begin(),
           {"https://other.example.org", {other.certificate, sigstore.authority.certificate}});
     }},
    {"an intermediate as the anchor",
     {},
     [](TestSigstore& sigstore, BundleParts&) {
       sigstore.root.certificate_authorities[0].chain.pop_back();
     }},
};

BOOST_AUTO_TEST_SUITE(verify_bundle)

BOOST_DATA_TEST_CASE(verifies, ut::data::make(kRights), right) {
  TestSigstore sigstore;
  BundleParts bundle = sigstore.Sign(right.plan);
  if (right.change) right.change(sigstore, bundle);
  const auto verdict = Judged(bundle.Json(), sigstore.root.Json(),
                              {.wanted = WantedOf(sigstore, right.plan.signer)});
  BOOST_CHECK_EQUAL(VerdictText(verdict), "verified");
}

// Without a promise nobody has signed the number that Rekor v1 gives an entry in all its shards.
BOOST_AUTO_TEST_CASE(an_index_is_one_that_somebody_vouches_for) {
  TestSigstore sigstore;
  BundleParts bundle = sigstore.Sign({.logged_v1 = true, .logged_v2 = false});
  bundle.entries[0].promise.clear();
  bundle.entries[0].index = "9223372036854775807";
  const auto verdict = Judged(bundle.Json(), sigstore.root.Json(), {.wanted = WantedIdentity()});
  const auto* verified = std::get_if<VerifiedBundle>(&verdict);
  BOOST_REQUIRE_MESSAGE(verified != nullptr, VerdictText(verdict));
  BOOST_REQUIRE_EQUAL(verified->positions.size(), 1);
  BOOST_CHECK_EQUAL(verified->positions[0].index, 2);
}

BOOST_AUTO_TEST_CASE(says_what_it_found) {
  TestSigstore sigstore;
  BundleParts bundle = sigstore.Sign({.content = kAttestation, .logged_v1 = true});
  bundle.entries.push_back(bundle.entries[0]);
  bundle.entries[2].log_id = Bytes(32, 7);
  const auto verdict = Judged(bundle.Json(), sigstore.root.Json(), {.wanted = WantedIdentity()});
  const auto* verified = std::get_if<VerifiedBundle>(&verdict);
  BOOST_REQUIRE_MESSAGE(verified != nullptr, VerdictText(verdict));
  const auto& identity = std::get<sigstore::CertificateIdentity>(verified->signer);
  BOOST_CHECK_EQUAL(identity.san, kTestIdentity);
  BOOST_CHECK_EQUAL(identity.issuer, kTestIssuer);
  BOOST_CHECK(identity.san_type == sigstore::SanType::kEmail);
  BOOST_REQUIRE_EQUAL(verified->times.size(), 2);
  BOOST_CHECK_EQUAL(verified->times[0].source, "token of https://tsa.example.org");
  BOOST_CHECK(verified->times[0].time == kSignedAt);
  BOOST_CHECK_EQUAL(verified->times[1].source, "promise of rekor1.example.org");
  BOOST_REQUIRE_EQUAL(verified->positions.size(), 2);
  BOOST_CHECK_EQUAL(verified->positions[0].log, "rekor1.example.org");
  BOOST_CHECK_EQUAL(verified->positions[0].index, 1'002);
  BOOST_CHECK_EQUAL(verified->positions[1].index, 2);
  BOOST_CHECK_EQUAL(verified->positions[1].tree_size, 5);
  BOOST_REQUIRE(verified->statement.has_value());
  BOOST_CHECK_EQUAL(verified->statement->predicate_type, kTestPredicateType);
  BOOST_REQUIRE_EQUAL(verified->not_checked.size(), 1);
  BOOST_CHECK_EQUAL(
      verified->not_checked[0],
      "log entry of an unknown log, key id BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=");
}

// A managed key needs no log and no time, where none is demanded.
BOOST_AUTO_TEST_CASE(a_key_verifies_without_any_log_where_none_is_demanded) {
  TestSigstore sigstore;
  const BundleParts bundle = sigstore.Sign({.signer = kKey, .logged_v2 = false, .stamped = false});
  Judging judging{.wanted = WantedOf(sigstore, kKey)};
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                    "not-logged: the bundle has no log entry");
  judging.demands.log_entry = false;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)), "verified");
}

BOOST_AUTO_TEST_CASE(a_certificate_without_sct_verifies_where_none_is_demanded) {
  TestSigstore sigstore;
  const BundleParts bundle =
      sigstore.Sign({.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); }});
  Judging judging{.wanted = WantedIdentity()};
  judging.demands.certificate_timestamp = false;
  BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)), "verified");
}

BOOST_AUTO_TEST_CASE(an_artifact_known_by_its_sha256_alone_is_enough) {
  TestSigstore sigstore;
  Judging judging{.wanted = WantedIdentity()};
  judging.artifact.digests.resize(1);
  judging.artifact.content.reset();
  for (const auto content : {TestContent::kMessage, kAttestation}) {
    const BundleParts bundle = sigstore.Sign({.content = content});
    BOOST_CHECK_EQUAL(VerdictText(Judged(bundle.Json(), sigstore.root.Json(), judging)),
                      "verified");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
