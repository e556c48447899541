#include "sigstore/trusted_root.h"

#include "core/hex.h"
#include "tests/sigstore/replace.h"
#include "tests/support/command.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

// The public key of RFC 8032 section 7.1, test 1; the id by
// { printf 'log.example.org\n\001'; printf d75a...511a | xxd -r -p; } | sha256sum | xxd -r -p |
// base64
constexpr std::string_view kRoot =
    R"({"mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1","tlogs":[{)"
    R"("baseUrl":"https://log.example.org","hashAlgorithm":"SHA2_256","publicKey":{"rawBytes":)"
    R"("MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",)"
    R"("keyDetails":"PKIX_ED25519","validFor":{"start":"2026-01-02T03:04:05Z",)"
    R"("end":"2027-01-02T03:04:05.678Z"}},)"
    R"("logId":{"keyId":"mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ="},)"
    R"("operator":"Example"}],"ctlogs":[],"certificateAuthorities":[],)"
    R"("timestampAuthorities":[]})";

std::string Changed(std::string_view from, std::string_view to) {
  return test::Replaced(std::string(kRoot), from, to);
}

std::string Vector(const std::string& name) {
  return test::Slurp(test::VectorsFolder() / "cosign" / name);
}

BOOST_AUTO_TEST_SUITE(trusted_root)

BOOST_AUTO_TEST_CASE(reads_a_log) {
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(kRoot));
  BOOST_CHECK_EQUAL(root.skipped_logs, 0);
  BOOST_REQUIRE_EQUAL(root.logs.size(), 1);
  const TrustedLog& log = root.logs[0];
  BOOST_CHECK_EQUAL(log.base_url, "https://log.example.org");
  BOOST_CHECK_EQUAL(log.key.name(), "log.example.org");
  BOOST_CHECK_EQUAL(HexEncode(log.key.key().raw()),
                    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  BOOST_CHECK_EQUAL(FormatTimestamp(log.valid_from), "2026-01-02T03:04:05.000Z");
  BOOST_REQUIRE(log.valid_until.has_value());
  BOOST_CHECK_EQUAL(FormatTimestamp(*log.valid_until), "2027-01-02T03:04:05.678Z");
  BOOST_CHECK_EQUAL(log.operator_name, "Example");
}

struct Spelling {
  std::string_view name;
  std::string_view from;
  std::string_view to;
};

std::ostream& operator<<(std::ostream& out, const Spelling& spelling) {
  return out << spelling.name;
}

const Spelling kSpellings[] = {
    {"http and a port", "https://log.example.org", "http://log.example.org:3003"},
    {"a path", "https://log.example.org", "https://log.example.org/api/v2"},
    {"checkpoint key id of four bytes", R"("operator":"Example")",
     R"("checkpointKeyId":{"keyId":"mTEuHA=="})"},
    {"null for what is absent", R"("operator":"Example")",
     R"("operator":null,"checkpointKeyId":null)"},
    {"base64 in the URL alphabet without padding",
     "mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ=", "mTEuHAr_6tnsAPJUWE_iqpQIS7W8wS4XOdtoCKMHlWQ"},
    {"version 0.2", "trustedroot+json;version=0.1", "trustedroot.v0.2+json"},
    {"checkpoint key id equal to the log id", R"("operator":"Example")",
     R"("checkpointKeyId":{"keyId":"mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ="})"},
};

BOOST_DATA_TEST_CASE(origin_is_the_host, ut::data::make(kSpellings), spelling) {
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(Changed(spelling.from, spelling.to)));
  BOOST_CHECK_EQUAL(root.logs.at(0).key.name(), "log.example.org");
}

BOOST_AUTO_TEST_CASE(an_absent_end_is_no_end) {
  REQUIRE_VALUE(const TrustedRoot root,
                ReadTrustedRoot(Changed(R"(,"end":"2027-01-02T03:04:05.678Z")", "")));
  BOOST_CHECK(!root.logs.at(0).valid_until.has_value());
}

