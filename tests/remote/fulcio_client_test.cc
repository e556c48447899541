// Certificates from an authority that openssl plays, and from hostile ones.
#include "remote/fulcio_client.h"

#include "tests/remote/jwt.h"
#include "tests/remote/loopback_service.h"
#include "tests/support/command.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::remote {
namespace {

namespace ut = boost::unit_test;
using test::HurriedClient;
using test::LoopbackService;
using test::Said;

class KeyHere final : public signer::AttestationKey {
 public:
  const crypto::P256PublicKey& public_key() const override { return key_.public_key(); }
  Result<Bytes> SignDigest(const Sha256Digest& digest) const override {
    if (broken) return Bytes(70, 1);
    return key_.SignDigest(digest);
  }
  Result<Sha256Digest> Derive(ByteSpan) const override { return Unsupported("not here"); }
  bool broken = false;

 private:
  crypto::P256PrivateKey key_ = crypto::P256PrivateKey::Generate();
};

struct Authority {
  test::ScratchFolder folder;
  KeyHere key;

  Authority() {
    folder.Write("ext",
                 "keyUsage=critical,digitalSignature\nextendedKeyUsage=codeSigning\n"
                 "subjectAltName=critical,URI:https://lab.example/build\n");
    test::MustRun(
        "cd " + folder.str() +
        " && openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 "
        "-subj /CN=authority -keyout ca.key -out ca.pem 2>/dev/null");
  }
  static std::string Token(const boost::json::object& claims = {}) { return test::JwtWith(claims); }

  // The authority wants a proof for this subject, and certifies this key, or the one that asks.
  Said Program(const std::string& subject, const std::string& other_key = "") const {
    const std::string script = (test::SourceFolder() / "tests/remote/certificate_authority.py");
    return {
        200,
        "application/json",
        "exec /usr/bin/python3 " + script + " " + folder.str() + " '" + subject + "' " + other_key,
        {},
        0,
        "program"};
  }
  Result<std::vector<crypto::Certificate>> Ask(const Said& said,
                                               const std::string& text = Token()) const {
    const LoopbackService service({said});
    const HurriedClient client;
    REQUIRE_VALUE(const IdentityToken token,
                  IdentityToken::Parse(text, TimestampMs(1'800'000'000'000)));
    auto chain = AskForCertificate(token, key, service.url("/"), *client.http);
    asked = service.Asked();
    return chain;
  }
  static Said Json(const std::string& body) { return {200, "application/json", body}; }
  mutable std::string asked;
};

BOOST_FIXTURE_TEST_SUITE(fulcio_client, Authority, *ut::precondition(test::HasProgram("openssl")))

BOOST_AUTO_TEST_CASE(gets_a_certificate_for_its_key) {
  REQUIRE_VALUE(const auto chain, Ask(Program("repo:lab/model:ref:refs/heads/main")));
  BOOST_REQUIRE_EQUAL(chain.size(), 2U);
  BOOST_CHECK(chain.front().public_key().spki() == key.public_key().spki());
  BOOST_CHECK_EQUAL(chain.front().alternative_names().at(0).text, "https://lab.example/build");
  Said created = Program("repo:lab/model:ref:refs/heads/main");
  created.status = 201;
  BOOST_CHECK(Ask(created).has_value());
  BOOST_CHECK(asked.starts_with("POST /api/v2/signingCert HTTP/1.1\n"));
  BOOST_CHECK(asked.find(Token()) != asked.npos);
}

BOOST_AUTO_TEST_CASE(proves_possession_for_a_verified_address) {
  BOOST_CHECK(
      Ask(Program("a@b.example"), Token({{"email", "a@b.example"}, {"email_verified", true}}))
          .has_value());
  // The authority of this test closes the connection where the proof is for something else.
  CHECK_ERROR(Ask(Program("another@b.example"),
                  Token({{"email", "a@b.example"}, {"email_verified", true}})),
              ErrorCode::kIo, "ask for a certificate: ");
}

BOOST_AUTO_TEST_CASE(a_certificate_for_another_key_is_refused) {
  test::MustRun("openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out " +
                folder / "o.key" + " && openssl pkey -pubout -in " + folder / "o.key" + " -out " +
                folder / "o.pub");
  CHECK_ERROR(Ask(Program("repo:lab/model:ref:refs/heads/main", folder / "o.pub")),
              ErrorCode::kRejected, "/api/v2/signingCert: the certificate is for another key");
}

BOOST_AUTO_TEST_CASE(refusals_are_told_without_the_token) {
  const auto refused =
      Ask({400, "application/json", R"({"code":3,"message":"error processing identity token"})"});
  CHECK_ERROR(refused, ErrorCode::kRejected,
              "status 400; it says: {\"code\":3,\"message\":\"error processing identity token\"}");
  BOOST_CHECK(refused.error().message.find(Token()) == std::string::npos);
  CHECK_ERROR(Ask({202, "application/json", "{}"}), ErrorCode::kRejected, "status 202");
}

BOOST_AUTO_TEST_CASE(what_is_no_chain_is_refused) {
  const auto chain = [](const std::string& list) {
    return Json(R"({"signedCertificateEmbeddedSct":{"chain":{"certificates":)" + list + "}}}");
  };
  CHECK_ERROR(Ask(Json("{}")), ErrorCode::kMalformed, "the answer has no chain of certificates");
  CHECK_ERROR(Ask(Json("[]")), ErrorCode::kMalformed, "the answer has no chain of certificates");
  CHECK_ERROR(Ask(chain("[]")), ErrorCode::kMalformed, "the answer has no chain of certificates");
  CHECK_ERROR(Ask(chain("{}")), ErrorCode::kMalformed, "the answer has no chain of certificates");
  CHECK_ERROR(Ask(chain(R"(["","","","","","","","",""])")), ErrorCode::kMalformed,
              "the answer has no chain of certificates");
  CHECK_ERROR(Ask(chain("[1]")), ErrorCode::kMalformed, "is no text");
  CHECK_ERROR(Ask(chain(R"(["text"])")), ErrorCode::kMalformed, "/api/v2/signingCert: ");
  CHECK_ERROR(Ask(Json(R"({"signedCertificateDetachedSct":{}})")), ErrorCode::kUnsupported,
              "comes beside it, not in it");
  CHECK_ERROR(Ask(Json("<html>")), ErrorCode::kMalformed, "/api/v2/signingCert: ");
}

BOOST_AUTO_TEST_CASE(a_broken_key_asks_nobody) {
  key.broken = true;
  CHECK_ERROR(Ask(Json("{}")), ErrorCode::kIo, "not good by its own public key");
  BOOST_CHECK_EQUAL(asked, "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
