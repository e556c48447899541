#include "crypto/rfc3161.h"

#include <boost/json.hpp>

#include <functional>

#include "core/base64.h"
#include "core/hex.h"
#include "tests/support/command.h"
#include "tests/support/pki.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using test::CertificateSpec;
using test::MakeAuthority;
using test::MakeCertificate;
using test::MakeTimestamp;
using test::TestAuthority;
using test::TestEssId;
using test::TestHash;
using test::TestKey;
using test::TestKeyKind;
using test::TimestampSpec;

constexpr TimestampMs kTime(1'700'000'000'123);
const ByteSpan kMessage = AsBytes("signature");

const CertificateSpec kStamper{
    .common_name = "tsa", .serial = 5, .usages = {"timeStamping"}, .usages_critical = true};

Certificate Read(const Bytes& der) {
  REQUIRE_VALUE(auto certificate, Certificate::Parse(der));
  return certificate;
}

TestAuthority Issued(const CertificateSpec& spec, const TestAuthority& by,
                     TestKeyKind kind = TestKeyKind::kP256) {
  const TestKey key = TestKey::Generate(kind);
  return {key, MakeCertificate(spec, key, &by)};
}

// An authority: root, intermediate, the certificate that signs.
struct Tsa {
  explicit Tsa(const CertificateSpec& stamper_spec = kStamper,
               const CertificateSpec& ca_spec = {.common_name = "tsa-ca"},
               TestKeyKind kind = TestKeyKind::kP256)
      : root(MakeAuthority({.common_name = "tsa-root"})),
        ca(MakeAuthority(ca_spec, &root)),
        stamper(Issued(stamper_spec, ca, kind)) {}

  TimestampSpec Spec() const {
    return {.signer = stamper, .message = ToBytes(kMessage), .time = kTime};
  }
  std::vector<Certificate> Chain() const {
    return {Read(stamper.certificate), Read(ca.certificate), Read(root.certificate)};
  }
  Result<TimestampToken> Verify(ByteSpan response, ByteSpan message = kMessage) const {
    return VerifyTimestamp(response, message, Chain());
  }
  Result<TimestampToken> Verify(const TimestampSpec& spec) const {
    return Verify(MakeTimestamp(spec));
  }

  TestAuthority root;
  TestAuthority ca;
  TestAuthority stamper;
};

BOOST_AUTO_TEST_SUITE(rfc3161)

BOOST_AUTO_TEST_CASE(verifies_an_honest_time_stamp) {
  const Tsa tsa;
  for (const auto& [made, read] : {std::pair(TestHash::kSha256, HashAlgorithm::kSha256),
                                   std::pair(TestHash::kSha384, HashAlgorithm::kSha384),
                                   std::pair(TestHash::kSha512, HashAlgorithm::kSha512)}) {
    for (const bool embeds : {true, false}) {
      TimestampSpec spec = tsa.Spec();
      spec.imprint = spec.digest = made;
      spec.embeds_certificate = embeds;
      REQUIRE_VALUE(const auto token, tsa.Verify(spec));
      BOOST_CHECK(token.time == kTime);
      BOOST_CHECK(token.imprint_hash == read);
    }
  }
}

BOOST_AUTO_TEST_CASE(verifies_by_authorities_with_other_keys) {
  for (const auto kind : {TestKeyKind::kP384, TestKeyKind::kP521, TestKeyKind::kRsa2048}) {
    const Tsa tsa(kStamper, {.common_name = "tsa-ca"}, kind);
    BOOST_CHECK(tsa.Verify(tsa.Spec()).has_value());
  }
}

BOOST_AUTO_TEST_CASE(takes_either_form_of_ess_cert_id_and_both_statuses) {
  const Tsa tsa;
  TimestampSpec spec = tsa.Spec();
  spec.ess_id = TestEssId::kV1;
  BOOST_CHECK(tsa.Verify(spec).has_value());
  spec.status = 1;
  BOOST_CHECK(tsa.Verify(spec).has_value());
}

struct Time {
  std::string text;
  uint64_t ms;

  friend std::ostream& operator<<(std::ostream& out, const Time& one) { return out << one.text; }
};

