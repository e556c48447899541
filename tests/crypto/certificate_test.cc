#include "crypto/certificate.h"

#include "core/hex.h"
#include "tests/support/command.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using test::CertificateSpec;
using test::MakeAuthority;
using test::MakeCertificate;
using test::TestAuthority;
using test::TestKey;
using test::TestKeyKind;
using test::TestNameForm;

const TestKey& Key() {
  static const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  return key;
}

Result<Certificate> ParseMade(const CertificateSpec& spec) {
  return Certificate::Parse(MakeCertificate(spec, Key()));
}

Certificate Made(const CertificateSpec& spec) {
  REQUIRE_VALUE(auto certificate, ParseMade(spec));
  return certificate;
}

BOOST_AUTO_TEST_SUITE(certificate)

BOOST_AUTO_TEST_CASE(reads_what_was_written) {
  const CertificateSpec spec{
      .common_name = "leaf, of \"it\"",
      .organization = "sigstore.dev",
      .not_before = TimestampMs(1'700'000'000'000),
      .not_after = TimestampMs(1'700'000'600'000),
      .names = {{TestNameForm::kEmail, "a@b.example"},
                {TestNameForm::kUri, "https://c.example/d"},
                {TestNameForm::kDns, "e.example"},
                {TestNameForm::kOtherName, "f\xc3\xa9", "1.3.6.1.4.1.57264.1.7"}},
      .usages = {"codeSigning"},
      .extensions = {test::FulcioIssuerV1("https://raw.example"),
                     test::FulcioIssuerV2("https://issuer.example")}};
  const Bytes der = MakeCertificate(spec, Key());
  REQUIRE_VALUE(const auto read, Certificate::Parse(der));
  BOOST_CHECK(read.der() == der);
  BOOST_CHECK(read.public_key().spki() == Key().Spki());
  BOOST_CHECK_EQUAL(read.SubjectText(), "CN=leaf\\, of \\\"it\\\",O=sigstore.dev");
  BOOST_CHECK_EQUAL(read.not_before().value(), 1'700'000'000'000u);
  BOOST_CHECK_EQUAL(read.not_after().value(), 1'700'000'600'999u);
  BOOST_CHECK(!read.is_ca() && read.self_issued() && !read.subject_empty());
  BOOST_CHECK(read.has_key_usage() && read.allows_digital_signature());
  BOOST_CHECK(read.has_extended_key_usage() && read.allows_code_signing());
  BOOST_CHECK(!read.allows_time_stamping() && !read.allows_only_time_stamping());
  BOOST_CHECK(!read.extended_key_usage_critical());
  BOOST_CHECK(read.alternative_names_critical());
  const std::vector<AlternativeName> expected{
      {AlternativeNameForm::kEmail, "", "a@b.example"},
      {AlternativeNameForm::kUri, "", "https://c.example/d"},
      {AlternativeNameForm::kDns, "", "e.example"},
      {AlternativeNameForm::kOtherName, "1.3.6.1.4.1.57264.1.7", "f\xc3\xa9"}};
  BOOST_CHECK(read.alternative_names() == expected);
  BOOST_CHECK(read.Extension("1.3.6.1.4.1.57264.1.1") == ToBytes(AsBytes("https://raw.example")));
  BOOST_CHECK(read.Extension("1.3.6.1.4.1.57264.1.9") == std::nullopt);
  REQUIRE_VALUE(const auto issuer, read.Utf8Extension("1.3.6.1.4.1.57264.1.8"));
  BOOST_CHECK(issuer == "https://issuer.example");
  REQUIRE_VALUE(const auto none, read.Utf8Extension("1.3.6.1.4.1.57264.1.9"));
  BOOST_CHECK(!none);
}

BOOST_AUTO_TEST_CASE(reads_what_was_left_out_or_chosen_otherwise) {
  const auto plain = Made({.key_usage = false});
  BOOST_CHECK(plain.subject_empty());
  BOOST_CHECK_EQUAL(plain.SubjectText(), "(no subject)");
  BOOST_CHECK(!plain.has_key_usage() && !plain.allows_digital_signature());
  BOOST_CHECK(!plain.has_extended_key_usage() && !plain.allows_code_signing());
  BOOST_CHECK(plain.alternative_names().empty() && !plain.alternative_names_critical());
  BOOST_CHECK(!Made({.digital_signature = false}).allows_digital_signature());
  BOOST_CHECK(Made({.is_ca = true}).is_ca());
  BOOST_CHECK(!Made({.names = {{TestNameForm::kDns, "a.example"}}, .names_critical = false})
                   .alternative_names_critical());
  const auto stamper = Made({.usages = {"timeStamping"}, .usages_critical = true});
  BOOST_CHECK(stamper.allows_only_time_stamping() && stamper.extended_key_usage_critical());
  const auto both = Made({.usages = {"timeStamping", "codeSigning"}});
  BOOST_CHECK(both.allows_time_stamping() && !both.allows_only_time_stamping());
  const TestAuthority root = MakeAuthority({.common_name = "root"});
  REQUIRE_VALUE(const auto issued,
                Certificate::Parse(MakeCertificate({.common_name = "leaf"}, Key(), &root)));
  BOOST_CHECK(!issued.self_issued());
}

