#include "crypto/sct.h"

#include <boost/json.hpp>

#include "core/base64.h"
#include "core/hex.h"
#include "tests/support/pki_certificate.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::crypto {
namespace {

using test::MakeAuthority;
using test::MakeCertificate;
using test::TestAuthority;
using test::TestKey;
using test::TestKeyKind;
using test::TestLog;

constexpr TimestampMs kTime(1'700'000'000'123);
constexpr char kListOid[] = "1.3.6.1.4.1.11129.2.4.2";

Certificate Read(const Bytes& der) {
  REQUIRE_VALUE(auto certificate, Certificate::Parse(der));
  return certificate;
}

PublicKey KeyOf(const TestKey& key) {
  REQUIRE_VALUE(auto read, PublicKey::ParseSpki(key.Spki()));
  return read;
}

// A leaf that these logs have seen, and its issuer.
struct Seen {
  explicit Seen(const std::vector<TestLog>& logs)
      : ca(MakeAuthority({.common_name = "ca"})),
        issuer(Read(ca.certificate)),
        leaf(Read(MakeCertificate({.names = {{test::TestNameForm::kEmail, "a@b.example"}},
                                   .usages = {"codeSigning"},
                                   .logs = logs},
                                  TestKey::Generate(TestKeyKind::kP256), &ca))) {}

  std::vector<CertificateTimestamp> Timestamps() const {
    REQUIRE_VALUE(auto read, ReadCertificateTimestamps(leaf));
    return read;
  }
  bool Good(const CertificateTimestamp& one, const PublicKey& log) const {
    return CheckCertificateTimestamp(one, leaf, issuer, log) == SignatureCheck::kGood;
  }