BOOST_AUTO_TEST_CASE(other_key_types_are_skipped_and_counted) {
  for (const char* details : {"PKIX_ED25519_PH", "ML_DSA_65"}) {
    REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(Changed("PKIX_ED25519", details)));
    BOOST_CHECK(root.logs.empty());
    BOOST_CHECK_EQUAL(root.skipped_logs, 1);
  }
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kRefusals[] = {
    {"unknown field", R"({"mediaType")", R"({"x":1,"mediaType")", "x: unknown field"},
    {"unknown field of a log", R"({"baseUrl")", R"({"x":1,"baseUrl")", "tlogs[0].x: unknown"},
    {"unknown field of a key", R"({"rawBytes")", R"({"x":1,"rawBytes")", "publicKey.x: unknown"},
    {"unknown field of a period", R"({"start")", R"({"x":1,"start")", "validFor.x: unknown"},
    {"unknown field of an id", R"({"keyId")", R"({"x":1,"keyId")", "logId.x: unknown"},
    {"no media type", R"("mediaType":"application/vnd.dev.sigstore.trustedroot+json;version=0.1",)",
     "", "mediaType: missing"},
    {"no start", R"("start":"2026-01-02T03:04:05Z",)", "", "validFor.start: missing"},
    {"no period",
     R"(,"validFor":{"start":"2026-01-02T03:04:05Z",)"
     R"("end":"2027-01-02T03:04:05.678Z"})",
     "", "publicKey.validFor: missing"},
    {"no key details", R"("keyDetails":"PKIX_ED25519",)", "", "keyDetails: missing"},
    {"no base URL", R"("baseUrl":"https://log.example.org",)", "", "baseUrl: missing"},
    {"no log id", R"("logId":{"keyId":"mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ="},)", "",
     "tlogs[0].logId: missing"},
    {"start that is not a time", "2026-01-02T03:04:05Z", "yesterday", "validFor.start: "},
    {"end before the start", "2027-01-02", "2025-01-02", "validFor.end: is before the start"},
    {"another hash", "SHA2_256", "SHA2_512", "hashAlgorithm: must be SHA2_256"},
    {"log id of the SPKI alone", "mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ=",
     "BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k=", "keyId: must be the id of the key"},
    {"log id of another origin", "https://log.example.org", "https://log.example.com",
     "keyId: must be the id of the key"},
    {"another checkpoint key id", R"("operator":"Example")",
     R"("checkpointKeyId":{"keyId":"BuP9j9opu2CrWVV95h7bCuzbIxE0vjDnW0Vfjht5L6k="})",
     "checkpointKeyId.keyId: must be the id of the key"},
    {"short log id", "mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ=", "AQEB", "must be 32 bytes"},
    {"a key that is not Ed25519",
     "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=", "AQEB", "publicKey: "},
    {"no scheme", "https://log.example.org", "log.example.org", "must be scheme://host"},
    {"no host", "https://log.example.org", "https://", "not have a plain host name"},
    {"user in the URL", "https://log.example.org", "https://log@example.org",
     "not have a plain host"},
    {"space in the host", "https://log.example.org", "https://log example.org",
     "not have a plain host"},
    {"logs that are not an array", R"("ctlogs":[])", R"("ctlogs":{})", "ctlogs: expected array"},
    {"a log that is not an object", R"("ctlogs":[])", R"("ctlogs":[1])",
     "ctlogs[0]: expected object"},
    {"unknown field of another log", R"("ctlogs":[])", R"("ctlogs":[{"x":1}])",
     "ctlogs[0].x: unknown"},
    {"key twice", R"("operator":"Example")", R"("operator":"a","operator":"b")", "more than once"},
    {"trailing bytes", R"("timestampAuthorities":[]})", R"("timestampAuthorities":[]}x)",
     "trailing data after the value"},
};

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kRefusals), refusal) {
  CHECK_ERROR(ReadTrustedRoot(Changed(refusal.from, refusal.to)), ErrorCode::kMalformed,
              refusal.message);
}

BOOST_AUTO_TEST_CASE(refuses_other_media_types) {
  CHECK_ERROR(ReadTrustedRoot(Changed("version=0.1", "version=0.2")), ErrorCode::kUnsupported,
              "version=0.2\" is not a trusted root of version 0.1 or 0.2");
}

