#include "sigstore/certificate_identity.h"

#include <set>

#include "tests/support/pki.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

const std::string kIssuer = "https://issuer.example";
const std::string kSan = "alice@example.com";

struct Known {
  const char* name;
  CertificateIdentity identity;
  const char* hex;
};
std::ostream& operator<<(std::ostream& out, const Known& known) { return out << known.name; }

// Each by coreutils: printf 'carnet-identity-v1\n<issuer>\n<type>:<text>' | sha256sum
const std::vector<Known> kKnown = {
    {"email",
     {"https://accounts.google.com", SanType::kEmail, "alice@example.com"},
     "df79abcbc900dce7eac005135df527d87e3c6de8c9311f3f74e19d943c92f1e5"},
    {"uri",
     {"https://token.actions.githubusercontent.com", SanType::kUri,
      "https://github.com/example/model/.github/workflows/train.yml@refs/heads/main"},
     "e79ba8b6e2575551b36677aaddce1c249489d4ddf1bd1353c791c2d2d1fff4d8"},
    {"dns",
     {"https://issuer.example", SanType::kDns, "build.example"},
     "36f435af71a5d4108718e62600ecfebf215dd5ab7beb5dca55c7801c291047ec"},
    {"other-name",
     {"https://issuer.example", SanType::kOtherName, "trainer!lab.example"},
     "2c5670b1731d49b2cfa42ec31294bbbf9114a29f4da3a0d532f1f238d76c8161"},
};

BOOST_AUTO_TEST_SUITE(certificate_identity)

BOOST_DATA_TEST_CASE(is_hashed_as_sha256sum_does, kKnown) {
  REQUIRE_VALUE(const SignerId signer, SignerOf(sample.identity));
  BOOST_CHECK_EQUAL(signer.ToString(), std::string("identity:") + sample.hex);
}

// The types are Fulcio's own of these texts, by its documentation of issuers.
BOOST_AUTO_TEST_CASE(a_text_has_one_type) {
  for (const Known& known : kKnown) {
    BOOST_CHECK(ExpectedSanType(known.identity.san) == known.identity.san_type);
  }
  BOOST_CHECK(ExpectedSanType("spiffe://lab.example/build") == SanType::kUri);
  BOOST_CHECK(ExpectedSanType("://a@b.example") == SanType::kEmail);
  BOOST_CHECK(ExpectedSanType("a b://c@d.example") == SanType::kEmail);
  BOOST_CHECK(ExpectedSanType("trainer!a@b.example") == SanType::kEmail);
  BOOST_CHECK(ExpectedSanType("https") == SanType::kDns);
}

BOOST_AUTO_TEST_CASE(every_part_makes_another_signer) {
  std::set<SignerId> signers;
  for (const CertificateIdentity& identity :
       std::vector<CertificateIdentity>{{kIssuer, SanType::kEmail, kSan},
                                        {kIssuer, SanType::kUri, kSan},
                                        {kIssuer, SanType::kDns, kSan},
                                        {kIssuer, SanType::kOtherName, kSan},
                                        {kIssuer + "/", SanType::kEmail, kSan},
                                        {kIssuer, SanType::kEmail, "Alice@example.com"},
                                        {kIssuer, SanType::kEmail, kSan + " "},
                                        {kIssuer, SanType::kEmail, "email:" + kSan}}) {
    REQUIRE_VALUE(const SignerId signer, SignerOf(identity));
    signers.insert(signer);
  }
  BOOST_CHECK_EQUAL(signers.size(), 8u);
}