  TestAuthority ca;
  Certificate issuer;
  Certificate leaf;
};

const TestKey& LogKey() {
  static const TestKey key = TestKey::Generate(TestKeyKind::kP256);
  return key;
}

BOOST_AUTO_TEST_SUITE(sct)

BOOST_AUTO_TEST_CASE(verifies_what_logs_with_every_kind_of_key_signed) {
  for (const auto kind : {TestKeyKind::kP256, TestKeyKind::kP384, TestKeyKind::kRsa2048}) {
    for (const Bytes& extensions : {Bytes{}, Bytes{0, 0, 5, 1, 2, 3, 4, 5}}) {
      const TestKey log = TestKey::Generate(kind);
      const Seen seen({{log, kTime, extensions}});
      const auto read = seen.Timestamps();
      BOOST_REQUIRE_EQUAL(read.size(), 1u);
      BOOST_CHECK(read[0].time == kTime);
      BOOST_CHECK(read[0].log == Retag<LogId>(KeyOf(log).id()));
      BOOST_CHECK(seen.Good(read[0], KeyOf(log)));
    }
  }
}

BOOST_AUTO_TEST_CASE(reads_several_timestamps_in_order) {
  const TestKey other = TestKey::Generate(TestKeyKind::kP384);
  const Seen seen({{LogKey(), kTime}, {other, TimestampMs(1)}});
  const auto read = seen.Timestamps();
  BOOST_REQUIRE_EQUAL(read.size(), 2u);
  BOOST_CHECK(seen.Good(read[0], KeyOf(LogKey())) && !seen.Good(read[0], KeyOf(other)));
  BOOST_CHECK(seen.Good(read[1], KeyOf(other)) && !seen.Good(read[1], KeyOf(LogKey())));
}

BOOST_AUTO_TEST_CASE(finds_none_where_there_are_none) {
  BOOST_CHECK(Seen({}).Timestamps().empty());
}

BOOST_AUTO_TEST_CASE(refuses_a_timestamp_of_which_any_signed_part_is_another) {
  const Seen seen({{LogKey(), kTime, {1, 2, 3}}});
  const PublicKey log = KeyOf(LogKey());
  const CertificateTimestamp good = seen.Timestamps().at(0);
  for (size_t at = 0; at < good.serialized.size(); ++at) {
    CertificateTimestamp changed = good;
    changed.serialized[at] ^= 1;
    const bool in_log_id = at >= 1 && at < 33;  // chooses the key, and is not signed
    BOOST_CHECK_MESSAGE(seen.Good(changed, log) == in_log_id, "byte " << at);
  }
  CertificateTimestamp longer = good;
  longer.serialized.push_back(0);
  BOOST_CHECK(!seen.Good(longer, log));
}

BOOST_AUTO_TEST_CASE(refuses_a_timestamp_of_another_leaf_or_issuer) {
  const Seen seen({{LogKey(), kTime}}), other({{LogKey(), kTime}});
  const PublicKey log = KeyOf(LogKey());
  const auto one = seen.Timestamps().at(0);
  const auto check = [&](const Certificate& leaf, const Certificate& issuer) {
    return CheckCertificateTimestamp(one, leaf, issuer, log) == SignatureCheck::kGood;
  };
  BOOST_CHECK(check(seen.leaf, seen.issuer));
  BOOST_CHECK(!check(other.leaf, seen.issuer));
  BOOST_CHECK(!check(seen.leaf, other.issuer));
}

// A leaf with this in its extension for timestamps.
Result<std::vector<CertificateTimestamp>> ReadList(const Bytes& extension) {
  return ReadCertificateTimestamps(
      Read(MakeCertificate({.extensions = {{kListOid, extension}}}, LogKey())));
}

// `list` behind its size, in an OCTET STRING of up to 65,535 bytes.
Bytes Octets(const Bytes& list) {
  const size_t size = list.size() + 2;
  Bytes out{0x04,
            0x82,
            static_cast<uint8_t>(size >> 8),
            static_cast<uint8_t>(size),
            static_cast<uint8_t>(list.size() >> 8),
            static_cast<uint8_t>(list.size())};
  if (size < 128) out = {0x04, static_cast<uint8_t>(size), 0, static_cast<uint8_t>(list.size())};
  out.insert(out.end(), list.begin(), list.end());
  return out;
}

// A timestamp that has the form: version, log, time, no extensions, an empty signature.
Bytes Shape(uint8_t version = 0) {
  Bytes one(1 + 32 + 8 + 2 + 2 + 2);
  one.front() = version;
  one.insert(one.begin(), {0, static_cast<uint8_t>(one.size())});
  return one;
}

BOOST_AUTO_TEST_CASE(refuses_lists_that_are_none) {
  BOOST_CHECK(ReadList(Octets(Shape())).has_value());
  CHECK_ERROR(ReadList({5, 0}), ErrorCode::kMalformed, "not in an OCTET STRING");
  Bytes trailing = Octets(Shape());
  trailing.push_back(0);
  CHECK_ERROR(ReadList(trailing), ErrorCode::kMalformed, "not in an OCTET STRING");
  CHECK_ERROR(ReadList({4, 0}), ErrorCode::kMalformed, "its size is not that of its content");
  CHECK_ERROR(ReadList({4, 2, 0, 0}), ErrorCode::kMalformed, "its size is not that");
  Bytes size = Octets(Shape());
  size[3] ^= 1;
  CHECK_ERROR(ReadList(size), ErrorCode::kMalformed, "its size is not that of its content");
  CHECK_ERROR(ReadList(Octets(Shape(1))), ErrorCode::kMalformed,
              "certificate timestamp 1 is not one of version 1");
  Bytes late = Shape();
  late[2 + 1 + 32] = 0x7f;  // of the time
  CHECK_ERROR(ReadList(Octets(late)), ErrorCode::kMalformed, "timestamp 1 is not one of version 1");
  Bytes cut = Shape();
  cut.pop_back();
  CHECK_ERROR(ReadList(Octets(cut)), ErrorCode::kMalformed, "timestamp 1 is not one of version 1");
  Bytes longer = Shape();
  longer[1] += 1;
  longer.push_back(0);
  CHECK_ERROR(ReadList(Octets(longer)), ErrorCode::kMalformed, "timestamp 1 is not one");
}

BOOST_AUTO_TEST_CASE(refuses_more_timestamps_than_it_would_verify) {
  Bytes many;
  for (int i = 0; i < 16; ++i) {
    const Bytes one = Shape();
    many.insert(many.end(), one.begin(), one.end());
  }
  REQUIRE_VALUE(const auto read, ReadList(Octets(many)));
  BOOST_CHECK_EQUAL(read.size(), 16u);
  const Bytes one = Shape();
  many.insert(many.end(), one.begin(), one.end());
  CHECK_ERROR(ReadList(Octets(many)), ErrorCode::kMalformed, "more than 16 certificate timestamps");
}

Bytes RawBytes(const boost::json::value& object) {
  return Base64Decode(std::string_view(object.at("rawBytes").as_string())).value();
}

// A leaf of the public Fulcio and the public log that saw it.
BOOST_AUTO_TEST_CASE(
    verifies_the_timestamp_of_a_public_certificate,
    *boost::unit_test::precondition(test::HasVectors("model-signing")) *
        boost::unit_test::precondition(test::HasVectors("cosign/trusted_root.json"))) {
  const auto folder = test::VectorsFolder();
  const auto bundle =
      boost::json::parse(test::Slurp(folder / "model-signing/bundles/v1.1.0-sigstore/model.sig"));
  const auto root = boost::json::parse(test::Slurp(folder / "cosign/trusted_root.json"));
  const Certificate leaf = Read(RawBytes(bundle.at("verificationMaterial").at("certificate")));
  REQUIRE_VALUE(const auto timestamps, ReadCertificateTimestamps(leaf));
  BOOST_REQUIRE_EQUAL(timestamps.size(), 1u);
  BOOST_CHECK(leaf.ValidAt(timestamps[0].time));
  int good = 0;
  for (const auto& authority : root.at("certificateAuthorities").as_array()) {
    const auto& chain = authority.at("certChain").at("certificates").as_array();
    std::vector<Certificate> certificates;
    for (const auto& one : chain) certificates.push_back(Read(RawBytes(one)));
    const auto path =
        FindPath(leaf, certificates, std::vector{certificates.back()}, timestamps[0].time);
    if (!path) continue;
    for (const auto& log : root.at("ctlogs").as_array()) {
      REQUIRE_VALUE(const auto key, PublicKey::ParseSpki(RawBytes(log.at("publicKey"))));
      const bool named = timestamps[0].log == Retag<LogId>(key.id());
      const bool signed_it =
          CheckCertificateTimestamp(timestamps[0], leaf, path->at(1), key) == SignatureCheck::kGood;
      BOOST_CHECK_EQUAL(signed_it, named);
      good += signed_it ? 1 : 0;
    }
  }
  BOOST_CHECK_EQUAL(good, 1);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::crypto
