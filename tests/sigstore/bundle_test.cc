#include "sigstore/bundle.h"

#include "tests/sigstore/replace.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

// Every field that a bundle of ours, or one that is read past, may have. Base64 by coreutils: the
// digests are 01 x 32, 02 x 32 and so on.
constexpr std::string_view kFull =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
    R"("verificationMaterial":{"publicKey":{"hint":"aGludA=="},"tlogEntries":[{)"
    R"("logIndex":"735","logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"
    R"("kindVersion":{"kind":"hashedrekord","version":"0.0.2"},"integratedTime":"17",)"
    R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},"inclusionProof":{"logIndex":"736",)"
    R"("rootHash":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","treeSize":"738",)"
    R"("hashes":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=",)"
    R"("BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ="],)"
    R"("checkpoint":{"envelope":"note\n"}},"canonicalizedBody":"Ym9keQ=="}],)"
    R"("timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"AAECAwQ="}]}},)"
    R"("dsseEnvelope":{"payload":"cGF5bG9hZA==","payloadType":"some type",)"
    R"("signatures":[{"sig":"c2ln","keyid":""}]}})";

constexpr std::string_view kLeast =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
    R"("verificationMaterial":{"publicKey":{"hint":"aGludA=="}},)"
    R"("dsseEnvelope":{"payload":"cGF5bG9hZA==","payloadType":"some type",)"
    R"("signatures":[{"sig":"c2ln"}]}})";

template <typename T>
T Filled(uint8_t value) {
  std::array<uint8_t, 32> bytes;
  bytes.fill(value);
  return T(bytes);
}

std::string Full(std::string_view from, std::string_view to) {
  return test::Replaced(std::string(kFull), from, to);
}

// `count` copies of an array's element, written in place of the one that is there.
std::string Repeated(std::string_view element, size_t count) {
  std::string items(element);
  for (size_t i = 1; i < count; ++i) items.append(",").append(element);
  return items;
}

BOOST_AUTO_TEST_SUITE(bundle)

BOOST_AUTO_TEST_CASE(reads_every_field) {
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(kFull));
  BOOST_CHECK_EQUAL(std::get<PublicKeyHint>(bundle.material).hint, "aGludA==");
  BOOST_CHECK_EQUAL(bundle.envelope.payload_type, "some type");
  BOOST_CHECK_EQUAL(AsText(bundle.envelope.payload), "payload");
  BOOST_CHECK_EQUAL(AsText(bundle.envelope.signature), "sig");
  BOOST_REQUIRE_EQUAL(bundle.entries.size(), 1);
  const LogEntry& entry = bundle.entries[0];
  BOOST_CHECK_EQUAL(entry.log_index, 735);
  BOOST_CHECK(entry.log_id == Filled<LogId>(1));
  BOOST_CHECK_EQUAL(entry.kind, "hashedrekord");
  BOOST_CHECK_EQUAL(entry.version, "0.0.2");
  BOOST_CHECK_EQUAL(entry.integrated_time, 17);
  BOOST_CHECK(!entry.signed_entry_timestamp.empty());
  BOOST_CHECK_EQUAL(entry.proof_log_index, 736);
  BOOST_CHECK(entry.proof_root_hash == ToBytes(Filled<RootHash>(2).span()));
  BOOST_CHECK_EQUAL(entry.proof_tree_size, 738);
  BOOST_REQUIRE_EQUAL(entry.proof.hashes.size(), 2);
  BOOST_CHECK(entry.proof.hashes[0] == Filled<NodeHash>(3));
  BOOST_CHECK(entry.proof.hashes[1] == Filled<NodeHash>(4));
  BOOST_CHECK_EQUAL(entry.checkpoint, "note\n");
  BOOST_CHECK_EQUAL(AsText(entry.canonicalized_body), "body");
}

