// Bundles that are made with services: good ones, verified by OpenSSL too; and for each thing that
// a service can do wrong the reason for which there is none.
#include "pipeline/sign_bundle.h"

#include <boost/json.hpp>

#include "core/base64.h"
#include "pipeline/certify.h"
#include "sigstore/foreign_bundle.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/test_services.h"
#include "tests/support/value_of.h"

namespace carnet::pipeline {
namespace {

using namespace carnet::test;

Bytes Decoded(const boost::json::value& text) {
  return *Base64Decode(std::string_view(text.as_string()));
}

std::unique_ptr<signer::Signer> NewSigner() {
  return ValueOf(signer::Signer::FromPkcs8(crypto::P256PrivateKey::Generate().ToPkcs8()), "key");
}

BundleContent TheArtifact() {
  return ArtifactToSign{*Sha256Digest::FromSpan(TestSha256(AsBytes(kTestArtifact)))};
}

struct Signing {
  TestServices services{kSignedAt};
  std::unique_ptr<remote::HttpClient> http =
      ValueOf(remote::HttpClient::Create({.answer_bytes = remote::kMaxLogAnswerBytes, .retries = 0},
                                         [](std::chrono::milliseconds) {}),
              "client");
  TimestampMs clock = kSignedAt;

  ServiceAddresses Addresses() const {
    const auto url = [this](const char* path) {
      return ValueOf(remote::Url::Parse(services.url(path)), "url");
    };
    return {url(""), {url(kStampPath)}, {url("")}};
  }
  sigstore::TrustedMaterial Trusted() const {
    return ValueOf(sigstore::ReadTrustedMaterial(services.sigstore.root.Json()), "trusted root");
  }
  SigningServices Over(const ServiceAddresses& addresses) const {
    return ServicesOver(*http, addresses, [] { return std::array<uint8_t, 8>{0x81, 2, 3}; });
  }
  Result<SignedBundle> Sign(const signer::Signer& signer, const ServiceAddresses& addresses,
                            const BundleContent& content = TheArtifact()) const {
    return SignBundle(content, signer, Over(addresses), Trusted(), [this] { return clock; });
  }
  Result<std::unique_ptr<signer::Signer>> Certified() const {
    CARNET_TRY(const auto token, remote::IdentityToken::Parse(services.IdentityToken(), clock));
    const auto authority = AuthorityOver(*http, *Addresses().certificate_authority, token);
    return CertifyBy(authority, NewSigner(), Trusted(), clock);
  }
  Result<SignedBundle> SignKeyless(const BundleContent& content = TheArtifact()) const {
    CARNET_TRY(const auto signer, Certified());
    return Sign(*signer, Addresses(), content);
  }
};

// Signature and time stamp, by OpenSSL's command.
void CheckByOpenssl(const Signing& signing, const SignedBundle& bundle) {
  const ScratchFolder folder;
  const auto json = boost::json::parse(bundle.json);
  const auto& material = json.at("verificationMaterial").as_object();
  const auto write = [&folder](const char* name, const Bytes& bytes) {
    return folder.Write(name, std::string(AsText(bytes)));
  };
  write("signature", Decoded(json.at("messageSignature").at("signature")));
  write("leaf.der", Decoded(material.at("certificate").at("rawBytes")));
  write("token.tsr", Decoded(material.at("timestampVerificationData")
                                 .at("rfc3161Timestamps")
                                 .as_array()
                                 .at(0)
                                 .at("signedTimestamp")));
  folder.Write("artifact", kTestArtifact);
  folder.Write("stamper.pem", CertificatePem(signing.services.sigstore.stamper.certificate));
  folder.Write("roots.pem", CertificatePem(signing.services.sigstore.stamp_root.certificate));
  const std::string in = "cd " + folder.str() + " && ";
  MustRun(in + "openssl x509 -inform DER -in leaf.der -pubkey -noout > leaf.pub");
  BOOST_CHECK_EQUAL(
      MustRun(in + "openssl dgst -sha256 -verify leaf.pub -signature signature artifact"),
      "Verified OK\n");
  const std::string stamped =
      MustRun(in +
              "openssl ts -verify -data signature -in token.tsr -CAfile roots.pem -untrusted "
              "stamper.pem -attime " +
              std::to_string(kSignedAt.value() / 1'000) + " 2>&1");
  BOOST_CHECK_MESSAGE(stamped.find("Verification: OK") != stamped.npos, stamped);
}

BOOST_FIXTURE_TEST_SUITE(sign_bundle, Signing)

BOOST_AUTO_TEST_CASE(keyless_has_certificate_time_stamp_and_log_entry) {
  REQUIRE_VALUE(const SignedBundle made, SignKeyless());
  BOOST_CHECK(made.json.ends_with("}\n"));
  CheckByOpenssl(*this, made);
  BOOST_REQUIRE_EQUAL(made.verified.times.size(), 1U);
  BOOST_CHECK_EQUAL(made.verified.times[0].source, "token of https://tsa.example.org");
  BOOST_REQUIRE_EQUAL(made.verified.positions.size(), 1U);
  BOOST_CHECK_EQUAL(made.verified.positions[0].log, "rekor2.example.org");
  const auto& identity = std::get<sigstore::CertificateIdentity>(made.verified.signer);
  BOOST_CHECK_EQUAL(identity.san, kTestIdentity);
  BOOST_CHECK_EQUAL(identity.issuer, kTestIssuer);
  const std::vector<std::string> order = {kFulcioPath, kStampPath, kRekorPath};
  BOOST_CHECK(services.asked == order);
}

BOOST_AUTO_TEST_CASE(a_key_alone_needs_no_service_and_no_trusted_root) {
  const auto signer = NewSigner();
  REQUIRE_VALUE(const SignedBundle made,
                SignBundle(TheArtifact(), *signer, {}, {}, [] { return kSignedAt; }));
  BOOST_CHECK(std::get<KeyId>(made.verified.signer) == signer->key_id());
  const auto material = boost::json::parse(made.json).at("verificationMaterial").as_object();
  BOOST_CHECK_EQUAL(material.size(), 1U);
  BOOST_CHECK(material.contains("publicKey"));
  BOOST_CHECK(services.asked.empty());
}

BOOST_AUTO_TEST_CASE(a_key_may_have_time_stamp_and_log_entry) {
  REQUIRE_VALUE(const SignedBundle made, Sign(*NewSigner(), Addresses()));
  BOOST_CHECK_EQUAL(made.verified.times.size(), 1U);
  BOOST_CHECK_EQUAL(made.verified.positions.size(), 1U);
}

BOOST_AUTO_TEST_CASE(a_statement_is_signed_byte_for_byte) {
  const std::string statement = TestSigstore::Statement();
  REQUIRE_VALUE(const SignedBundle made, SignKeyless(StatementToSign{ToBytes(AsBytes(statement))}));
  const auto envelope = boost::json::parse(made.json).at("dsseEnvelope");
  BOOST_CHECK(Decoded(envelope.at("payload")) == ToBytes(AsBytes(statement)));
  BOOST_REQUIRE(made.verified.statement.has_value());
  BOOST_CHECK_EQUAL(made.verified.statement->predicate_type, kTestPredicateType);
}

BOOST_AUTO_TEST_CASE(what_is_no_statement_is_not_signed) {
  const auto sign = [this](const std::string& payload) {
    return Sign(*NewSigner(), Addresses(), StatementToSign{ToBytes(AsBytes(payload))});
  };
  CHECK_ERROR(sign("{}"), ErrorCode::kMalformed, "statement: ");
  CHECK_ERROR(sign(TestSigstore::Statement("https://in-toto.io/Statement/v9")),
              ErrorCode::kMalformed, "statement: ");
  CHECK_ERROR(sign(R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"a","digest":)"
                   R"({"md5":"00"}}],"predicateType":"https://example.org/p","predicate":{}})"),
              ErrorCode::kMalformed, "no subject has a digest by SHA-256");
  BOOST_CHECK(services.asked.empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_verifiers_would_not_take) {
  const TestKey stranger = TestKey::Generate(TestKeyKind::kP256);
  services.leaf = [](CertificateSpec& leaf) { leaf.logs.clear(); };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "has no certificate timestamp (SCT)");
  services.leaf = [&](CertificateSpec& leaf) { leaf.logs = {{stranger, kSignedAt}}; };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected,
              "no certificate-transparency log of the trusted root has signed the certificate");
  services.leaf = [](CertificateSpec& leaf) { leaf.usages = {"timeStamping"}; };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "extendedKeyUsage lacks codeSigning");
  services.leaf = [](CertificateSpec& leaf) { leaf.extensions.clear(); };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected,
              "the certificate does not say who issued its identity");
  services.leaf = {};
  const TestAuthority other = MakeAuthority({.common_name = "intermediate"});
  services.issuer = &other;
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "no trusted authority has issued");
  services.issuer = &services.sigstore.intermediate;
  services.certified = [&](std::string& pem) { pem = stranger.PublicPem(); };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "the certificate is for another key");
  for (const std::string& path : services.asked) BOOST_CHECK_EQUAL(path, kFulcioPath);
}