// date -u -d '2023-11-14 22:13:20' +%s: 1700000000
const Time kTimes[] = {{"20231114221320Z", 1'700'000'000'000},
                       {"20231114221320.5Z", 1'700'000'000'500},
                       {"20231114221320.12Z", 1'700'000'000'120},
                       {"20231114221320.123Z", 1'700'000'000'123},
                       {"20231114221320.1239Z", 1'700'000'000'123},
                       {"20231114221320.123999999999Z", 1'700'000'000'123},
                       {"20231114221320.000Z", 1'700'000'000'000}};

BOOST_DATA_TEST_CASE(reads_the_time_to_the_millisecond, boost::unit_test::data::make(kTimes), one) {
  const Tsa tsa;
  TimestampSpec spec = tsa.Spec();
  spec.time_text = one.text;
  REQUIRE_VALUE(const auto token, tsa.Verify(spec));
  BOOST_CHECK_EQUAL(token.time.value(), one.ms);
}

BOOST_AUTO_TEST_CASE(refuses_times_that_are_none) {
  const Tsa tsa;
  for (const char* text : {"20231114221320", "20231114221320+0100", "202311142213Z",
                           "20231114221320.Z", "20231114221320,5Z", "20231314221320Z",
                           "20231114221320.1.2Z", "19691231235959Z", "Z", "2023111422132aZ"}) {
    TimestampSpec spec = tsa.Spec();
    spec.time_text = text;
    CHECK_ERROR(tsa.Verify(spec), ErrorCode::kMalformed, "time stamp's time");
  }
}

// What is wrong with a token that is otherwise honest, and what is said of it.
struct Wrong {
  std::string name;
  std::function<void(TimestampSpec&)> change;
  ErrorCode code;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const Wrong& one) { return out << one.name; }
};

const Wrong kWrong[] = {
    {"status_rejection", [](auto& spec) { spec.status = 2; }, ErrorCode::kRejected,
     "not granted: status 2"},
    {"version_2", [](auto& spec) { spec.version = 2; }, ErrorCode::kMalformed, "not of version 1"},
    {"critical_extension", [](auto& spec) { spec.critical_extension = true; },
     ErrorCode::kMalformed, "critical extension"},
    {"trailing_bytes_in_its_info", [](auto& spec) { spec.trailing_in_info = true; },
     ErrorCode::kMalformed, "time stamp's TSTInfo"},
    {"digest_algorithms_without_end", [](auto& spec) { spec.extra_digest_algorithms = 4; },
     ErrorCode::kMalformed, "too many digest algorithms"},
    {"imprint_of_another_message", [](auto& spec) { spec.message.push_back(0); },
     ErrorCode::kRejected, "imprint is not the digest"},
    {"imprint_by_sha1", [](auto& spec) { spec.imprint_sha1 = true; }, ErrorCode::kRejected,
     "imprint is not by SHA-256"},
    {"signature_by_sha1", [](auto& spec) { spec.digest_sha1 = true; }, ErrorCode::kRejected,
     "signature is not by SHA-256"},
    {"two_signers", [](auto& spec) { spec.signers = 2; }, ErrorCode::kMalformed,
     "not exactly one signer"},
    {"no_signer", [](auto& spec) { spec.signers = 0; }, ErrorCode::kMalformed,
     "not exactly one signer"},
    {"no_ess_cert_id", [](auto& spec) { spec.ess_id = TestEssId::kNone; }, ErrorCode::kRejected,
     "(ESSCertID)"},
    {"other_content_type", [](auto& spec) { spec.other_content_type = true; },
     ErrorCode::kMalformed, "content type is not TSTInfo"},
    {"signed_by_another_key",
     [](auto& spec) { spec.signer.key = TestKey::Generate(TestKeyKind::kP256); },
     ErrorCode::kRejected, "not by the authority's key"}};

BOOST_DATA_TEST_CASE(refuses_a_token_with, boost::unit_test::data::make(kWrong), one) {
  const Tsa tsa;
  TimestampSpec spec = tsa.Spec();
  BOOST_REQUIRE(tsa.Verify(spec).has_value());
  one.change(spec);
  CHECK_ERROR(tsa.Verify(spec), one.code, one.reason);
}