BOOST_AUTO_TEST_CASE(a_certificate_stands_in_place_of_the_hint) {
  const std::string text = test::Replaced(std::string(kLeast), R"("publicKey":{"hint":"aGludA=="})",
                                          R"("certificate":{"rawBytes":"AAECAwQ="})");
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(text));
  BOOST_CHECK((std::get<Certificate>(bundle.material).der == Bytes{0, 1, 2, 3, 4}));
  BOOST_CHECK_EQUAL(WriteBundle(bundle), text);
}

BOOST_AUTO_TEST_CASE(absent_fields_are_zero) {
  REQUIRE_VALUE(const Bundle least, ReadBundle(kLeast));
  BOOST_CHECK(least.entries.empty());

  std::string text = Full(R"("logIndex":"735",)", "");
  text = test::Replaced(text, R"("logIndex":"736",)", "");
  text = test::Replaced(text, R"("integratedTime":"17",)", "");
  text = test::Replaced(text, R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},)", "");
  text = test::Replaced(text,
                        R"("timestampVerificationData":{"rfc3161Timestamps":[{)"
                        R"("signedTimestamp":"AAECAwQ="}]})",
                        R"("timestampVerificationData":{})");
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(text));
  BOOST_CHECK_EQUAL(bundle.entries[0].log_index, 0);
  BOOST_CHECK_EQUAL(bundle.entries[0].proof_log_index, 0);
  BOOST_CHECK_EQUAL(bundle.entries[0].integrated_time, 0);
  BOOST_CHECK(bundle.entries[0].signed_entry_timestamp.empty());
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
    {"int64 as a number", R"("logIndex":"735")", R"("logIndex":735)"},
    {"media type with a version parameter", ".v0.3+json", "+json;version=0.3"},
    {"one line feed behind it", R"(""}]}})",
     R"(""}]}})"
     "\n"},
    {"white space inside", R"({"mediaType")", "{ \n\"mediaType\""},
    {"an escaped key", R"("mediaType")", R"("\u006dediaType")"},
};