BOOST_AUTO_TEST_CASE(a_certificate_of_the_wrong_time_is_refused) {
  services.leaf = [](CertificateSpec& leaf) {
    leaf.not_before = TimestampMs(kSignedAt.value() + 60'000);
  };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "does not verify: untrusted-certificate: ");
  services.leaf = [](CertificateSpec& leaf) {
    leaf.not_after = TimestampMs(kSignedAt.value() - 60'000);
  };
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "does not verify: untrusted-certificate: ");
}

BOOST_AUTO_TEST_CASE(a_certificate_without_a_time_stamp_is_refused) {
  REQUIRE_VALUE(const auto signer, Certified());
  ServiceAddresses addresses = Addresses();
  addresses.timestamp_authorities.clear();
  CHECK_ERROR(Sign(*signer, addresses), ErrorCode::kRejected, "does not verify: no-verified-time");
  BOOST_CHECK_EQUAL(services.asked.size(), 1U);  // nothing was logged
}

BOOST_AUTO_TEST_CASE(a_given_certificate_is_checked_before_it_is_used) {
  const auto certify = [this](const CertificateSpec& spec, const TestAuthority* issuer) {
    auto signer = NewSigner();
    const TestKey key = TestKey::FromSpki(signer->public_key().spki());
    const auto leaf = crypto::Certificate::Parse(MakeCertificate(spec, key, issuer));
    return Certify(std::move(signer), ValueOf(leaf, "leaf"), Trusted(), clock);
  };
  const TestAuthority* issuer = &services.sigstore.intermediate;
  CertificateSpec spec{.names = {{TestNameForm::kEmail, kTestIdentity}},
                       .usages = {"codeSigning"},
                       .extensions = {FulcioIssuerV2(kTestIssuer)}};
  REQUIRE_VALUE(const auto without_log, certify(spec, issuer));
  BOOST_CHECK(Sign(*without_log, Addresses()).has_value());
  spec.logs = {{TestKey::Generate(TestKeyKind::kP256), kSignedAt}};
  CHECK_ERROR(certify(spec, issuer), ErrorCode::kRejected, "no certificate-transparency log");
  spec.logs = {{services.sigstore.ct_key, kSignedAt}};
  REQUIRE_VALUE(const auto signer, certify(spec, issuer));
  REQUIRE_VALUE(const SignedBundle made, Sign(*signer, Addresses()));
  CheckByOpenssl(*this, made);
  const TestAuthority other = MakeAuthority({.common_name = "other"});
  CHECK_ERROR(certify(spec, &other), ErrorCode::kRejected, "no trusted authority has issued");
  spec.not_after = TimestampMs(kSignedAt.value() - 1'000);
  CHECK_ERROR(certify(spec, issuer), ErrorCode::kRejected, "and not now");
  const TestKey stranger = TestKey::Generate(TestKeyKind::kP256);
  const auto leaf = crypto::Certificate::Parse(MakeCertificate(spec, stranger, issuer));
  CHECK_ERROR(Certify(NewSigner(), *leaf, Trusted(), TimestampMs(kSignedAt.value() - 2'000)),
              ErrorCode::kRejected, "the certificate is for another key");
}

BOOST_AUTO_TEST_CASE(a_time_stamp_that_proves_nothing_is_refused) {
  const auto sign = [this] { return Sign(*NewSigner(), Addresses()); };
  services.stamp = [](TimestampSpec& spec) { (*spec.imprint_digest)[0] ^= 1; };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "the time stamp of http://127.0.0.1:");
  services.stamp = [](TimestampSpec& spec) { spec.nonce = 7; };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "nonce");
  const TestAuthority stranger = MakeStamper(MakeAuthority({.common_name = "other"}));
  services.stamp = [&](TimestampSpec& spec) { spec.signer = stranger; };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "is by no time stamping authority of the trusted root");
  services.stamp = {};
  services.sigstore.root.timestamp_authorities[0].end = "2024-01-01T00:00:00Z";
  CHECK_ERROR(sign(), ErrorCode::kRejected, "but the authority is trusted from");
  for (const std::string& path : services.asked) BOOST_CHECK_EQUAL(path, kStampPath);
}

