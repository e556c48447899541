// Certificates as a test wants them, right or wrong in one way; by OpenSSL alone. To make a chain:
//
//   const TestAuthority root = MakeAuthority({.common_name = "root"});
//   const TestAuthority ca = MakeAuthority({.common_name = "ca"}, &root);
//   const TestKey key = TestKey::Generate(TestKeyKind::kP256);
//   const Bytes leaf = MakeCertificate({.names = {{TestNameForm::kEmail, "a@b.example"}},
//                                       .usages = {"codeSigning"},
//                                       .extensions = {FulcioIssuerV2("https://issuer.example")},
//                                       .logs = {{log_key, TimestampMs(1'700'000'000'000)}}},
//                                      key, &ca);
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/bytes.h"
#include "core/timestamp.h"
#include "tests/support/pki_key.h"

namespace carnet::test {

// The last three are of forms that a Certificate leaves out; of an address, `text` is its four
// bytes, of a directory name its common name.
enum class TestNameForm { kEmail, kUri, kDns, kOtherName, kAddress, kDirectory, kPrintableOther };

// A subject alternative name; `type` is the dotted OID of an other name.
struct TestName {
  TestNameForm form;
  std::string text;
  std::string type = "1.3.6.1.4.1.57264.1.7";
};

struct TestExtension {
  std::string oid;
  Bytes value;  // inside the OCTET STRING
  bool critical = false;
};

// A certificate-transparency log that has seen the precertificate, and its timestamp embedded.
struct TestLog {
  TestKey key;  // signs with SHA-256 (RSA: PKCS#1 v1.5)
  TimestampMs time;
  Bytes extensions = {};
};

struct CertificateSpec {
  std::string common_name = {};  // the subject is empty where both are
  std::string organization = {};
  uint64_t serial = 1;
  TimestampMs not_before = TimestampMs(1'577'836'800'000);  // 2020-01-01
  TimestampMs not_after = TimestampMs(2'208'988'800'000);   // 2040-01-01
  bool is_ca = false;                                       // with keyCertSign
  bool constraints = true;                                  // basicConstraints; absent otherwise
  std::optional<int> path_length = {};
  bool key_usage = true;          // absent otherwise
  bool digital_signature = true;  // of what is no CA
  bool key_identifiers = true;    // subject's, and issuer's where it has one
  std::vector<TestName> names = {};
  bool names_critical = true;
  std::vector<std::string> usages = {};  // "codeSigning", "timeStamping"; absent where none
  bool usages_critical = false;
  std::vector<TestExtension> extensions = {};
  std::vector<TestLog> logs = {};
  bool sha1 = false;  // signed with SHA-1
  int version = 3;
};

struct TestAuthority {
  TestKey key;
  Bytes certificate;
};

// DER, signed by `issuer`, or by `key` itself where there is none.
Bytes MakeCertificate(const CertificateSpec& spec, const TestKey& key,
                      const TestAuthority* issuer = nullptr);
// A CA with a new key, whatever the specification says of is_ca.
TestAuthority MakeAuthority(CertificateSpec spec, const TestAuthority* issuer = nullptr,
                            TestKeyKind kind = TestKeyKind::kP256);

std::string CertificatePem(ByteSpan der);

// What Fulcio writes of who vouched for the identity: raw bytes at first (.1), a DER UTF8String
// since (.8).
TestExtension FulcioIssuerV1(const std::string& issuer);
TestExtension FulcioIssuerV2(const std::string& issuer);
Bytes DerUtf8String(const std::string& text);

}  // namespace carnet::test