BOOST_DATA_TEST_CASE(accepts, boost::unit_test::data::make(kSpellings), spelling) {
  REQUIRE_VALUE(const Bundle bundle, ReadBundle(Full(spelling.from, spelling.to)));
  BOOST_CHECK_EQUAL(bundle.entries.at(0).log_index, 735);
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  ErrorCode code;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

constexpr ErrorCode kBad = ErrorCode::kMalformed;
constexpr ErrorCode kOther = ErrorCode::kUnsupported;

const Refusal kUnknownFields[] = {
    {"bundle", R"({"mediaType")", R"({"x":1,"mediaType")", kBad, "x: unknown field"},
    {"material", R"({"publicKey")", R"({"x":1,"publicKey")", kBad,
     "verificationMaterial.x: unknown field"},
    {"key", R"({"hint")", R"({"x":1,"hint")", kBad, "publicKey.x: unknown field"},
    {"entry", R"({"logIndex":"735")", R"({"x":1,"logIndex":"735")", kBad,
     "tlogEntries[0].x: unknown field"},
    {"snake case", R"("logIndex":"735")", R"("log_index":"735")", kBad,
     "tlogEntries[0].log_index: unknown field"},
    {"log id", R"({"keyId")", R"({"x":1,"keyId")", kBad, "logId.x: unknown field"},
    {"kind", R"({"kind")", R"({"x":1,"kind")", kBad, "kindVersion.x: unknown field"},
    {"promise", R"({"signedEntryTimestamp")", R"({"x":1,"signedEntryTimestamp")", kBad,
     "inclusionPromise.x: unknown field"},
    {"proof", R"({"logIndex":"736")", R"({"x":1,"logIndex":"736")", kBad,
     "inclusionProof.x: unknown field"},
    {"checkpoint", R"({"envelope")", R"({"x":1,"envelope")", kBad, "checkpoint.x: unknown field"},
    {"time data", R"({"rfc3161Timestamps")", R"({"x":1,"rfc3161Timestamps")", kBad,
     "timestampVerificationData.x: unknown field"},
    {"timestamp", R"({"signedTimestamp")", R"({"x":1,"signedTimestamp")", kBad,
     "rfc3161Timestamps[0].x: unknown field"},
    {"envelope", R"({"payload")", R"({"x":1,"payload")", kBad, "dsseEnvelope.x: unknown field"},
    {"signature", R"({"sig")", R"({"x":1,"sig")", kBad, "signatures[0].x: unknown field"},
};

const Refusal kMissingOrMistyped[] = {
    {"no media type", R"("mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)", "", kBad,
     "mediaType: missing"},
    {"no material", R"("verificationMaterial")", R"("dsseEnvelope2")", kBad, "unknown field"},
    {"no key", R"("publicKey":{"hint":"aGludA=="},)", "", kBad, "publicKey: missing"},
    {"no hint", R"("hint":"aGludA==")", "", kBad, "publicKey.hint: missing"},
    {"no log id", R"("logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)", "", kBad,
     "tlogEntries[0].logId: missing"},
    {"no kind and version", R"("kindVersion":{"kind":"hashedrekord","version":"0.0.2"},)", "", kBad,
     "kindVersion: missing"},
    {"no checkpoint", R"("checkpoint":{"envelope":"note\n"})", R"("rootHash2":"")", kBad,
     "unknown field"},
    {"empty checkpoint", R"({"envelope":"note\n"})", "{}", kBad, "checkpoint.envelope: missing"},
    {"no signature", R"({"sig":"c2ln","keyid":""})", "", kBad, "signatures[0]: missing"},
    {"two signatures", R"({"sig":"c2ln","keyid":""})", R"({"sig":"c2ln"},{"sig":"c2ln"})", kBad,
     "signatures: more than 1"},
    {"a keyid", R"("keyid":"")", R"("keyid":"a key")", kBad,
     "dsseEnvelope.signatures[0].keyid: must be empty"},
    {"null", R"("keyid":"")", R"("keyid":null)", kBad, "null"},
    {"key twice", R"("sig":"c2ln")", R"("sig":"c2ln","\u0073ig":"c2ln")", kBad, "more than once"},
    {"hint a number", R"("aGludA==")", "7", kBad, "hint: expected string, found number"},
    {"timestamps an object", R"([{"signedTimestamp":"AAECAwQ="}])", "{}", kBad,
     "rfc3161Timestamps: expected array, found object"},
    {"material an array", R"("publicKey":{"hint":"aGludA=="})", R"("publicKey":[])", kBad,
     "publicKey: expected object, found array"},
    {"signatures an object", R"([{"sig":"c2ln","keyid":""}])", "{}", kBad,
     "signatures: expected array"},
    {"hash a number", R"("BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ=")", "4", kBad,
     "hashes[1]: expected string"},
    {"index a bool", R"("735")", "true", kBad, "tlogEntries[0].logIndex: must be a decimal"},
};

const Refusal kBadValues[] = {
    {"index with a leading zero", R"("735")", R"("0735")", kBad, "logIndex: must be a decimal"},
    {"index with a sign", R"("735")", R"("+735")", kBad, "logIndex: must be a decimal"},
    {"negative index", R"("735")", "-735", kBad, "logIndex: must be a decimal"},
    {"index with an exponent", R"("735")", "735e0", kBad, "logIndex: must be a decimal"},
    {"empty index", R"("735")", R"("")", kBad, "logIndex: must be a decimal"},
    {"index of 2^63", R"("735")", R"("9223372036854775808")", kBad, "2^63-1"},
    {"time of 2^64", R"("17")", R"("18446744073709551616")", kBad, "integratedTime: must be"},
    {"base64 for URLs", "cGF5bG9hZA==", "cGF5bG9hZ_==", kBad, "payload: must be standard base64"},
    {"base64 without padding", "cGF5bG9hZA==", "cGF5bG9hZA", kBad, "payload: must be standard"},
    {"base64 with unused bits set", "c2ln\"", "c2lnAB==\"", kBad, "sig: must be standard base64"},
    {"base64 with a line break", "Ym9keQ==", R"(Ym9k\neQ==)", kBad, "canonicalizedBody: must be"},
    {"timestamp that is not base64", "AAECAwQ=", "AAECAwQ", kBad, "signedTimestamp: must be"},
    {"promise that is not base64", R"("AAEC")", R"("AAE")", kBad, "signedEntryTimestamp: must be"},
    {"short log id", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQEB", kBad,
     "keyId: must be 32 bytes"},
    {"short proof hash", "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=", "AwMD", kBad,
     "hashes[0]: must be 32 bytes"},
};

