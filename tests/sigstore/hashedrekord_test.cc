#include "sigstore/hashedrekord.h"

#include "tests/sigstore/replace.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

// The body that rekor-tiles writes, with the bytes 01 x 32, 00 01 02 and 00 01 02 03 04; base64 by
// coreutils.
constexpr std::string_view kBody =
    R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":{)"
    R"("algorithm":"SHA2_256","digest":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"
    R"("signature":{"content":"AAEC","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256",)"
    R"("publicKey":{"rawBytes":"AAECAwQ="}}}}}})";

HashedRekord Record() {
  std::array<uint8_t, 32> ones;
  ones.fill(1);
  return {StatementId(ones), {0, 1, 2}, {0, 1, 2, 3, 4}};
}

BOOST_AUTO_TEST_SUITE(hashedrekord)

BOOST_AUTO_TEST_CASE(writes_the_canonical_body) {
  const HashedRekord record = Record();
  BOOST_CHECK_EQUAL(WriteHashedRekord(record.statement, record.signature, record.spki), kBody);
}

BOOST_AUTO_TEST_CASE(reads_the_canonical_body) {
  REQUIRE_VALUE(const HashedRekord record, ReadHashedRekord(kBody));
  BOOST_CHECK(record == Record());
}

// The same as rekor-tiles writes it for a certificate.
BOOST_AUTO_TEST_CASE(in_the_body_of_a_certificate_it_stands_for_the_key) {
  const std::string body =
      test::Replaced(std::string(kBody), R"("publicKey":)", R"("x509Certificate":)");
  HashedRekord certified = Record();
  certified.certificate = std::move(certified.spki);
  certified.spki.clear();
  BOOST_CHECK_EQUAL(WriteHashedRekord(certified), body);
  BOOST_CHECK_EQUAL(
      WriteCertifiedHashedRekord(certified.statement, certified.signature, certified.certificate),
      body);
  REQUIRE_VALUE(const HashedRekord read, ReadHashedRekord(body));
  BOOST_CHECK(read == certified);
  BOOST_CHECK(!(read == Record()));
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kRefusals[] = {
    {"other version", R"("apiVersion":"0.0.2")", R"("apiVersion":"0.0.1")", "canonical form"},
    {"other kind", R"("kind":"hashedrekord")", R"("kind":"dsse")", "canonical form"},
    {"a space", R"({"data")", R"({ "data")", "canonical form"},
    {"other algorithm", "SHA2_256\"", "SHA2_512\"", "canonical form"},
    {"members in another order", R"("apiVersion":"0.0.2","kind":"hashedrekord")",
     R"("kind":"hashedrekord","apiVersion":"0.0.2")", "canonical form"},
    {"digest that is not base64", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQE",
     "canonical form"},
    {"short digest", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQEB", "32 bytes"},
    {"signature that is not base64", "AAEC\"", "AAE-\"", "signature.content"},
    {"other key details", "PKIX_ECDSA_P256_SHA_256", "PKIX_ED25519_PH", "signature.verifier"},
    {"another name for the key", R"("publicKey":)", R"("x509Chain":)", "signature.verifier"},
    {"empty certificate", R"("publicKey":{"rawBytes":"AAECAwQ=")",
     R"("x509Certificate":{"rawBytes":"")", "signature.verifier"},
    {"certificate beside the key", R"("publicKey":{"rawBytes":"AAECAwQ="})",
     R"("publicKey":{"rawBytes":"AAECAwQ="},"x509Certificate":{"rawBytes":"AAE="})",
     "does not end"},
    {"key with unused bits set", "AAECAwQ=", "AAECAwR=", "signature.verifier"},
    {"unknown field in the verifier", "AAECAwQ=\"", "AAECAwQ=\",\"x\":\"\"", "does not end"},
    {"one brace too few", "}}}}}}", "}}}}}", "does not end"},
    {"trailing byte", "}}}}}}", "}}}}}}\n", "does not end"},
};

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefusals), refusal) {
  const std::string body = test::Replaced(std::string(kBody), refusal.from, refusal.to);
  CHECK_ERROR(ReadHashedRekord(body), ErrorCode::kMalformed, refusal.message);
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  for (size_t size = 0; size < kBody.size(); ++size) {
    CHECK_ERROR(ReadHashedRekord(kBody.substr(0, size)), ErrorCode::kMalformed, "log entry body");
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
