// Entries that a Rekor v2 log answers: one that cosign was given by a log (vectors), and hostile
// ones.
#include "remote/rekor_client.h"

#include <boost/json.hpp>

#include "core/base64.h"
#include "core/hex.h"
#include "tests/remote/loopback_service.h"
#include "tests/support/command.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::remote {
namespace {

namespace json = boost::json;
namespace ut = boost::unit_test;
using test::HurriedClient;
using test::LoopbackService;

struct Answered {
  // By hand, from the format's description: RFC 8785 of hashedrekord 0.0.2.
  static std::string Body(const LogRequest& request) {
    return R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":)"
           R"({"algorithm":"SHA2_256","digest":")" +
           Base64Encode(request.digest.span()) + R"("},"signature":{"content":")" +
           Base64Encode(request.signature) +
           R"(","verifier":{"keyDetails":"PKIX_ECDSA_P256_SHA_256",)" +
           (request.certificate.empty()
                ? R"("publicKey":{"rawBytes":")" + Base64Encode(request.spki)
                : R"("x509Certificate":{"rawBytes":")" + Base64Encode(request.certificate)) +
           R"("}}}}}})";
  }
  static LogRequest Request() {
    std::array<uint8_t, 32> id;
    id.fill(7);
    return {Sha256Digest(id), Bytes(70, 1), Bytes(91, 2)};
  }
  static json::object Entry() {
    const std::string hash = Base64Encode(Bytes(32, 9));
    return {{"logIndex", "4"},
            {"logId", {{"keyId", hash}}},
            {"kindVersion", {{"kind", "hashedrekord"}, {"version", "0.0.2"}}},
            {"integratedTime", "0"},
            {"inclusionProof",
             {{"logIndex", "4"},
              {"rootHash", hash},
              {"treeSize", "5"},
              {"hashes", json::array{hash}},
              {"checkpoint", {{"envelope", "log.example\n5\n"}}}}},
            {"canonicalizedBody", Base64Encode(AsBytes(Body(Request())))}};
  }
  static Result<sigstore::LogEntry> Added(const std::string& answer, int status = 201) {
    const LoopbackService service({{status, "application/json", answer}});
    const HurriedClient client;
    return AddToLog(Request(), service.url(), *client.http);
  }
  static Result<sigstore::LogEntry> Added(const json::object& entry) {
    return Added(json::serialize(entry));
  }
};

BOOST_FIXTURE_TEST_SUITE(rekor_client, Answered)

BOOST_AUTO_TEST_CASE(asks_as_the_write_api_wants_it) {
  const LoopbackService service({{201, "application/json", json::serialize(Entry())}});
  const HurriedClient client;
  REQUIRE_VALUE(const sigstore::LogEntry entry,
                AddToLog(Request(), service.url("/"), *client.http));
  BOOST_CHECK_EQUAL(entry.log_index, 4U);
  BOOST_CHECK_EQUAL(entry.proof_tree_size, 5U);
  BOOST_CHECK_EQUAL(entry.proof.hashes.size(), 1U);
  BOOST_CHECK(service.Asked().starts_with("POST /api/v2/log/entries HTTP/1.1\n"));
  const json::value expected = {{"hashedRekordRequestV002",
                                 {{"digest", "BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc="},
                                  {"signature",
                                   {{"content", Base64Encode(Bytes(70, 1))},
                                    {"verifier",
                                     {{"publicKey", {{"rawBytes", Base64Encode(Bytes(91, 2))}}},
                                      {"keyDetails", "PKIX_ECDSA_P256_SHA_256"}}}}}}}};
  BOOST_CHECK(json::parse(service.AskedBody()) == expected);
}

BOOST_AUTO_TEST_CASE(a_certificate_stands_in_place_of_the_key) {
  LogRequest request = Request();
  request.spki.clear();
  request.certificate = Bytes(300, 3);
  json::object entry = Entry();
  entry["canonicalizedBody"] = Base64Encode(AsBytes(Body(request)));
  const LoopbackService service({{201, "application/json", json::serialize(entry)}});
  const HurriedClient client;
  REQUIRE_VALUE(const sigstore::LogEntry logged, AddToLog(request, service.url(), *client.http));
  BOOST_CHECK_EQUAL(logged.log_index, 4U);
  const json::value asked = json::parse(service.AskedBody());
  const json::value expected = {{"x509Certificate", {{"rawBytes", Base64Encode(Bytes(300, 3))}}},
                                {"keyDetails", "PKIX_ECDSA_P256_SHA_256"}};
  BOOST_CHECK(asked.at("hashedRekordRequestV002").at("signature").at("verifier") == expected);
  request.certificate[0] ^= 1;
  const LoopbackService again({{201, "application/json", json::serialize(entry)}});
  CHECK_ERROR(AddToLog(request, again.url(), *client.http), ErrorCode::kRejected,
              "canonicalizedBody: is not that of what was sent");
}

