// Bundles of message signatures: their form is cosign's, their content as any reader has it.
#include "sigstore/message_bundle.h"

#include <boost/json.hpp>

#include "core/base64.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

Bytes Decoded(const boost::json::value& text) {
  return *Base64Decode(std::string_view(text.as_string()));
}

BOOST_AUTO_TEST_SUITE(message_bundle)

// What cosign signed, taken apart here by another JSON library, is written again byte for byte.
BOOST_AUTO_TEST_CASE(is_written_byte_for_byte_as_cosign_does,
                     *ut::precondition(test::HasVectors("cosign"))) {
  std::string text = test::Slurp(test::VectorsFolder() / "cosign" / "message.sigstore.json");
  const auto bundle = boost::json::parse(text);
  const auto& message = bundle.at("messageSignature");
  const auto& hint = bundle.at("verificationMaterial").at("publicKey").at("hint");
  const MessageBundle made{
      PublicKeyHint{std::string(hint.as_string())},
      {},
      {},
      *Sha256Digest::FromSpan(Decoded(message.at("messageDigest").at("digest"))),
      Decoded(message.at("signature"))};
  if (text.ends_with('\n')) text.pop_back();
  BOOST_CHECK_EQUAL(WriteMessageBundle(made), text);
}

BOOST_AUTO_TEST_CASE(has_certificate_tokens_and_signature_where_readers_look) {
  std::array<uint8_t, 32> digest;
  digest.fill(1);
  const MessageBundle made{
      Certificate{{0, 1, 2, 3, 4}}, {}, {{5}, {6}}, Sha256Digest(digest), {7, 7}};
  BOOST_CHECK_EQUAL(
      WriteMessageBundle(made),
      R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json","verificationMaterial":)"
      R"({"certificate":{"rawBytes":"AAECAwQ="},"timestampVerificationData":{"rfc3161Timestamps":)"
      R"([{"signedTimestamp":"BQ=="},{"signedTimestamp":"Bg=="}]}},"messageSignature":)"
      R"({"messageDigest":{"algorithm":"SHA2_256",)"
      R"("digest":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},"signature":"Bwc="}})");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