BOOST_AUTO_TEST_CASE(writes_version_0_2_where_a_log_names_its_operator) {
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(kRoot));
  BOOST_CHECK_EQUAL(WriteTrustedRoot(root), R"({
  "mediaType": "application/vnd.dev.sigstore.trustedroot.v0.2+json",
  "tlogs": [
    {
      "baseUrl": "https://log.example.org",
      "hashAlgorithm": "SHA2_256",
      "publicKey": {
        "rawBytes": "MCowBQYDK2VwAyEA11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        "keyDetails": "PKIX_ED25519",
        "validFor": {
          "start": "2026-01-02T03:04:05.000Z",
          "end": "2027-01-02T03:04:05.678Z"
        }
      },
      "logId": {
        "keyId": "mTEuHAr/6tnsAPJUWE/iqpQIS7W8wS4XOdtoCKMHlWQ="
      },
      "operator": "Example"
    }
  ],
  "certificateAuthorities": [],
  "ctlogs": [],
  "timestampAuthorities": []
}
)");
}

// sigstore-go 1.2 reads no other version; the members without elements are what sigstore-python
// demands.
BOOST_AUTO_TEST_CASE(writes_version_0_1_where_no_log_names_its_operator) {
  TrustedRoot root = ReadTrustedRoot(kRoot).value();
  root.logs[0].operator_name.clear();
  const std::string text = WriteTrustedRoot(root);
  BOOST_CHECK(text.starts_with(
      "{\n  \"mediaType\": \"application/vnd.dev.sigstore.trustedroot+json;version=0.1\",\n"));
  BOOST_CHECK(text.find("\"operator\"") == text.npos);
  BOOST_CHECK(
      text.ends_with("  ],\n  \"certificateAuthorities\": [],\n  \"ctlogs\": [],\n"
                     "  \"timestampAuthorities\": []\n}\n"));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(trusted_root_vectors)

BOOST_AUTO_TEST_CASE(reads_a_private_log_on_localhost,
                     *ut::precondition(test::HasVectors("cosign/private_trusted_root.json"))) {
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(Vector("private_trusted_root.json")));
  BOOST_CHECK_EQUAL(root.skipped_logs, 0);
  BOOST_REQUIRE_EQUAL(root.logs.size(), 1);
  BOOST_CHECK_EQUAL(root.logs[0].base_url, "http://localhost:3003");
  BOOST_CHECK_EQUAL(root.logs[0].key.name(), "localhost");
  BOOST_CHECK_EQUAL(FormatTimestamp(root.logs[0].valid_from), "2024-01-01T00:00:00.000Z");
}

BOOST_AUTO_TEST_CASE(reads_the_public_instance,
                     *ut::precondition(test::HasVectors("cosign/trusted_root.json"))) {
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(Vector("trusted_root.json")));
  BOOST_CHECK_EQUAL(root.skipped_logs, 1);
  BOOST_REQUIRE_EQUAL(root.logs.size(), 1);
  BOOST_CHECK_EQUAL(root.logs[0].key.name(), "log2025-1.rekor.sigstore.dev");
}

BOOST_AUTO_TEST_CASE(cosign_verifies_with_what_is_written,
                     *ut::precondition(test::HasVectors("cosign/private_trusted_root.json")) *
                         ut::precondition(test::HasProgram("cosign"))) {
  const test::ScratchFolder scratch;
  REQUIRE_VALUE(const TrustedRoot root, ReadTrustedRoot(Vector("private_trusted_root.json")));
  const std::string path = scratch.Write("root.json", WriteTrustedRoot(root));
  const std::string folder = (test::VectorsFolder() / "cosign").string();
  // The digest is that of a.txt.
  const std::string output = test::MustRun(
      "HOME=" + scratch / "." + " cosign verify-blob-attestation --key " + folder +
      "/cosign.pub --bundle " + folder + "/logged-attest.sigstore.json --trusted-root " + path +
      " --type urn:carnet:device:v1 --digestAlg sha256 --digest "
      "b6c132d19d1d1af9b4280a1c51667e604e3f79ac807ce6c6378df22afa04d2bd");
  BOOST_CHECK(output.find("Verified OK") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