const Refusal kOtherForms[] = {
    {"version 0.1", ".v0.3+json", "+json;version=0.1", kOther,
     "expected bundle version 0.3, found 0.1"},
    {"version 0.2", ".v0.3+json", "+json;version=0.2", kOther,
     "expected bundle version 0.3, found 0.2"},
    {"version 0.4", ".v0.3+json", ".v0.4+json", kOther, "bundle.v0.4+json\" is not a bundle v0.3"},
    {"another media type", "application/vnd.dev.sigstore.bundle.v0.3+json", "text/plain", kOther,
     "text/plain"},
    {"certificate", R"("publicKey":{"hint":"aGludA=="})", R"("certificate":{"rawBytes":""})", kBad,
     "verificationMaterial.certificate.rawBytes: missing"},
    {"certificate beside the key", R"("publicKey":{)", R"("certificate":{},"publicKey":{)", kBad,
     "verificationMaterial.publicKey: must not stand beside a certificate"},
    {"certificate chain", R"("publicKey":{"hint":"aGludA=="})",
     R"("x509CertificateChain":{"certificates":[]})", kOther,
     "x509CertificateChain: expected the signer's certificate alone"},
    {"message signature", R"("dsseEnvelope":{"payload")",
     R"("messageSignature":{},"dsseEnvelope":{"payload")", kOther, "message signature"},
    {"trailing garbage", R"(""}]}})", R"(""}]}} x)", kBad, "trailing data after the value"},
    {"two line feeds", R"(""}]}})", "\"\"}]}}\n\n", kBad, "trailing data after it"},
    {"carriage return", R"(""}]}})", "\"\"}]}}\r\n", kBad, "trailing data after it"},
    {"another bundle behind it", R"(""}]}})", "\"\"}]}}\n{}", kBad, "data after"},
    {"byte order mark", R"({"mediaType")", "\xef\xbb\xbf{\"mediaType\"", kBad, "byte order mark"},
    {"not UTF-8", "some type", "some \xff type", kBad, "invalid JSON"},
};

void CheckRefusal(const Refusal& refusal) {
  CHECK_ERROR(ReadBundle(Full(refusal.from, refusal.to)), refusal.code, refusal.message);
}

BOOST_DATA_TEST_CASE(refuses_unknown_field_in, boost::unit_test::data::make(kUnknownFields),
                     refusal) {
  CheckRefusal(refusal);
}

BOOST_DATA_TEST_CASE(refuses_shape, boost::unit_test::data::make(kMissingOrMistyped), refusal) {
  CheckRefusal(refusal);
}

BOOST_DATA_TEST_CASE(refuses_value, boost::unit_test::data::make(kBadValues), refusal) {
  CheckRefusal(refusal);
}

BOOST_DATA_TEST_CASE(refuses_form, boost::unit_test::data::make(kOtherForms), refusal) {
  CheckRefusal(refusal);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_object) {
  CHECK_ERROR(ReadBundle(""), ErrorCode::kMalformed, "ends too early");
  CHECK_ERROR(ReadBundle("[]"), ErrorCode::kMalformed,
              "not a JSON object, or trailing data after it");
  CHECK_ERROR(ReadBundle("{}"), ErrorCode::kMalformed, "mediaType: missing");
}