BOOST_AUTO_TEST_CASE(is_valid_from_its_first_to_its_last_millisecond) {
  const auto one = Made(
      {.not_before = TimestampMs(1'700'000'000'000), .not_after = TimestampMs(1'700'000'600'000)});
  BOOST_CHECK(!one.ValidAt(TimestampMs(1'699'999'999'999)));
  BOOST_CHECK(one.ValidAt(TimestampMs(1'700'000'000'000)));
  BOOST_CHECK(one.ValidAt(TimestampMs(1'700'000'600'999)));
  BOOST_CHECK(!one.ValidAt(TimestampMs(1'700'000'601'000)));
}

BOOST_AUTO_TEST_CASE(reads_every_kind_of_key) {
  for (const auto kind :
       {TestKeyKind::kP384, TestKeyKind::kP521, TestKeyKind::kEd25519, TestKeyKind::kRsa2048}) {
    const TestKey key = TestKey::Generate(kind);
    REQUIRE_VALUE(const auto read, Certificate::Parse(MakeCertificate({}, key)));
    BOOST_CHECK(read.public_key().spki() == key.Spki());
  }
}

struct Refused {
  std::string name;
  CertificateSpec spec;
  std::string reason;

  friend std::ostream& operator<<(std::ostream& out, const Refused& one) { return out << one.name; }
};

const Refused kRefused[] = {
    {"version_1", {.version = 1}, "not of version 3"},
    {"extension_twice",
     {.extensions = {{"1.2.3.4", {5, 0}}, {"1.2.3.4", {5, 0}}}},
     "extension 1.2.3.4 twice"},
    {"key_usage_twice", {.extensions = {{"2.5.29.15", {3, 2, 7, 128}}}}, "2.5.29.15 twice"},
    {"constraints_no_sequence",
     {.key_usage = false, .extensions = {{"2.5.29.15", {5, 0}}}},
     "invalid extension"},
    {"subject_with_nul", {.common_name = std::string("a\0b", 3)}, "subject name has a part"},
    {"subject_with_line_feed", {.common_name = "a\nb"}, "subject name has a part"},
    {"subject_right_to_left",
     {.organization = "a\xe2\x80\xae"
                      "b"},
     "subject name has a part"},
    {"email_with_nul",
     {.names = {{TestNameForm::kEmail, std::string("a@b.example\0.evil", 17)}}},
     "alternative name \"a@b.example\\x00.evil\" is not plain text"},
    {"uri_with_line_feed", {.names = {{TestNameForm::kUri, "a\nb"}}}, "is not plain text"},
    {"dns_beyond_ascii", {.names = {{TestNameForm::kDns, "\xc3\xa9"}}}, "is not plain text"},
    {"empty_email", {.names = {{TestNameForm::kEmail, ""}}}, "is not plain text"},
    {"other_name_not_utf8", {.names = {{TestNameForm::kOtherName, "a\xff"}}}, "is not plain text"},
    {"other_name_with_control",
     {.names = {{TestNameForm::kOtherName, "a\x7f"}}},
     "is not plain text"},
    {"names_no_sequence", {.extensions = {{"2.5.29.17", {5, 0}}}}, "invalid extension"},
    {"usages_no_sequence", {.extensions = {{"2.5.29.37", {5, 0}}}}, "invalid extension"}};

BOOST_DATA_TEST_CASE(refuses, boost::unit_test::data::make(kRefused), one) {
  CHECK_ERROR(ParseMade(one.spec), ErrorCode::kMalformed, one.reason);
}

BOOST_AUTO_TEST_CASE(refuses_an_issuers_name_that_cannot_be_shown) {
  const TestAuthority issuer = MakeAuthority({.common_name = "a\nb"});
  CHECK_ERROR(Certificate::Parse(MakeCertificate({.common_name = "leaf"}, Key(), &issuer)),
              ErrorCode::kMalformed, "issuer name has a part that is not plain text");
}