BOOST_AUTO_TEST_CASE(refuses_responses_that_are_none) {
  const Tsa tsa;
  Bytes response = MakeTimestamp(tsa.Spec());
  response.push_back(0);
  CHECK_ERROR(tsa.Verify(response), ErrorCode::kMalformed, "trailing data after the time stamp");
  response.resize(response.size() - 2);
  CHECK_ERROR(tsa.Verify(response), ErrorCode::kMalformed, "not a TimeStampResp");
  CHECK_ERROR(tsa.Verify(Bytes()), ErrorCode::kMalformed, "not a TimeStampResp");
  CHECK_ERROR(tsa.Verify(Bytes(64 * 1024 + 1)), ErrorCode::kMalformed,
              "time stamp of 65537 bytes, more than 65536");
  // A status of granted, and no token.
  CHECK_ERROR(tsa.Verify(Bytes{0x30, 5, 0x30, 3, 2, 1, 0}), ErrorCode::kMalformed, "token");
  CHECK_ERROR(VerifyTimestamp(MakeTimestamp(tsa.Spec()), kMessage, {}), ErrorCode::kRejected,
              "has no certificate");
}

// No byte of a token can be another: what is not signed is compared.
BOOST_AUTO_TEST_CASE(never_verifies_a_token_whose_signed_part_was_changed) {
  const Tsa tsa;
  TimestampSpec spec = tsa.Spec();
  spec.embeds_certificate = false;
  const Bytes response = MakeTimestamp(spec);
  const auto chain = tsa.Chain();
  REQUIRE_VALUE(const auto honest, VerifyTimestamp(response, kMessage, chain));
  size_t accepted = 0;
  for (size_t at = 0; at < response.size(); ++at) {
    Bytes changed = response;
    changed[at] ^= 1;
    const auto token = VerifyTimestamp(changed, kMessage, chain);
    if (!token) continue;
    ++accepted;  // the status, versions and names of algorithms, on which nothing depends
    BOOST_CHECK(token->time == honest.time && token->imprint_hash == honest.imprint_hash);
  }
  BOOST_CHECK_LE(accepted, 24u);
}

BOOST_AUTO_TEST_CASE(refuses_a_token_of_another_authority) {
  const Tsa tsa, other(kStamper, {.common_name = "other-ca"});
  CHECK_ERROR(tsa.Verify(other.Spec()), ErrorCode::kNotFound,
              "names another signer than the authority's certificate");
  Tsa same_ca = tsa;
  same_ca.stamper = Issued(
      {.common_name = "tsa", .serial = 6, .usages = {"timeStamping"}, .usages_critical = true},
      tsa.ca);
  CHECK_ERROR(tsa.Verify(same_ca.Spec()), ErrorCode::kNotFound,
              "names another signer than the authority's certificate");
}

// Another authority with the right names and serial number, which embeds its own certificate.
BOOST_AUTO_TEST_CASE(refuses_a_certificate_that_an_attacker_embeds) {
  const Tsa tsa, attacker;
  CHECK_ERROR(tsa.Verify(attacker.Spec()), ErrorCode::kRejected,
              "embeds another certificate than the authority's");
  TimestampSpec spec = attacker.Spec();
  spec.embeds_certificate = false;
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "(ESSCertID)");
  spec.ess_certificate = tsa.stamper.certificate;
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "not by the authority's key");
  spec.embeds_certificate = true;
  spec.embedded = tsa.stamper.certificate;
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "not by the authority's key");
}

BOOST_AUTO_TEST_CASE(refuses_an_honest_token_that_embeds_another_certificate) {
  const Tsa tsa, stranger;
  TimestampSpec spec = tsa.Spec();
  spec.embedded = stranger.stamper.certificate;  // the right name and serial number
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "embeds another certificate");
  spec.embedded = stranger.root.certificate;
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "embeds another certificate");
}

BOOST_AUTO_TEST_CASE(judges_the_chain_at_the_time_of_the_token) {
  CertificateSpec brief = kStamper;
  brief.not_before = TimestampMs(1'690'000'000'000);
  brief.not_after = TimestampMs(1'700'000'000'000);
  const Tsa tsa(brief);  // expired long since
  TimestampSpec spec = tsa.Spec();
  for (const uint64_t inside : {1'690'000'000'000u, 1'695'000'000'000u, 1'700'000'000'999u}) {
    spec.time = TimestampMs(inside);
    BOOST_CHECK(tsa.Verify(spec).has_value());
  }
  spec.time = TimestampMs(1'700'000'001'000);
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected,
              "time stamp's certificate: CN=tsa: certificate has expired");
  spec.time = TimestampMs(1'689'999'999'999);
  CHECK_ERROR(tsa.Verify(spec), ErrorCode::kRejected, "CN=tsa: certificate is not yet valid");
}