BOOST_AUTO_TEST_CASE(refuses_more_hashes_than_a_tree_is_deep) {
  constexpr std::string_view kHash = R"("BAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQ=")";
  REQUIRE_VALUE(const Bundle most, ReadBundle(Full(kHash, Repeated(kHash, 63))));
  BOOST_CHECK_EQUAL(most.entries[0].proof.hashes.size(), 64);
  CHECK_ERROR(ReadBundle(Full(kHash, Repeated(kHash, 64))), ErrorCode::kMalformed,
              "hashes: more than 64");
}

BOOST_AUTO_TEST_CASE(refuses_more_entries_and_timestamps_than_sigstore_go_takes) {
  constexpr std::string_view kTimestamp = R"({"signedTimestamp":"AAECAwQ="})";
  BOOST_CHECK(ReadBundle(Full(kTimestamp, Repeated(kTimestamp, 32))).has_value());
  CHECK_ERROR(ReadBundle(Full(kTimestamp, Repeated(kTimestamp, 33))), ErrorCode::kMalformed,
              "rfc3161Timestamps: more than 32");

  const size_t begin = kFull.find(R"({"logIndex":"735")");
  const std::string_view entry = kFull.substr(begin, kFull.find("}],\"timestamp") + 1 - begin);
  REQUIRE_VALUE(const Bundle most, ReadBundle(Full(entry, Repeated(entry, 32))));
  BOOST_CHECK_EQUAL(most.entries.size(), 32);
  CHECK_ERROR(ReadBundle(Full(entry, Repeated(entry, 33))), ErrorCode::kMalformed,
              "tlogEntries: more than 32");
}

BOOST_AUTO_TEST_CASE(refuses_a_checkpoint_larger_than_any_note) {
  const std::string largest(64 * 1024, 'n');
  BOOST_CHECK(ReadBundle(Full(R"("note\n")", '"' + largest + '"')).has_value());
  CHECK_ERROR(ReadBundle(Full(R"("note\n")", '"' + largest + "n\"")), ErrorCode::kMalformed,
              "checkpoint.envelope: larger than 65536");
}

BOOST_AUTO_TEST_CASE(refuses_a_line_above_four_mebibytes) {
  CHECK_ERROR(ReadBundle(Full("some type", std::string(4 << 20, 't'))), ErrorCode::kMalformed,
              "larger than 4194304 bytes");
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  for (size_t size = 0; size < kFull.size(); ++size) {
    BOOST_CHECK_MESSAGE(!ReadBundle(kFull.substr(0, size)).has_value(), "read at size " << size);
  }
}

// The promise and an empty keyid are not written; all else comes out as it went in.
BOOST_AUTO_TEST_CASE(writes_what_it_reads) {
  std::string kept = Full(R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},)", "");
  kept = test::Replaced(kept, R"(,"keyid":"")", "");
  REQUIRE_VALUE(const Bundle full, ReadBundle(kFull));
  BOOST_CHECK_EQUAL(WriteBundle(full), kept);
  REQUIRE_VALUE(const Bundle least, ReadBundle(kLeast));
  BOOST_CHECK_EQUAL(WriteBundle(least), kLeast);
}

BOOST_AUTO_TEST_CASE(a_hint_is_the_base64_of_a_key_id) {
  const KeyId id = Filled<KeyId>(1);
  BOOST_CHECK_EQUAL(HintOf(id).hint, "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=");
  BOOST_CHECK(ParseKeyHint("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=") == id);
  BOOST_CHECK(!ParseKeyHint("AQEB"));
  BOOST_CHECK(!ParseKeyHint("AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE"));
  BOOST_CHECK(!ParseKeyHint(""));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