BOOST_AUTO_TEST_CASE(clocks_may_differ_by_ten_seconds) {
  clock = TimestampMs(kSignedAt.value() - 10'000);
  BOOST_CHECK(Sign(*NewSigner(), Addresses()).has_value());
  clock = TimestampMs(kSignedAt.value() - 10'001);
  CHECK_ERROR(Sign(*NewSigner(), Addresses()), ErrorCode::kRejected,
              "does not verify: no-verified-time");
}

BOOST_AUTO_TEST_CASE(a_log_entry_that_proves_nothing_is_refused) {
  const auto sign = [this] { return SignKeyless(); };
  services.body = [](std::string& body) {
    body.replace(body.find("\"content\":\"M") + 11, 1, "N");
  };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "canonicalizedBody: is not that of what was sent");
  services.body = {};
  services.entry = [](EntryParts& entry) { entry.hashes.pop_back(); };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "does not verify: bad-inclusion-proof: ");
  services.entry = [](EntryParts& entry) { entry.checkpoint[25] ^= 1; };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "does not verify: bad-checkpoint: ");
  services.entry = [](EntryParts& entry) { entry.log_id[0] ^= 1; };
  CHECK_ERROR(sign(), ErrorCode::kRejected, "does not verify: not-logged: ");
  services.entry = {};
  services.sigstore.root.logs[1].end = "2024-01-01T00:00:00Z";
  CHECK_ERROR(sign(), ErrorCode::kRejected, "does not verify: bad-checkpoint: ");
}

