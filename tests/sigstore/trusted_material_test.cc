#include "sigstore/trusted_material.h"

#include "core/base64.h"
#include "tests/sigstore/replace.h"
#include "tests/support/pki.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;
using test::TestKey;
using test::TestKeyKind;

// One of each. LEAF, ROOT and KEY stand for what the test's own authority made; the log ids are
// 01 x 32 and 02 x 32.
constexpr std::string_view kRoot =
    R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[{)"
    R"("baseUrl":"https://log.example.org:3003/api","hashAlgorithm":"SHA2_256","publicKey":{)"
    R"("rawBytes":"KEY","keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{)"
    R"("start":"2021-01-12T11:53:27Z","end":"2022-01-12T11:53:27.5Z"}},)"
    R"("logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"
    R"("operator":"Example"}],"ctlogs":[{"hashAlgorithm":"SHA2_256","publicKey":{"rawBytes":"KEY",)"
    R"("keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2023-01-01T00:00:00Z"}},)"
    R"("logId":{"keyId":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI="}}],)"
    R"("certificateAuthorities":[{"subject":{"organization":"Org","commonName":"the authority"},)"
    R"("uri":"https://ca.example.org","certChain":{"certificates":[{"rawBytes":"CA"},)"
    R"({"rawBytes":"ROOT"}]},"validFor":{"start":"2022-04-13T20:06:15Z",)"
    R"("end":"2032-04-13T20:06:15Z"},"operator":"Example"}],)"
    R"("timestampAuthorities":[{"subject":{"commonName":"the clock"},)"
    R"("certChain":{"certificates":[{"rawBytes":"TSA"}]},)"
    R"("validFor":{"start":"2025-07-04T00:00:00Z"}}]})";

struct Authorities {
  TestKey key = TestKey::Generate(TestKeyKind::kP256);
  test::TestAuthority root = test::MakeAuthority({.common_name = "root"});
  test::TestAuthority ca = test::MakeAuthority({.common_name = "ca"}, &root);
};

const Authorities& Made() {
  static const Authorities made;
  return made;
}

std::string Filled(std::string text) {
  const auto put = [&text](std::string_view name, ByteSpan value) {
    const std::string quoted = '"' + std::string(name) + '"';
    for (size_t at; (at = text.find(quoted)) != text.npos;) {
      text.replace(at, quoted.size(), '"' + Base64Encode(value) + '"');
    }
  };
  put("KEY", Made().key.Spki());
  put("CA", Made().ca.certificate);
  put("TSA", Made().ca.certificate);
  put("ROOT", Made().root.certificate);
  return text;
}

Result<TrustedMaterial> Read(std::string_view from = "", std::string_view to = "") {
  std::string text(kRoot);
  if (!from.empty()) text = test::Replaced(std::move(text), from, to);
  return ReadTrustedMaterial(Filled(std::move(text)));
}

TimestampMs At(std::string_view text) { return ParseRfc3339(text).value(); }

BOOST_AUTO_TEST_SUITE(trusted_material)

BOOST_AUTO_TEST_CASE(reads_a_log) {
  REQUIRE_VALUE(const TrustedMaterial material, Read());
  BOOST_REQUIRE_EQUAL(material.logs.size(), 1);
  const LogKey& log = material.logs[0];
  BOOST_CHECK_EQUAL(log.path, "tlogs[0]");
  BOOST_CHECK_EQUAL(log.base_url, "https://log.example.org:3003/api");
  BOOST_CHECK_EQUAL(log.name, "log.example.org");
  BOOST_CHECK(log.key.spki() == Made().key.Spki());
  BOOST_CHECK(log.scheme == crypto::SignatureScheme::kEcdsaSha256);
  BOOST_CHECK(ToBytes(log.id.span()) == Bytes(32, 1));
  BOOST_CHECK(log.checkpoint_key_id == Bytes(32, 1));
  BOOST_CHECK_EQUAL(log.operator_name, "Example");
  BOOST_CHECK_EQUAL(log.valid.ToString(), "2021-01-12T11:53:27.000Z to 2022-01-12T11:53:27.500Z");
  BOOST_CHECK(material.skipped.empty());
  BOOST_CHECK_EQUAL(material.skipped_logs, 0);
}