struct Refusal {
  const char* name;
  std::string text;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const std::vector<Refusal> kRefusals = {
    {"empty", "", "empty"},
    {"line feed", "a\nemail:b", "control or invisible character at byte 1"},
    {"carriage return", "a\r", "control or invisible character at byte 1"},
    {"NUL", std::string("a\0b", 3), "control or invisible character at byte 1"},
    {"delete", "\x7f", "control or invisible character at byte 0"},
    {"C1 control", "a\xc2\x85", "control or invisible character at byte 1"},
    {"right-to-left override", "a\xe2\x80\xae", "control or invisible character at byte 1"},
    {"overlong", "\xc0\xaf", "not UTF-8"},
    {"one byte too long", std::string(4097, 'a'), "longer than 4096 bytes"},
};

BOOST_DATA_TEST_CASE(refuses_texts_that_certificates_should_not_hold, kRefusals) {
  CHECK_ERROR(SignerOf({sample.text, SanType::kEmail, kSan}), ErrorCode::kMalformed,
              std::string("issuer: ") + sample.reason);
  CHECK_ERROR(SignerOf({kIssuer, SanType::kEmail, sample.text}), ErrorCode::kMalformed,
              std::string("subject alternative name: ") + sample.reason);
}

BOOST_AUTO_TEST_CASE(takes_texts_up_to_the_limit) {
  BOOST_CHECK(SignerOf({std::string(4096, 'a'), SanType::kUri, std::string(4096, 'b')}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(identity_of_certificate)

using test::TestName;
using test::TestNameForm;

Result<CertificateIdentity> Identity(std::vector<TestName> names,
                                     std::vector<test::TestExtension> extensions) {
  static const test::TestKey key = test::TestKey::Generate(test::TestKeyKind::kP256);
  const Bytes der =
      test::MakeCertificate({.names = std::move(names), .extensions = std::move(extensions)}, key);
  REQUIRE_VALUE(const auto certificate, crypto::Certificate::Parse(der));
  return IdentityOf(certificate);
}

const TestName kEmail{TestNameForm::kEmail, kSan};

BOOST_AUTO_TEST_CASE(reads_every_form_of_name) {
  const std::pair<TestNameForm, SanType> forms[] = {
      {TestNameForm::kEmail, SanType::kEmail},
      {TestNameForm::kUri, SanType::kUri},
      {TestNameForm::kDns, SanType::kDns},
      {TestNameForm::kOtherName, SanType::kOtherName}};
  for (const auto& [form, type] : forms) {
    REQUIRE_VALUE(const auto identity,
                  Identity({{form, "a@b.example"}}, {test::FulcioIssuerV2(kIssuer)}));
    BOOST_CHECK(identity.san_type == type);
    BOOST_CHECK_EQUAL(identity.san, "a@b.example");
    BOOST_CHECK_EQUAL(identity.issuer, kIssuer);
  }
}

// Both are in certificates of Fulcio's since 2023; the old one is raw bytes.
BOOST_AUTO_TEST_CASE(prefers_the_newer_issuer) {
  REQUIRE_VALUE(const auto both, Identity({kEmail}, {test::FulcioIssuerV1("https://old.example"),
                                                     test::FulcioIssuerV2("https://new.example")}));
  BOOST_CHECK_EQUAL(both.issuer, "https://new.example");
  REQUIRE_VALUE(const auto old, Identity({kEmail}, {test::FulcioIssuerV1("https://old.example")}));
  BOOST_CHECK_EQUAL(old.issuer, "https://old.example");
}

BOOST_AUTO_TEST_CASE(a_bad_newer_issuer_is_not_passed_over) {
  const test::TestExtension raw{"1.3.6.1.4.1.57264.1.8", ToBytes(AsBytes(kIssuer))};
  CHECK_ERROR(Identity({kEmail}, {test::FulcioIssuerV1(kIssuer), raw}), ErrorCode::kMalformed,
              "extension 1.3.6.1.4.1.57264.1.8");
  CHECK_ERROR(Identity({kEmail}, {test::FulcioIssuerV1(kIssuer), test::FulcioIssuerV2("")}),
              ErrorCode::kMalformed, "issuer: empty");
}

BOOST_AUTO_TEST_CASE(refuses_what_names_nobody_or_several) {
  const auto issuer = test::FulcioIssuerV2(kIssuer);
  CHECK_ERROR(Identity({}, {issuer}), ErrorCode::kRejected,
              "expected one subject alternative name, found 0");
  CHECK_ERROR(Identity({kEmail, {TestNameForm::kUri, "https://a.example"}}, {issuer}),
              ErrorCode::kRejected, "expected one subject alternative name, found 2");
  CHECK_ERROR(Identity({kEmail, kEmail}, {issuer}), ErrorCode::kRejected, "found 2");
  CHECK_ERROR(Identity({{TestNameForm::kOtherName, "a", "1.3.6.1.4.1.311.20.2.3"}}, {issuer}),
              ErrorCode::kRejected,
              "the certificate has a name of another type, 1.3.6.1.4.1.311.20.2.3");
  for (const TestNameForm form :
       {TestNameForm::kAddress, TestNameForm::kDirectory, TestNameForm::kPrintableOther}) {
    CHECK_ERROR(Identity({kEmail, {form, "abcd"}}, {issuer}), ErrorCode::kRejected,
                "expected one subject alternative name, found 2");
    CHECK_ERROR(Identity({{form, "abcd"}, kEmail, {form, "abcd"}}, {issuer}), ErrorCode::kRejected,
                "expected one subject alternative name, found 3");
    CHECK_ERROR(Identity({{form, "abcd"}}, {issuer}), ErrorCode::kRejected,
                "the subject alternative name is of a form that names nobody");
  }
  CHECK_ERROR(Identity({kEmail}, {}), ErrorCode::kRejected,
              "the certificate does not say who issued its identity");
}

BOOST_AUTO_TEST_CASE(refuses_an_old_issuer_that_is_not_text) {
  CHECK_ERROR(Identity({kEmail}, {test::FulcioIssuerV1("\xff")}), ErrorCode::kMalformed,
              "issuer: not UTF-8");
  CHECK_ERROR(Identity({kEmail}, {test::FulcioIssuerV1("https://a\nb")}), ErrorCode::kMalformed,
              "issuer: control or invisible character at byte 9");
  CHECK_ERROR(Identity({kEmail}, {test::FulcioIssuerV1(std::string(4097, 'i'))}),
              ErrorCode::kMalformed, "issuer: longer than 4096 bytes");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