// What goes into a log is there for good.
BOOST_AUTO_TEST_CASE(each_log_of_several_must_be_known) {
  int calls = 0;
  SigningServices over = Over(Addresses());
  const auto ask = over.logs[0].ask;
  over.logs.push_back(
      {"stranger", [&](const remote::LogRequest& request) -> Result<sigstore::LogEntry> {
         CARNET_TRY(auto entry, ask(request));
         ++calls;
         entry.log_id = LogId(std::array<uint8_t, 32>{});
         return entry;
       }});
  CHECK_ERROR(SignBundle(TheArtifact(), *NewSigner(), over, Trusted(), [] { return kSignedAt; }),
              ErrorCode::kRejected, "would not be believed in whole: log entry of an unknown log");
  BOOST_CHECK_EQUAL(calls, 1);
}

BOOST_AUTO_TEST_CASE(a_service_that_refuses_or_talks_nonsense_is_named) {
  for (const char* const path : {kFulcioPath, kStampPath, kRekorPath}) {
    services.instead = {{path, {403, "text/plain", "not you"}}};
    CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "status 403; it says: not you");
    services.instead = {{path, {502, "text/plain", ""}}};
    CHECK_ERROR(SignKeyless(), ErrorCode::kIo, "status 502");
  }
  services.instead = {{kFulcioPath, {200, "application/json", "{]"}}};
  CHECK_ERROR(SignKeyless(), ErrorCode::kMalformed, kFulcioPath);
  services.instead = {{kStampPath, {200, "application/timestamp-reply", "0"}}};
  CHECK_ERROR(SignKeyless(), ErrorCode::kMalformed, kStampPath);
  services.instead = {{kRekorPath, {201, "application/json", "{}"}}};
  CHECK_ERROR(SignKeyless(), ErrorCode::kMalformed, kRekorPath);
  services.instead = {{kRekorPath, {409, "application/json", "{}"}}};
  CHECK_ERROR(SignKeyless(), ErrorCode::kConflict, "the log has this entry already");
}

