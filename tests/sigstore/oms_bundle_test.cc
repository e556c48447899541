#include "sigstore/oms_bundle.h"

#include "core/base64.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace data = boost::unit_test::data;

const std::string kKey = R"("publicKey":{"hint":"00"})";
const std::string kEnvelope =
    R"("dsseEnvelope":{"payload":"e30=","payloadType":"t","signatures":[{"sig":"MAA=","keyid":""}]})";

std::string BundleOf(const std::string& material, const std::string& envelope = kEnvelope) {
  return R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
         R"("verificationMaterial":{)" +
         material + "}," + envelope + "}";
}

std::string SignedWith(const std::string& signature) {
  return BundleOf(kKey, R"("dsseEnvelope":{"payload":"e30=","payloadType":"t","signatures":[)" +
                            signature + "]}");
}

struct Refusal {
  const char* name;
  ErrorCode code;
  const char* why;
  std::string text;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kRefusals[] = {
    {"two_kinds_of_material", ErrorCode::kMalformed, "must have one of",
     BundleOf(kKey + R"(,"certificate":{"rawBytes":"AA=="})")},
    {"no_material", ErrorCode::kMalformed, "must have one of", BundleOf(R"("tlogEntries":[])")},
    {"a_chain_without_certificates", ErrorCode::kMalformed, "certificates[0]: missing",
     BundleOf(R"("x509CertificateChain":{"certificates":[]})")},
    {"a_chain_of_17", ErrorCode::kMalformed, "more than 16 elements",
     [] {
       std::string all = R"({"rawBytes":"AA=="})";
       for (int i = 1; i < 17; ++i) all += R"(,{"rawBytes":"AA=="})";
       return BundleOf(R"("x509CertificateChain":{"certificates":[)" + all + "]}");
     }()},
    {"a_certificate_without_log_entry", ErrorCode::kMalformed, "without tlogEntries",
     BundleOf(R"("certificate":{"rawBytes":"AA=="})")},
    {"a_certificate_with_no_log_entry", ErrorCode::kMalformed, "without tlogEntries",
     BundleOf(R"("certificate":{"rawBytes":"AA=="},"tlogEntries":[])")},
    {"an_unknown_field", ErrorCode::kMalformed, "verificationMaterial.x: unknown field",
     BundleOf(kKey + R"(,"x":1)")},
    {"an_unknown_field_of_a_signature", ErrorCode::kMalformed, "x: unknown field",
     SignedWith(R"({"sig":"MAA=","x":1})")},
    {"two_signatures", ErrorCode::kMalformed, "more than 1 elements",
     SignedWith(R"({"sig":"MAA="},{"sig":"MAA="})")},
    {"no_signature", ErrorCode::kMalformed, "signatures[0]: missing", SignedWith("")},
    {"no_envelope", ErrorCode::kMalformed, "dsseEnvelope: missing",
     R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
     R"("verificationMaterial":{"publicKey":{}}})"},
    {"an_older_version", ErrorCode::kUnsupported, "mediaType: expected",
     R"({"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.2"})"},
    {"a_message_signature", ErrorCode::kUnsupported, "found a message signature",
     BundleOf(kKey, R"("messageSignature":{})")},
    {"trailing_data", ErrorCode::kMalformed, "", BundleOf(kKey) + "{}"},
};

BOOST_AUTO_TEST_SUITE(oms_bundle)

BOOST_DATA_TEST_CASE(refuses, data::make(kRefusals), refusal) {
  CHECK_ERROR(ReadOmsBundle(refusal.text), refusal.code, refusal.why);
}

BOOST_AUTO_TEST_CASE(reads_a_keyid_that_is_absent_empty_or_null) {
  for (const char* signature :
       {R"({"sig":"MAA="})", R"({"sig":"MAA=","keyid":""})", R"({"sig":"MAA=","keyid":null})"}) {
    REQUIRE_VALUE(const OmsBundle bundle, ReadOmsBundle(SignedWith(signature)));
    BOOST_CHECK_EQUAL(bundle.envelope.signature.size(), 2u);
  }
}

BOOST_AUTO_TEST_CASE(reads_keys_by_hint_or_without_one) {
  for (const char* key : {R"("publicKey":{})", R"("publicKey":{"hint":null})",
                          R"("publicKey":{"rawBytes":"AA==","keyDetails":"PKIX"})"}) {
    REQUIRE_VALUE(const OmsBundle bundle, ReadOmsBundle(BundleOf(key)));
    BOOST_CHECK_EQUAL(std::get<OmsKeyHint>(bundle.material).hint, "");
  }
  REQUIRE_VALUE(const OmsBundle bundle,
                ReadOmsBundle(BundleOf(kKey + R"(,"certificate":null,"tlogEntries":null)")));
  BOOST_CHECK_EQUAL(std::get<OmsKeyHint>(bundle.material).hint, "00");
}

BOOST_AUTO_TEST_CASE(writes_what_the_specification_shows_and_reads_it_back) {
  OmsBundle bundle{OmsKeyHint{"00"}, {"t", ToBytes(AsBytes("{}")), {0x30, 0}}};
  BOOST_CHECK_EQUAL(WriteOmsBundle(bundle), BundleOf(kKey + R"(,"tlogEntries":[])"));
  bundle.material = OmsCertificateChain{{{1}, {2, 3}}};
  BOOST_CHECK_EQUAL(WriteOmsBundle(bundle),
                    BundleOf(R"("x509CertificateChain":{"certificates":[{"rawBytes":"AQ=="},)"
                             R"({"rawBytes":"AgM="}]},"tlogEntries":[])"));
  REQUIRE_VALUE(const OmsBundle read, ReadOmsBundle(WriteOmsBundle(bundle) + "\n"));
  BOOST_CHECK_EQUAL(std::get<OmsCertificateChain>(read.material).certificates.size(), 2u);
  BOOST_CHECK(read.envelope == bundle.envelope);
}

BOOST_AUTO_TEST_CASE(a_hint_is_the_digest_of_the_pem_text,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  const std::string pem =
      test::Slurp(test::VectorsFolder() / "model-signing/keys/signing-key-pub.pem");
  const std::string begin = "-----BEGIN PUBLIC KEY-----\n", end = "-----END PUBLIC KEY-----";
  const size_t at = pem.find(begin) + begin.size();
  std::string body = pem.substr(at, pem.find(end) - at);
  std::erase(body, '\n');
  // As the published signature has it.
  BOOST_CHECK_EQUAL(OmsHintOf(Base64Decode(body).value()),
                    "e8450dec4eb99dae995da9af1bc2cc9f76ed669ee2e744f57abba763df3e3f8e");
}

BOOST_AUTO_TEST_CASE(reads_the_valid_bundles_of_the_specification_and_refuses_the_invalid,
                     *boost::unit_test::precondition(test::HasVectors("model-signing"))) {
  const auto folder = test::VectorsFolder() / "model-signing/spec-v1.0";
  size_t valid = 0, invalid = 0;
  for (const auto& file : std::filesystem::directory_iterator(folder / "valid")) {
    const auto read = ReadOmsBundle(test::Slurp(file.path()));
    BOOST_CHECK_MESSAGE(read.has_value(), file.path()
                                              << ": " << (read ? "" : read.error().message));
    ++valid;
  }
  for (const auto& file : std::filesystem::directory_iterator(folder / "invalid")) {
    const auto read = ReadOmsBundle(test::Slurp(file.path()));
    BOOST_CHECK_MESSAGE(!read.has_value(), file.path());
    ++invalid;
  }
  BOOST_CHECK_EQUAL(valid, 3u);
  BOOST_CHECK_EQUAL(invalid, 4u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