BOOST_AUTO_TEST_CASE(refuses_an_expired_authority_above_the_signer) {
  const Tsa tsa(kStamper, {.common_name = "tsa-ca", .not_after = TimestampMs(1'600'000'000'000)});
  CHECK_ERROR(tsa.Verify(tsa.Spec()), ErrorCode::kRejected,
              "time stamp's certificate: CN=tsa-ca: certificate has expired");
}

BOOST_AUTO_TEST_CASE(refuses_a_chain_that_is_no_path) {
  const Tsa tsa, other;
  const auto chain = tsa.Chain();
  const Bytes response = MakeTimestamp(tsa.Spec());
  const std::vector wrong{chain[0], chain[1], other.Chain()[2]};
  CHECK_ERROR(VerifyTimestamp(response, kMessage, wrong), ErrorCode::kRejected,
              "time stamp's certificate");
  BOOST_CHECK(VerifyTimestamp(response, kMessage, std::span(chain).first(2)).has_value());
  BOOST_CHECK(VerifyTimestamp(response, kMessage, std::span(chain).first(1)).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_signers_that_are_not_for_time_stamps_alone) {
  const auto with = [](const std::function<void(CertificateSpec&)>& change) {
    CertificateSpec spec = kStamper;
    change(spec);
    const Tsa tsa(spec);
    return tsa.Verify(tsa.Spec());
  };
  constexpr std::string_view kReason = "extended key usage is not critical timeStamping alone";
  CHECK_ERROR(with([](auto& spec) { spec.usages = {"codeSigning"}; }), ErrorCode::kRejected,
              kReason);
  CHECK_ERROR(with([](auto& spec) { spec.usages.push_back("codeSigning"); }), ErrorCode::kRejected,
              kReason);
  CHECK_ERROR(with([](auto& spec) { spec.usages.clear(); }), ErrorCode::kRejected, kReason);
  CHECK_ERROR(with([](auto& spec) { spec.usages_critical = false; }), ErrorCode::kRejected,
              kReason);
  CHECK_ERROR(with([](auto& spec) { spec.is_ca = true; }), ErrorCode::kRejected,
              "time stamp's signer is a CA");
}

BOOST_AUTO_TEST_CASE(refuses_an_authority_above_that_is_for_something_else) {
  const Tsa wrong(kStamper, {.common_name = "tsa-ca", .usages = {"codeSigning"}});
  CHECK_ERROR(wrong.Verify(wrong.Spec()), ErrorCode::kRejected,
              "CN=tsa-ca: not for authorities of time stamps");
  const Tsa right(kStamper, {.common_name = "tsa-ca", .usages = {"timeStamping"}});
  BOOST_CHECK(right.Verify(right.Spec()).has_value());
}

BOOST_AUTO_TEST_CASE(knows_whether_a_response_repeats_the_nonce) {
  const Tsa tsa;
  TimestampSpec spec = tsa.Spec();
  const Bytes nonce{0, 0, 0, 0, 0x80, 2, 3, 4}, other{0, 0, 0, 0, 0x80, 2, 3, 5};
  CHECK_ERROR(CheckTimestampNonce(MakeTimestamp(spec), nonce), ErrorCode::kRejected,
              "does not repeat the nonce");
  spec.nonce = 0x80020304;
  BOOST_CHECK(CheckTimestampNonce(MakeTimestamp(spec), nonce).has_value());
  CHECK_ERROR(CheckTimestampNonce(MakeTimestamp(spec), other), ErrorCode::kRejected,
              "another nonce than the request");
  CHECK_ERROR(CheckTimestampNonce({}, nonce), ErrorCode::kMalformed, "not a TimeStampResp");
}

// OpenSSL's own authority reads the request, answers it, and verifies what we verify.
BOOST_AUTO_TEST_CASE(asks_so_that_openssls_authority_answers,
                     *boost::unit_test::precondition(test::HasProgram("openssl"))) {
  const Tsa tsa;
  const test::ScratchFolder folder;
  const Bytes request = TimestampRequest(kMessage, Bytes{1, 2, 3, 4, 5, 6, 7, 8});
  folder.Write("request", AsText(request));
  folder.Write("message", AsText(kMessage));
  folder.Write("key.pem", tsa.stamper.key.Pkcs8Pem());
  folder.Write("tsa.pem", test::CertificatePem(tsa.stamper.certificate));
  folder.Write("serial", "01\n");
  folder.Write("config",
               "[tsa]\ndefault_tsa = one\n[one]\nserial = serial\ndefault_policy = 1.2.3\n"
               "digests = sha256\nsigner_digest = sha256\ness_cert_id_alg = sha256\n");
  const std::string cd = "cd " + folder.str() + " && openssl ts ";
  const std::string shown = test::MustRun(cd + "-query -in request -text");
  BOOST_CHECK(shown.find("Hash Algorithm: sha256") != std::string::npos);
  BOOST_CHECK(shown.find("Nonce: 0x0102030405060708") != std::string::npos);
  BOOST_CHECK(shown.find("Certificate required: yes") != std::string::npos);
  test::MustRun(cd +
                "-reply -config config -queryfile request -signer tsa.pem -inkey key.pem "
                "-out response");
  const std::string response = test::Slurp(folder / "response");
  BOOST_CHECK(CheckTimestampNonce(AsBytes(response), Bytes{1, 2, 3, 4, 5, 6, 7, 8}).has_value());
  REQUIRE_VALUE(const auto token, tsa.Verify(AsBytes(response)));
  BOOST_CHECK(token.imprint_hash == HashAlgorithm::kSha256);
}

// And OpenSSL's verifier accepts what tests/support makes.
BOOST_AUTO_TEST_CASE(is_tested_with_tokens_that_openssl_accepts,
                     *boost::unit_test::precondition(test::HasProgram("openssl"))) {
  const Tsa tsa;
  const test::ScratchFolder folder;
  folder.Write("response", AsText(MakeTimestamp(tsa.Spec())));
  folder.Write("message", AsText(kMessage));
  folder.Write("root.pem", test::CertificatePem(tsa.root.certificate));
  folder.Write("ca.pem", test::CertificatePem(tsa.ca.certificate));
  const auto result =
      test::RunCommand("cd " + folder.str() +
                       " && openssl ts -verify -data message -in response -CAfile root.pem "
                       "-untrusted ca.pem -attime 1700000000");
  BOOST_CHECK_MESSAGE(result.status == 0, result.output);
}

Bytes Decoded(const boost::json::value& text) {
  return Base64Decode(std::string_view(text.as_string())).value();
}

// A token of a public authority over the bytes of a DSSE signature.
BOOST_AUTO_TEST_CASE(
    verifies_a_public_authoritys_time_stamp,
    *boost::unit_test::precondition(test::HasVectors("model-signing")) *
        boost::unit_test::precondition(test::HasVectors("cosign/trusted_root.json"))) {
  const auto folder = test::VectorsFolder();
  const auto bundle =
      boost::json::parse(test::Slurp(folder / "model-signing/bundles/v1.1.0-sigstore/model.sig"));
  const auto root = boost::json::parse(test::Slurp(folder / "cosign/trusted_root.json"));
  const auto& material = bundle.at("verificationMaterial");
  const auto& stamps = material.at("timestampVerificationData").at("rfc3161Timestamps").as_array();
  BOOST_REQUIRE_EQUAL(stamps.size(), 1u);
  const Bytes response = Decoded(stamps.at(0).at("signedTimestamp"));
  const Bytes signature = Decoded(bundle.at("dsseEnvelope").at("signatures").at(0).at("sig"));
  const Certificate leaf = Read(Decoded(material.at("certificate").at("rawBytes")));
  const auto& authorities = root.at("timestampAuthorities").as_array();
  BOOST_REQUIRE_EQUAL(authorities.size(), 1u);
  std::vector<Certificate> chain;
  for (const auto& one : authorities.at(0).at("certChain").at("certificates").as_array()) {
    chain.push_back(Read(Decoded(one.at("rawBytes"))));
  }
  REQUIRE_VALUE(const auto token, VerifyTimestamp(response, signature, chain));
  BOOST_CHECK(leaf.ValidAt(token.time));
  CHECK_ERROR(VerifyTimestamp(response, AsBytes("other"), chain), ErrorCode::kRejected,
              "imprint is not the digest");
  CHECK_ERROR(VerifyTimestamp(response, signature, Tsa().Chain()), ErrorCode::kNotFound,
              "names another signer");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
