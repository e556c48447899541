#include "pipeline/sign_verdict.h"

#include "core/hex.h"
#include "sigstore/bundle.h"
#include "tests/pipeline/trained_model.h"
#include "tests/support/memory_model.h"
#include "tests/support/party_keys.h"
#include "tests/support/test.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture {
  RealLedger world;
  TrainedModel base = Train(world, "base");
  IssuedPassport issued = Issue(world, "base", base.completion);

  static boost::json::object Statement(const signer::SignedStatement& statement) {
    const Bytes& payload = statement.payload();
    return boost::json::parse(std::string(payload.begin(), payload.end())).as_object();
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(sign_verdict, Fixture)

BOOST_AUTO_TEST_CASE(a_verdict_is_a_slsa_summary_about_the_model) {
  verifier::Verdict verdict = issued.verdict;
  verdict.at = TimestampMs(1'795'219'200'000);  // 2026-11-21
  REQUIRE_VALUE(const auto vsa,
                SignVerdict(verdict, "https://hub.example", *KeyNamed("hub").signer));
  BOOST_CHECK(vsa.bundle.entries.empty());
  BOOST_CHECK(sigstore::ParseKeyHint(std::get<sigstore::PublicKeyHint>(vsa.bundle.material).hint) ==
              KeyNamed("hub").id());
  const auto statement = Statement(vsa);
  BOOST_CHECK_EQUAL(statement.at("predicateType").as_string(),
                    "https://slsa.dev/verification_summary/v1");
  const std::string model = HexEncode(MakeModel("base").digest.span());
  BOOST_REQUIRE_EQUAL(statement.at("subject").as_array().size(), 1U);
  BOOST_CHECK_EQUAL(statement.at("subject").at(0).at("name").as_string(), "model");
  BOOST_CHECK_EQUAL(statement.at("subject").at(0).at("digest").at("sha256").as_string(), model);
  const auto& predicate = statement.at("predicate").as_object();
  BOOST_CHECK(!predicate.contains("head"));
  BOOST_CHECK_EQUAL(predicate.at("verifier").at("id").as_string(), "https://hub.example");
  BOOST_CHECK_EQUAL(predicate.at("timeVerified").as_string(), FormatTimestamp(verdict.now));
  BOOST_CHECK_EQUAL(predicate.at("resourceUri").as_string(), "sha256:" + model);
  BOOST_CHECK_EQUAL(predicate.at("policy").at("uri").as_string(), "urn:carnet:policy:hub-default");
  BOOST_CHECK_EQUAL(predicate.at("policy").at("digest").at("sha256").as_string(),
                    verdict.policy_digest);
  BOOST_REQUIRE_EQUAL(predicate.at("inputAttestations").as_array().size(), 1U);
  BOOST_CHECK_EQUAL(predicate.at("inputAttestations").at(0).at("digest").at("sha256").as_string(),
                    HexEncode(issued.id.span()));
  BOOST_CHECK_EQUAL(predicate.at("verificationResult").as_string(), "PASSED");
  BOOST_CHECK_EQUAL(predicate.at("verifiedLevels").at(0).as_string(), "CARNET_LEVEL_2");
  BOOST_CHECK(!predicate.contains("carnet_included"));
  BOOST_CHECK_EQUAL(predicate.at("carnet_at").as_string(), "2026-11-21T00:00:00.000Z");
  BOOST_CHECK_EQUAL(predicate.at("carnet_checkpoint").at("size").as_int64(),
                    static_cast<int64_t>(world.size()));
  BOOST_CHECK_EQUAL(predicate.at("carnet_checkpoint").at("root").as_string(),
                    HexEncode(world.Read()->head().root().span()));
}

BOOST_AUTO_TEST_CASE(a_verdict_names_policies_and_catalogues_that_were_part_of_it) {
  verifier::Verdict verdict = issued.verdict;
  const std::string digest(64, 'a');
  verdict.included = {{"hub-default", digest}};
  verdict.chips = {{"trust", std::string(64, 'b')}};
  REQUIRE_VALUE(const auto vsa, SignVerdict(verdict, "hub", *KeyNamed("hub").signer));
  const auto predicate = Statement(vsa).at("predicate").as_object();
  const auto& included = predicate.at("carnet_included").as_array();
  BOOST_REQUIRE_EQUAL(included.size(), 1U);
  BOOST_CHECK_EQUAL(included[0].at("uri").as_string(), "urn:carnet:policy:hub-default");
  BOOST_CHECK_EQUAL(included[0].at("digest").at("sha256").as_string(), digest);
  const auto& chips = predicate.at("carnet_chips").as_array();
  BOOST_REQUIRE_EQUAL(chips.size(), 1U);
  BOOST_CHECK_EQUAL(chips[0].at("uri").as_string(), "urn:carnet:chips:trust");
  BOOST_CHECK_EQUAL(chips[0].at("digest").at("sha256").as_string(), std::string(64, 'b'));
}

BOOST_AUTO_TEST_CASE(a_no_is_signed_as_one) {
  verifier::Verdict verdict = issued.verdict;
  verdict.decision = verifier::Decision::kFail;
  REQUIRE_VALUE(const auto vsa, SignVerdict(verdict, "hub", *KeyNamed("hub").signer));
  const auto predicate = Statement(vsa).at("predicate").as_object();
  BOOST_CHECK_EQUAL(predicate.at("verificationResult").as_string(), "FAILED");
  BOOST_CHECK_EQUAL(predicate.at("verifiedLevels").at(0).as_string(), "FAILED");
}

BOOST_AUTO_TEST_CASE(a_verdict_about_nothing_is_not_signed) {
  const verifier::Verdict other = world.Judge(issued.bytes, MakeModel("another"));
  BOOST_CHECK(other.decision == verifier::Decision::kFail);
  CHECK_ERROR(SignVerdict(other, "hub", *KeyNamed("hub").signer), ErrorCode::kRejected,
              "cannot be signed");
  verifier::Verdict verdict = issued.verdict;
  verdict.checkpoint.reset();
  CHECK_ERROR(VerdictPredicate(verdict, "hub"), ErrorCode::kRejected, "cannot be signed");
}

BOOST_AUTO_TEST_SUITE_END()