BOOST_AUTO_TEST_CASE(an_expired_token_asks_nobody) {
  clock = TimestampMs(kSignedAt.value() + 3'600'000);
  CHECK_ERROR(SignKeyless(), ErrorCode::kRejected, "the token has expired");
  BOOST_CHECK(services.asked.empty());
}

BOOST_AUTO_TEST_SUITE_END()

struct Config {
  static sigstore::SigningConfig Read(const std::string& logs, const std::string& log_choice,
                                      const std::string& others = "") {
    const std::string json =
        R"({"mediaType":"application/vnd.dev.sigstore.signingconfig.v0.2+json","rekorTlogUrls":[)" +
        logs + R"(],"rekorTlogConfig":{)" + log_choice + "}" + others + "}";
    return ValueOf(sigstore::ReadSigningConfig(json), "signing configuration");
  }
  static std::string Service(const std::string& url, int version, const std::string& who) {
    return R"({"url":")" + url + R"(","majorApiVersion":)" + std::to_string(version) +
           R"(,"validFor":{"start":"2020-01-01T00:00:00Z"},"operator":")" + who + R"("})";
  }
};

BOOST_FIXTURE_TEST_SUITE(signing_services, Config)

BOOST_AUTO_TEST_CASE(as_many_as_the_selector_says) {
  const std::string two =
      Service("https://a.example", 2, "a") + "," + Service("https://b.example", 2, "b");
  REQUIRE_VALUE(const auto any,
                ServicesIn(Read(two, R"("selector":"ANY")"), Keyless::kNo, kSignedAt));
  BOOST_REQUIRE_EQUAL(any.logs.size(), 1U);
  BOOST_CHECK_EQUAL(any.logs[0].text(), "https://a.example");
  REQUIRE_VALUE(const auto all,
                ServicesIn(Read(two, R"("selector":"ALL")"), Keyless::kNo, kSignedAt));
  BOOST_CHECK_EQUAL(all.logs.size(), 2U);
  BOOST_CHECK(!all.certificate_authority.has_value());
  REQUIRE_VALUE(const auto exact,
                ServicesIn(Read(two, R"("selector":"EXACT","count":2)"), Keyless::kNo, kSignedAt));
  BOOST_CHECK_EQUAL(exact.logs.size(), 2U);
  CHECK_ERROR(ServicesIn(Read(two, R"("selector":"EXACT","count":3)"), Keyless::kNo, kSignedAt),
              ErrorCode::kNotFound, "rekorTlogUrls: 3 services of different operators");
}

BOOST_AUTO_TEST_CASE(a_configuration_without_services_asks_for_none) {
  REQUIRE_VALUE(const auto none, ServicesIn(Read("", ""), Keyless::kNo, kSignedAt));
  BOOST_CHECK(none.logs.empty() && none.timestamp_authorities.empty());
  CHECK_ERROR(ServicesIn(Read("", ""), Keyless::kYes, kSignedAt), ErrorCode::kNotFound, "caUrls: ");
  CHECK_ERROR(ServicesIn(Read("", R"("selector":"EXACT","count":1)"), Keyless::kNo, kSignedAt),
              ErrorCode::kNotFound, "rekorTlogUrls: ");
}

BOOST_AUTO_TEST_CASE(what_is_not_spoken_or_not_safe_is_not_asked) {
  CHECK_ERROR(ServicesIn(Read(Service("https://a.example", 1, "a"), R"("selector":"ANY")"),
                         Keyless::kNo, kSignedAt),
              ErrorCode::kNotFound, "rekorTlogUrls: none of 1 services");
  CHECK_ERROR(ServicesIn(Read(Service("http://a.example", 2, "a"), R"("selector":"ANY")"),
                         Keyless::kNo, kSignedAt),
              ErrorCode::kRejected, "rekorTlogUrls: ");
  CHECK_ERROR(ServicesIn(Read(Service("https://a.example", 2, "a"), ""), Keyless::kNo, kSignedAt),
              ErrorCode::kUnsupported, "rekorTlogUrls: ");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