BOOST_AUTO_TEST_CASE(reads_a_certificate_transparency_log) {
  REQUIRE_VALUE(const TrustedMaterial material, Read());
  BOOST_REQUIRE_EQUAL(material.ct_logs.size(), 1);
  BOOST_CHECK_EQUAL(material.ct_logs[0].path, "ctlogs[0]");
  BOOST_CHECK(material.ct_logs[0].name.empty());
  BOOST_CHECK(ToBytes(material.ct_logs[0].id.span()) == Bytes(32, 2));
  BOOST_CHECK(!material.ct_logs[0].valid.until.has_value());
  BOOST_CHECK_EQUAL(material.ct_logs[0].valid.ToString(), "2023-01-01T00:00:00.000Z to now on");
}

BOOST_AUTO_TEST_CASE(reads_authorities) {
  REQUIRE_VALUE(const TrustedMaterial material, Read());
  BOOST_REQUIRE_EQUAL(material.certificate_authorities.size(), 1);
  const Authority& authority = material.certificate_authorities[0];
  BOOST_CHECK_EQUAL(authority.name, "https://ca.example.org");
  BOOST_REQUIRE_EQUAL(authority.chain.size(), 2);
  BOOST_CHECK(authority.chain[0].der() == Made().ca.certificate);
  BOOST_CHECK(authority.chain[1].der() == Made().root.certificate);
  BOOST_CHECK(authority.valid.until == At("2032-04-13T20:06:15Z"));
  BOOST_REQUIRE_EQUAL(material.timestamp_authorities.size(), 1);
  BOOST_CHECK_EQUAL(material.timestamp_authorities[0].name, "the clock");
  BOOST_CHECK_EQUAL(material.timestamp_authorities[0].chain.size(), 1);
}