BOOST_AUTO_TEST_CASE(refuses_bytes_that_are_no_certificate_or_more) {
  const Bytes der = MakeCertificate({}, Key());
  Bytes changed = der;
  changed.push_back(0);
  CHECK_ERROR(Certificate::Parse(changed), ErrorCode::kMalformed,
              "trailing data after the certificate");
  changed = der;
  changed.pop_back();
  CHECK_ERROR(Certificate::Parse(changed), ErrorCode::kMalformed, "not a certificate");
  CHECK_ERROR(Certificate::Parse({}), ErrorCode::kMalformed, "not a certificate");
  CHECK_ERROR(Certificate::Parse(Bytes(32 * 1024 + 1, 0x30)), ErrorCode::kMalformed,
              "certificate of 32769 bytes, more than 32768");
}

BOOST_AUTO_TEST_CASE(refuses_extensions_that_are_no_utf8_string) {
  const auto read = [](Bytes value) {
    return Made({.extensions = {{"1.3.6.1.4.1.57264.1.8", std::move(value)}}})
        .Utf8Extension("1.3.6.1.4.1.57264.1.8");
  };
  Bytes trailing = test::DerUtf8String("a");
  trailing.push_back(0);
  CHECK_ERROR(read(trailing), ErrorCode::kMalformed, "not DER, or has trailing bytes");
  CHECK_ERROR(read({0x0c, 0x81, 1, 'a'}), ErrorCode::kMalformed, "not DER");
  CHECK_ERROR(read({0x16, 1, 'a'}), ErrorCode::kMalformed, "expected a DER UTF8String");
  CHECK_ERROR(read({0x0c, 1, 0xff}), ErrorCode::kMalformed, "1.8: UTF8String \"\\xff\" is not");
  CHECK_ERROR(read({0x0c, 1, 0}), ErrorCode::kMalformed, "is not plain");
  CHECK_ERROR(read({}), ErrorCode::kMalformed, "expected a DER UTF8String");
}

BOOST_AUTO_TEST_CASE(refuses_keys_that_nothing_is_verified_with,
                     *boost::unit_test::precondition(test::HasProgram("openssl"))) {
  const test::ScratchFolder folder;
  const auto made = [&](const std::string& algorithm) {
    test::MustRun("cd " + folder.str() + " && openssl req -x509 -nodes -newkey " + algorithm +
                  " -subj /CN=a -keyout k.pem -out c.pem -days 2");
    return Certificate::ParsePem(test::Slurp(folder / "c.pem"));
  };
  CHECK_ERROR(made("ec -pkeyopt ec_paramgen_curve:P-224"), ErrorCode::kUnsupported,
              "certificate's key: public key: expected");
  CHECK_ERROR(made("rsa:1024"), ErrorCode::kUnsupported, "RSA key of 1024 bits");
  CHECK_ERROR(made("rsa-pss -pkeyopt rsa_keygen_bits:2048"), ErrorCode::kUnsupported,
              "found RSA-PSS");
  REQUIRE_VALUE(const auto fine, made("rsa:2048"));
  BOOST_CHECK_EQUAL(fine.at(0).SubjectText(), "CN=a");
}

BOOST_AUTO_TEST_CASE(reads_all_certificates_of_a_file_in_order) {
  const Bytes first = MakeCertificate({.common_name = "1"}, Key());
  const Bytes second = MakeCertificate({.common_name = "2"}, Key());
  const std::string text = "first\n" + test::CertificatePem(first) + "\nsecond:\n" +
                           test::CertificatePem(second) + "end\n";
  REQUIRE_VALUE(const auto read, Certificate::ParsePem(text));
  BOOST_REQUIRE_EQUAL(read.size(), 2u);
  BOOST_CHECK(read[0].der() == first && read[1].der() == second);
}

BOOST_AUTO_TEST_CASE(refuses_files_of_something_else) {
  const std::string one = test::CertificatePem(MakeCertificate({}, Key()));
  CHECK_ERROR(Certificate::ParsePem(""), ErrorCode::kMalformed, "no PEM block");
  CHECK_ERROR(Certificate::ParsePem("text\n"), ErrorCode::kMalformed, "no PEM block");
  CHECK_ERROR(Certificate::ParsePem(one + Key().Pkcs8Pem()), ErrorCode::kMalformed,
              "expected a PEM block \"CERTIFICATE\", found \"PRIVATE KEY\"");
  CHECK_ERROR(Certificate::ParsePem("-----BEGIN CERTIFICATE----\n" + one), ErrorCode::kMalformed,
              "only looks like the begin or end");
  CHECK_ERROR(Certificate::ParsePem(one + "-----END CERTIFICATE-----\n"), ErrorCode::kMalformed,
              "only looks like the begin or end");
  std::string many;
  for (int i = 0; i < 16; ++i) many += one;
  BOOST_CHECK(Certificate::ParsePem(many).has_value());
  CHECK_ERROR(Certificate::ParsePem(many + one), ErrorCode::kMalformed, "more than 16 PEM blocks");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