BOOST_AUTO_TEST_CASE(takes_the_entry_that_a_log_gave_to_cosign,
                     *ut::precondition(test::HasVectors("cosign"))) {
  const auto folder = test::VectorsFolder() / "cosign";
  const auto bundle = json::parse(test::Slurp(folder / "logged-attest.sigstore.json"));
  const auto& material = bundle.at("verificationMaterial");
  const auto bytes = [](const json::value& text) {
    return *Base64Decode(std::string_view(text.as_string()));
  };
  const auto& signature = bundle.at("dsseEnvelope").at("signatures").as_array().at(0).at("sig");
  const auto digest = HexDecodeTo<Sha256Digest>(
      "e7af3d56df41d5300d68ef82a9ff6790cf083a5ece23faa8dff7c4889f6bbe39");  // of their README
  const std::string spki =
      test::MustRun("openssl pkey -pubin -outform DER -in " + (folder / "cosign.pub").string());
  const LogRequest request{*digest, bytes(signature), ToBytes(AsBytes(spki))};
  const LoopbackService service(
      {{201, "application/json", json::serialize(material.at("tlogEntries").as_array().at(0))}});
  const HurriedClient client;
  REQUIRE_VALUE(const sigstore::LogEntry entry, AddToLog(request, service.url(), *client.http));
  BOOST_CHECK_EQUAL(entry.log_index, 0U);
  BOOST_CHECK_EQUAL(entry.proof_tree_size, 1U);
}

BOOST_AUTO_TEST_CASE(only_created_is_success) {
  const std::string entry = json::serialize(Entry());
  CHECK_ERROR(Added(entry, 200), ErrorCode::kRejected, "add to the log: status 200");
  CHECK_ERROR(Added(entry, 202), ErrorCode::kRejected, "add to the log: status 202");
  CHECK_ERROR(Added("{}", 400), ErrorCode::kRejected, "status 400; it says: {}");
  CHECK_ERROR(Added("", 405), ErrorCode::kRejected, "status 405");
  CHECK_ERROR(Added("", 409), ErrorCode::kConflict, "the log has this entry already");
  CHECK_ERROR(Added("", 503), ErrorCode::kIo, "status 503");
}

BOOST_AUTO_TEST_CASE(an_entry_of_something_else_is_refused) {
  json::object entry = Entry();
  LogRequest other = Request();
  other.signature[3] ^= 1;
  entry["canonicalizedBody"] = Base64Encode(AsBytes(Body(other)));
  CHECK_ERROR(Added(entry), ErrorCode::kRejected,
              "canonicalizedBody: is not that of what was sent");
  entry = Entry();
  entry["canonicalizedBody"] = Base64Encode(AsBytes(Body(Request()) + " "));
  CHECK_ERROR(Added(entry), ErrorCode::kRejected, "canonicalizedBody");
  entry = Entry();
  entry["kindVersion"].as_object()["version"] = "0.0.1";
  CHECK_ERROR(Added(entry), ErrorCode::kRejected, "found hashedrekord 0.0.1");
  entry = Entry();
  entry["logIndex"] = "3";
  CHECK_ERROR(Added(entry), ErrorCode::kRejected, "does not agree with the inclusion proof");
  entry = Entry();
  entry["inclusionProof"].as_object()["treeSize"] = "4";
  CHECK_ERROR(Added(entry), ErrorCode::kRejected, "does not agree with the inclusion proof");
}

BOOST_AUTO_TEST_CASE(what_is_no_entry_is_refused) {
  CHECK_ERROR(Added("<html>"), ErrorCode::kMalformed, "/api/v2/log/entries: ");
  CHECK_ERROR(Added("{}"), ErrorCode::kMalformed, "logId");
  json::object entry = Entry();
  entry["extra"] = 1;
  CHECK_ERROR(Added(entry), ErrorCode::kMalformed, "extra");
  entry = Entry();
  entry.erase("inclusionProof");
  CHECK_ERROR(Added(entry), ErrorCode::kMalformed, "inclusionProof");
  CHECK_ERROR(Added(json::serialize(Entry()) + "{}"), ErrorCode::kMalformed, "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::remote