BOOST_AUTO_TEST_CASE(periods_are_closed_at_both_ends) {
  const ValidFor valid{TimestampMs(1'000), TimestampMs(2'000)};
  BOOST_CHECK(!valid.Contains(TimestampMs(999)));
  BOOST_CHECK(valid.Contains(TimestampMs(1'000)));
  BOOST_CHECK(valid.Contains(TimestampMs(2'000)));
  BOOST_CHECK(!valid.Contains(TimestampMs(2'001)));
  const ValidFor open{TimestampMs(1'000), std::nullopt};
  BOOST_CHECK(open.Contains(TimestampMs(UINT64_MAX)));
}

struct Spelled {
  std::string_view name;
  std::string_view from;
  std::string_view to;
};
std::ostream& operator<<(std::ostream& out, const Spelled& spelled) { return out << spelled.name; }

const Spelled kSpellings[] = {
    {"version 0.1 in the new spelling", "trustedroot+json;version=0.1", "trustedroot.v0.1+json"},
    {"version 0.2", "trustedroot+json;version=0.1", "trustedroot.v0.2+json"},
    {"null for what is absent", R"("operator":"Example"}],"ctlogs")",
     R"("operator":null,"checkpointKeyId":null}],"ctlogs")"},
    {"null for an end", R"("end":"2032-04-13T20:06:15Z")", R"("end":null)"},
    {"no subject", R"("subject":{"organization":"Org","commonName":"the authority"},)", ""},
    {"null for a subject", R"({"organization":"Org","commonName":"the authority"})", "null"},
    {"nine decimals", "2022-04-13T20:06:15Z", "2022-04-13T20:06:15.123456789Z"},
    {"base64 without padding",
     "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"},
    {"an end that is the start", "2032-04-13T20:06:15Z", "2022-04-13T20:06:15Z"},
};

BOOST_DATA_TEST_CASE(accepts, ut::data::make(kSpellings), spelled) {
  REQUIRE_VALUE(const TrustedMaterial material, Read(spelled.from, spelled.to));
  BOOST_REQUIRE_EQUAL(material.logs.size(), 1);
  BOOST_CHECK(ToBytes(material.logs[0].id.span()) == Bytes(32, 1));
  BOOST_REQUIRE_EQUAL(material.certificate_authorities.size(), 1);
  BOOST_CHECK_EQUAL(material.certificate_authorities[0].chain.size(), 2);
}

BOOST_AUTO_TEST_CASE(every_list_may_be_absent) {
  REQUIRE_VALUE(const TrustedMaterial none,
                ReadTrustedMaterial(
                    R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",)"
                    R"("tlogs":null,"ctlogs":[]})"));
  BOOST_CHECK(none.logs.empty() && none.ct_logs.empty());
  BOOST_CHECK(none.certificate_authorities.empty() && none.timestamp_authorities.empty());
}

struct Url {
  std::string_view text;
  std::string_view host;
};

constexpr Url kUrls[] = {
    {"https://log.example.org", "log.example.org"},
    {"http://localhost:3003", "localhost"},
    {"https://log.example.org/", "log.example.org"},
    {"https://LOG_1.example/x?y", "LOG_1.example"},
    {"", ""},
};

BOOST_AUTO_TEST_CASE(name_is_the_host_of_the_url) {
  for (const Url& url : kUrls) {
    REQUIRE_VALUE(const TrustedMaterial material,
                  Read("https://log.example.org:3003/api", url.text));
    BOOST_CHECK_EQUAL(material.logs[0].name, url.host);
  }
  for (const char* bad : {"https://", "https:///path", "https://jane@log.example.org",
                          "https://log.example.org?x", "https://log.example.org#x",
                          "https://[::1]:80", "https://log example.org", "https://l\\u00f6g.org"}) {
    CHECK_ERROR(Read("https://log.example.org:3003/api", bad), ErrorCode::kMalformed,
                "tlogs[0].baseUrl: does not have a plain host name");
  }
  for (const char* bad : {"log.example.org", "://log.example.org", "https:log.example.org"}) {
    CHECK_ERROR(Read("https://log.example.org:3003/api", bad), ErrorCode::kMalformed,
                "tlogs[0].baseUrl: must be scheme://host");
  }
}

BOOST_AUTO_TEST_CASE(checkpoint_key_id_is_four_or_all_bytes) {
  constexpr std::string_view kWhere = R"("operator":"Example"}],"ctlogs")";
  const auto with = [&](const std::string& id) {
    return Read(kWhere, R"("checkpointKeyId":{"keyId":")" + id + R"("}}],"ctlogs")");
  };
  REQUIRE_VALUE(const TrustedMaterial four, with("CQkJCQ=="));
  BOOST_CHECK(four.logs[0].checkpoint_key_id == Bytes(4, 9));
  BOOST_CHECK(ToBytes(four.logs[0].id.span()) == Bytes(32, 1));
  REQUIRE_VALUE(const TrustedMaterial all, with(Base64Encode(Bytes(32, 9))));
  BOOST_CHECK(all.logs[0].checkpoint_key_id == Bytes(32, 9));
  for (const size_t size : {0u, 3u, 5u, 31u, 33u}) {
    CHECK_ERROR(with(Base64Encode(Bytes(size, 9))), ErrorCode::kMalformed,
                "tlogs[0].checkpointKeyId: must be 4 or 32 bytes");
  }
}

struct KeyCase {
  std::string_view details;
  TestKeyKind kind;
  crypto::SignatureScheme scheme;
};

constexpr KeyCase kKeys[] = {
    {"PKIX_ECDSA_P256_SHA_256", TestKeyKind::kP256, crypto::SignatureScheme::kEcdsaSha256},
    {"PKIX_ECDSA_P384_SHA_384", TestKeyKind::kP384, crypto::SignatureScheme::kEcdsaSha384},
    {"PKIX_ECDSA_P521_SHA_512", TestKeyKind::kP521, crypto::SignatureScheme::kEcdsaSha512},
    {"PKIX_ECDSA_P384_SHA_256", TestKeyKind::kP384, crypto::SignatureScheme::kEcdsaSha256},
    {"PKIX_ED25519", TestKeyKind::kEd25519, crypto::SignatureScheme::kEd25519},
    {"PKIX_ED25519_PH", TestKeyKind::kEd25519, crypto::SignatureScheme::kEd25519ph},
    {"PKIX_RSA_PKCS1V15_2048_SHA256", TestKeyKind::kRsa2048,
     crypto::SignatureScheme::kRsaPkcs1Sha256},
    {"PKIX_RSA_PKCS1V15_3072_SHA256", TestKeyKind::kRsa3072,
     crypto::SignatureScheme::kRsaPkcs1Sha256},
    {"PKIX_RSA_PSS_2048_SHA256", TestKeyKind::kRsa2048, crypto::SignatureScheme::kRsaPssSha256},
    {"PKIX_RSA_PKCS1V5", TestKeyKind::kRsa3072, crypto::SignatureScheme::kRsaPkcs1Sha256},
};

Result<TrustedMaterial> ReadKey(std::string_view details, ByteSpan bytes) {
  return Read(R"("KEY","keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2021)",
              '"' + Base64Encode(bytes) + R"(","keyDetails":")" + std::string(details) +
                  R"(","validFor":{"start":"2021)");
}

BOOST_AUTO_TEST_CASE(reads_keys_of_every_kind) {
  for (const KeyCase& each : kKeys) {
    const TestKey key = TestKey::Generate(each.kind);
    REQUIRE_VALUE(const TrustedMaterial material, ReadKey(each.details, key.Spki()));
    BOOST_CHECK_MESSAGE(material.logs[0].scheme == each.scheme, each.details);
    BOOST_CHECK(material.logs[0].key.spki() == key.Spki());
  }
}

// The bytes are RSAPublicKey, as a log of Sigstore's staging instance has them.
BOOST_AUTO_TEST_CASE(reads_a_key_in_the_old_encoding) {
  const TestKey key = TestKey::Generate(TestKeyKind::kRsa2048);
  REQUIRE_VALUE(const TrustedMaterial material, ReadKey("PKCS1_RSA_PKCS1V5", key.Pkcs1()));
  BOOST_CHECK(material.logs[0].key.spki() == key.Spki());
  BOOST_CHECK(!ReadKey("PKCS1_RSA_PKCS1V5", key.Spki()).has_value());
  BOOST_CHECK(!ReadKey("PKIX_RSA_PKCS1V5", key.Pkcs1()).has_value());
}

BOOST_AUTO_TEST_CASE(refuses_a_key_that_is_not_what_its_details_say) {
  const Bytes p256 = TestKey::Generate(TestKeyKind::kP256).Spki();
  const Bytes rsa = TestKey::Generate(TestKeyKind::kRsa2048).Spki();
  CHECK_ERROR(ReadKey("PKIX_ECDSA_P384_SHA_384", p256), ErrorCode::kMalformed,
              "tlogs[0].publicKey: expected a key of PKIX_ECDSA_P384_SHA_384, found P-256");
  CHECK_ERROR(ReadKey("PKIX_ED25519", p256), ErrorCode::kMalformed,
              "expected a key of PKIX_ED25519, found P-256");
  CHECK_ERROR(ReadKey("PKIX_RSA_PKCS1V15_3072_SHA256", rsa), ErrorCode::kMalformed,
              "expected a key of PKIX_RSA_PKCS1V15_3072_SHA256, found RSA-2048");
  CHECK_ERROR(ReadKey("PKIX_ECDSA_P256_SHA_256", rsa), ErrorCode::kMalformed, "found RSA-2048");
  CHECK_ERROR(ReadKey("PKIX_ECDSA_P256_SHA_256", Bytes{1, 2, 3}), ErrorCode::kMalformed,
              "tlogs[0].publicKey: ");
  CHECK_ERROR(ReadKey("PKIX_ECDSA_P256_SHA_256", Bytes()), ErrorCode::kMalformed,
              "tlogs[0].publicKey: ");
}

// A file of tomorrow is of use today, and says what it cannot be used for.
BOOST_AUTO_TEST_CASE(keys_that_are_not_known_vouch_for_nothing) {
  REQUIRE_VALUE(const TrustedMaterial material, ReadKey("ML_DSA_65", Bytes{1, 2, 3}));
  BOOST_CHECK(material.logs.empty());
  BOOST_CHECK_EQUAL(material.ct_logs.size(), 1);
  BOOST_REQUIRE_EQUAL(material.skipped.size(), 1);
  BOOST_CHECK_EQUAL(material.skipped[0], "tlogs[0]: ML_DSA_65");
  BOOST_CHECK_EQUAL(material.skipped_logs, 1);

  REQUIRE_VALUE(const TrustedMaterial ct,
                Read(R"("PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2023)",
                     R"("\u001b[2J","validFor":{"start":"2023)"));
  BOOST_CHECK(ct.ct_logs.empty());
  BOOST_CHECK_EQUAL(ct.skipped.at(0), "ctlogs[0]: \\x1b[2J");
  BOOST_CHECK_EQUAL(ct.skipped_logs, 0);
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
  ErrorCode code = ErrorCode::kMalformed;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kRefusals[] = {
    {"unknown field", R"({"mediaType")", R"({"x":1,"mediaType")", "x: unknown field"},
    {"unknown field of a log", R"({"baseUrl")", R"({"x":1,"baseUrl")", "tlogs[0].x: unknown"},
    {"of a log's period", R"({"start":"2021)", R"({"x":1,"start":"2021)",
     "tlogs[0].publicKey.validFor.x: unknown field"},
    {"of another log", R"({"hashAlgorithm")", R"({"x":1,"hashAlgorithm")", "ctlogs[0].x: unknown"},
    {"of an authority", R"({"subject":{"organization")", R"({"x":1,"subject":{"organization")",
     "certificateAuthorities[0].x: unknown field"},
    {"of a subject", R"({"organization")", R"({"x":1,"organization")", "subject.x: unknown field"},
    {"of a chain", R"({"certificates":[{"rawBytes":"TSA"})",
     R"({"x":1,"certificates":[{"rawBytes":"TSA"})", "certChain.x: unknown field"},
    {"of a certificate", R"({"rawBytes":"ROOT"})", R"({"x":1,"rawBytes":"ROOT"})",
     "certificateAuthorities[0].certChain.certificates[1].x: unknown field"},
    {"of an authority's period", R"({"start":"2025)", R"({"x":1,"start":"2025)",
     "timestampAuthorities[0].validFor.x: unknown field"},
    {"no media type", R"("mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",)",
     "", "mediaType: missing"},
    {"version 0.2 in the old spelling", "version=0.1", "version=0.2",
     "version=0.2\" is not a trusted root of version 0.1 or 0.2", ErrorCode::kUnsupported},
    {"version 0.3", "trustedroot+json;version=0.1", "trustedroot.v0.3+json",
     "is not a trusted root", ErrorCode::kUnsupported},
    {"a bundle", "trustedroot+json;version=0.1", "bundle.v0.3+json", "is not a trusted root",
     ErrorCode::kUnsupported},
    {"no key",
     R"("publicKey":{"rawBytes":"KEY","keyDetails":"PKIX_ECDSA_P256_SHA_256",)"
     R"("validFor":{"start":"2023-01-01T00:00:00Z"}},)",
     "", "ctlogs[0].publicKey: missing"},
    {"no key details", R"("keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2023)",
     R"("validFor":{"start":"2023)", "ctlogs[0].publicKey.keyDetails: missing"},
    {"no period", R"(,"validFor":{"start":"2023-01-01T00:00:00Z"})", "",
     "ctlogs[0].publicKey.validFor: missing"},
    {"no start", R"("start":"2023-01-01T00:00:00Z")", "",
     "ctlogs[0].publicKey.validFor.start: missing"},
    {"null for a start", R"("2023-01-01T00:00:00Z")", "null",
     "ctlogs[0].publicKey.validFor.start: missing"},
    {"start of an authority", R"("start":"2025-07-04T00:00:00Z")", "",
     "timestampAuthorities[0].validFor.start: missing"},
    {"no period of an authority", R"(,"validFor":{"start":"2025-07-04T00:00:00Z"})", "",
     "timestampAuthorities[0].validFor: missing"},
    {"a start that is not a time", "2025-07-04T00:00:00Z", "yesterday",
     "timestampAuthorities[0].validFor.start: \"yesterday\" is not a time"},
    {"a start with an offset", "2025-07-04T00:00:00Z", "2025-07-04T00:00:00+02:00",
     "validFor.start: "},
    {"a day that does not exist", "2025-07-04", "2025-02-29", "validFor.start: "},
    {"end before the start", "2032-04-13T20:06:15Z", "2022-04-13T20:06:14.999Z",
     "certificateAuthorities[0].validFor.end: is before the start"},
    {"another tree hash",
     R"("hashAlgorithm":"SHA2_256","publicKey":{"rawBytes":"KEY",)"
     R"("keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2023)",
     R"("hashAlgorithm":"SHA2_512","publicKey":{"rawBytes":"KEY",)"
     R"("keyDetails":"PKIX_ECDSA_P256_SHA_256","validFor":{"start":"2023)",
     "ctlogs[0].hashAlgorithm: must be SHA2_256"},
    {"no log id", R"("logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)", "",
     "tlogs[0].logId: missing"},
    {"no key id", R"("keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=")", "",
     "tlogs[0].logId.keyId: missing"},
    {"short log id", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQEBAQ==",
     "tlogs[0].logId.keyId: must be 32 bytes"},
    {"no chain", R"("certChain":{"certificates":[{"rawBytes":"TSA"}]},)", "",
     "timestampAuthorities[0].certChain: missing"},
    {"empty chain", R"({"rawBytes":"TSA"})", "",
     "timestampAuthorities[0].certChain.certificates[0]: missing"},
    {"a certificate that is none", R"("ROOT")", R"("AAEC")",
     "certificateAuthorities[0].certChain.certificates[1]: not a certificate"},
    {"a certificate without bytes", R"({"rawBytes":"ROOT"})", "{}",
     "certificateAuthorities[0].certChain.certificates[1]: not a certificate"},
    {"uri a number", R"("https://ca.example.org")", "1", "uri: expected string, found number"},
    {"name a number", R"("the clock")", "1", "commonName: expected string, found number"},
    {"authorities an object", R"("timestampAuthorities":[{)", R"("timestampAuthorities":[1,{)",
     "timestampAuthorities[0]: expected object, found number"},
    {"key twice", R"({"organization":"Org",)", R"({"organization":"Org","organization":"Org",)",
     "more than once"},
    {"byte order mark", R"({"mediaType")", "\xef\xbb\xbf{\"mediaType\"", "byte order mark"},
};

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kRefusals), refusal) {
  CHECK_ERROR(Read(refusal.from, refusal.to), refusal.code, refusal.message);
}

// Whose window and key would count is not left to the order of the file.
BOOST_AUTO_TEST_CASE(refuses_two_logs_with_one_id) {
  const size_t begin = kRoot.find(R"({"hashAlgorithm")");
  const std::string log(kRoot.substr(begin, kRoot.find(R"(],"certificateA)") - begin));
  CHECK_ERROR(Read(log, log + "," + log), ErrorCode::kMalformed,
              "ctlogs[1].logId.keyId: is that of ctlogs[0] too");
  // A transparency log is no certificate-transparency log: both may have one id.
  BOOST_CHECK(Read("AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=",
                   "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="));
}

BOOST_AUTO_TEST_CASE(refuses_more_than_the_limits) {
  const auto repeated = [](const std::string& element, size_t count) {
    std::string items = element;
    for (size_t i = 1; i < count; ++i) items += "," + element;
    return items;
  };
  const size_t begin = kRoot.find(R"({"subject":{"commonName")");
  const std::string authority(kRoot.substr(begin, kRoot.size() - 2 - begin));
  BOOST_CHECK(Read(authority, repeated(authority, 64)));
  CHECK_ERROR(Read(authority, repeated(authority, 65)), ErrorCode::kMalformed,
              "timestampAuthorities: more than 64");
  const std::string certificate = R"({"rawBytes":"TSA"})";
  BOOST_CHECK(Read(certificate, repeated(certificate, 10)));
  CHECK_ERROR(Read(certificate, repeated(certificate, 11)), ErrorCode::kMalformed,
              "certChain.certificates: more than 10");
  const std::string unknown = R"({"publicKey":{"rawBytes":"AA==","keyDetails":"X","validFor":{)"
                              R"("start":"2023-01-01T00:00:00Z"}}})";
  const auto with = [&](size_t count) {
    return Read(R"("ctlogs":[)", R"("ctlogs":[)" + repeated(unknown, count) + ",");
  };
  REQUIRE_VALUE(const TrustedMaterial most, with(63));
  BOOST_CHECK_EQUAL(most.skipped.size(), 63);
  CHECK_ERROR(with(64), ErrorCode::kMalformed, "ctlogs: more than 64");
  CHECK_ERROR(Read("the clock", std::string(4 << 20, 'c')), ErrorCode::kMalformed,
              "larger than 4194304 bytes");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(trusted_material_vectors)

TrustedMaterial Vector(const std::string& name) {
  REQUIRE_VALUE(TrustedMaterial material,
                ReadTrustedMaterial(test::Slurp(test::VectorsFolder() / "cosign" / name)));
  return material;
}

// Names, numbers and periods as the file shows them.
BOOST_AUTO_TEST_CASE(reads_the_public_instance,
                     *ut::precondition(test::HasVectors("cosign/trusted_root.json"))) {
  const TrustedMaterial material = Vector("trusted_root.json");
  BOOST_REQUIRE_EQUAL(material.logs.size(), 2);
  BOOST_CHECK_EQUAL(material.logs[0].name, "rekor.sigstore.dev");
  BOOST_CHECK(material.logs[0].key.kind() == crypto::KeyKind::kP256);
  // The id of a Rekor v1 log is SHA-256 of its key; that of v2 is not (C2SP).
  BOOST_CHECK(ToBytes(material.logs[0].id.span()) == ToBytes(material.logs[0].key.id().span()));
  BOOST_CHECK_EQUAL(material.logs[1].name, "log2025-1.rekor.sigstore.dev");
  BOOST_CHECK(material.logs[1].scheme == crypto::SignatureScheme::kEd25519);
  BOOST_CHECK(ToBytes(material.logs[1].id.span()) != ToBytes(material.logs[1].key.id().span()));

  BOOST_REQUIRE_EQUAL(material.ct_logs.size(), 2);
  BOOST_CHECK_EQUAL(material.ct_logs[0].valid.ToString(),
                    "2021-03-14T00:00:00.000Z to 2022-10-31T23:59:59.999Z");
  BOOST_CHECK(!material.ct_logs[1].valid.until.has_value());

  BOOST_REQUIRE_EQUAL(material.certificate_authorities.size(), 2);
  const Authority& old = material.certificate_authorities[0];
  BOOST_CHECK_EQUAL(old.chain.size(), 1);
  BOOST_CHECK(old.valid.Contains(At("2022-12-31T23:59:59.999Z")));
  BOOST_CHECK(!old.valid.Contains(At("2023-01-01T00:00:00Z")));
  BOOST_CHECK_EQUAL(material.certificate_authorities[1].chain.size(), 2);
  BOOST_CHECK(!material.certificate_authorities[1].valid.until.has_value());

  BOOST_REQUIRE_EQUAL(material.timestamp_authorities.size(), 1);
  BOOST_CHECK_EQUAL(material.timestamp_authorities[0].chain.size(), 2);
  BOOST_CHECK(material.timestamp_authorities[0].chain[0].allows_only_time_stamping());
  BOOST_CHECK(material.skipped.empty());
}

BOOST_AUTO_TEST_CASE(reads_a_private_log,
                     *ut::precondition(test::HasVectors("cosign/private_trusted_root.json"))) {
  const TrustedMaterial material = Vector("private_trusted_root.json");
  BOOST_REQUIRE_EQUAL(material.logs.size(), 1);
  BOOST_CHECK_EQUAL(material.logs[0].name, "localhost");
  BOOST_CHECK_EQUAL(material.logs[0].base_url, "http://localhost:3003");
  BOOST_CHECK(material.logs[0].scheme == crypto::SignatureScheme::kEd25519);
  BOOST_CHECK(material.ct_logs.empty() && material.certificate_authorities.empty());
  BOOST_CHECK(material.timestamp_authorities.empty());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
