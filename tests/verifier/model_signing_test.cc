// The parts of verifier/model_signing that tests/cli does not reach: names that people keep, and
// statements whose signature somebody else verified.
#include <sstream>

#include "sigstore/oms_bundle.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"
#include "verifier/model_signing/verify.h"

namespace carnet::verifier::model_signing {
namespace {

BOOST_AUTO_TEST_SUITE(model_signing)

BOOST_AUTO_TEST_CASE(reasons_keep_their_names) {
  std::istringstream words(
      "malformed-bundle other-method other-key untrusted-certificate certificate-not-valid "
      "certificate-not-for-signing bad-signature wrong-identity bad-timestamp bad-promise "
      "no-verified-time bad-sct not-logged duplicate-log-entry bad-checkpoint bad-inclusion-proof "
      "wrong-log-body wrong-payload-type malformed-statement "
      "other-version unsupported-hash unsafe-path duplicate-name untiled-shards wrong-root "
      "links-not-allowed not-a-single-file unsignable-entry missing-file changed-file "
      "unsigned-file");
  for (const Reason reason : AllReasons()) {
    std::string name;
    BOOST_REQUIRE(words >> name);
    BOOST_CHECK_EQUAL(ReasonName(reason), name);
  }
  std::string more;
  BOOST_CHECK(!(words >> more));
}

// Of Sigstore's method only the signature is another's work.
BOOST_AUTO_TEST_CASE(takes_a_statement_from_who_verified_its_bundle,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  size_t read = 0;
  for (const char* version : {"v0.3.1", "v1.0.0", "v1.0.1", "v1.1.0"}) {
    const auto file = test::VectorsFolder() / "model-signing/bundles" /
                      (std::string(version) + "-sigstore") / "model.sig";
    REQUIRE_VALUE(const auto bundle, sigstore::ReadOmsBundle(test::Slurp(file)));
    BOOST_CHECK(std::holds_alternative<sigstore::OmsSigstoreCertificate>(bundle.material));
    SignedPayload payload{bundle.envelope.payload_type, bundle.envelope.payload, "somebody", {}};
    const auto statement = ReadSigned(payload);
    BOOST_REQUIRE(std::holds_alternative<sigstore::OmsStatement>(statement));
    BOOST_CHECK_EQUAL(std::get<sigstore::OmsStatement>(statement).manifest.resources.size(), 2u);
    payload.payload_type = "text/plain";
    const auto refused = ReadSigned(payload);
    BOOST_REQUIRE(std::holds_alternative<Problem>(refused));
    BOOST_CHECK(std::get<Problem>(refused).reason == Reason::kWrongPayloadType);
    ++read;
  }
  BOOST_CHECK_EQUAL(read, 4u);
}

// The specification has ECDSA alone; an RSA key would verify by its default scheme.
BOOST_AUTO_TEST_CASE(a_key_that_is_no_curve_is_refused_as_such) {
  const std::string pem =
      "-----BEGIN PUBLIC KEY-----\n"
      "MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n"  // RFC 8410, section 10.1
      "-----END PUBLIC KEY-----\n";
  REQUIRE_VALUE(const auto key, crypto::PublicKey::ParsePem(pem));
  const sigstore::OmsBundle bundle{sigstore::OmsKeyHint{}, {}};
  const auto refused = VerifyByKey(bundle, key);
  BOOST_REQUIRE(std::holds_alternative<Problem>(refused));
  BOOST_CHECK(std::get<Problem>(refused).reason == Reason::kOtherKey);
  BOOST_CHECK(std::get<Problem>(refused).message.find("expected a key on P-256") !=
              std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::model_signing
