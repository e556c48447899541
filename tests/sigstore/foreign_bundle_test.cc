#include "sigstore/foreign_bundle.h"

#include "tests/sigstore/replace.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

// One entry with all its fields; base64 by coreutils: the digests are 01 x 32, 02 x 32 and so on.
#define ENTRY                                                                                 \
  R"({"logIndex":"735","logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)"    \
  R"("kindVersion":{"kind":"hashedrekord","version":"0.0.2"},"integratedTime":"17",)"         \
  R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},"inclusionProof":{"logIndex":"736",)" \
  R"("rootHash":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","treeSize":"738",)"            \
  R"("hashes":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="],)"                             \
  R"("checkpoint":{"envelope":"note\n"}},"canonicalizedBody":"Ym9keQ=="})"

// Version 0.3: a certificate and an attestation.
constexpr std::string_view kAttestation =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)"
    R"("verificationMaterial":{"certificate":{"rawBytes":"bGVhZg=="},"tlogEntries":[)" ENTRY
    R"(],"timestampVerificationData":{"rfc3161Timestamps":[{"signedTimestamp":"AAECAwQ="}]}},)"
    R"("dsseEnvelope":{"payload":"cGF5bG9hZA==","payloadType":"some type",)"
    R"("signatures":[{"sig":"c2ln","keyid":"a key"}]}})";

// Version 0.1: a chain and a message signature over 05 x 32.
constexpr std::string_view kMessage =
    R"({"mediaType":"application/vnd.dev.sigstore.bundle+json;version=0.1",)"
    R"("verificationMaterial":{"x509CertificateChain":{"certificates":[{"rawBytes":"bGVhZg=="},)"
    R"({"rawBytes":"Y2E="}]},"tlogEntries":[)" ENTRY
    R"(]},"messageSignature":{"messageDigest":{"algorithm":"SHA2_256",)"
    R"("digest":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="},"signature":"c2ln"}})";

#undef ENTRY

constexpr std::string_view kCertificate = R"("certificate":{"rawBytes":"bGVhZg=="})";
constexpr std::string_view kPromise =
    R"("inclusionPromise":{"signedEntryTimestamp":"AAEC"},"inclusionProof")";
constexpr std::string_view kProof =
    R"("inclusionProof":{"logIndex":"736",)"
    R"("rootHash":"AgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAgI=","treeSize":"738",)"
    R"("hashes":["AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM="],)"
    R"("checkpoint":{"envelope":"note\n"}},)";
constexpr std::string_view kCheckpoint = R"(,"checkpoint":{"envelope":"note\n"})";
constexpr std::string_view kMessageDigest =
    R"("messageDigest":{"algorithm":"SHA2_256",)"
    R"("digest":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="},)";

std::string Attestation(std::string_view from, std::string_view to) {
  return test::Replaced(std::string(kAttestation), from, to);
}
std::string Message(std::string_view from, std::string_view to) {
  return test::Replaced(std::string(kMessage), from, to);
}

std::string Repeated(std::string_view element, size_t count) {
  std::string items(element);
  for (size_t i = 1; i < count; ++i) items.append(",").append(element);
  return items;
}

BOOST_AUTO_TEST_SUITE(foreign_bundle)

BOOST_AUTO_TEST_CASE(reads_an_attestation_with_a_certificate) {
  REQUIRE_VALUE(const ForeignBundle bundle, ReadForeignBundle(kAttestation));
  BOOST_CHECK(bundle.version == BundleVersion::k03);
  BOOST_CHECK_EQUAL(AsText(std::get<Certificate>(bundle.material).der), "leaf");
  const auto& envelope = std::get<Envelope>(bundle.content);
  BOOST_CHECK_EQUAL(envelope.payload_type, "some type");
  BOOST_CHECK_EQUAL(AsText(envelope.payload), "payload");
  BOOST_CHECK_EQUAL(AsText(bundle.signature()), "sig");
  BOOST_REQUIRE_EQUAL(bundle.timestamps.size(), 1);
  BOOST_CHECK(bundle.timestamps[0] == (Bytes{0, 1, 2, 3, 4}));
  BOOST_REQUIRE_EQUAL(bundle.entries.size(), 1);
  const LogEntry& entry = bundle.entries[0];
  BOOST_CHECK_EQUAL(entry.log_index, 735);
  BOOST_CHECK_EQUAL(entry.log_id.span()[31], 1);
  BOOST_CHECK_EQUAL(entry.kind, "hashedrekord");
  BOOST_CHECK_EQUAL(entry.version, "0.0.2");
  BOOST_CHECK_EQUAL(entry.integrated_time, 17);
  BOOST_CHECK(entry.signed_entry_timestamp == (Bytes{0, 1, 2}));
  BOOST_CHECK(entry.has_proof);
  BOOST_CHECK_EQUAL(entry.proof_log_index, 736);
  BOOST_CHECK(entry.proof_root_hash == Bytes(32, 2));
  BOOST_CHECK_EQUAL(entry.proof_tree_size, 738);
  BOOST_REQUIRE_EQUAL(entry.proof.hashes.size(), 1);
  BOOST_CHECK_EQUAL(entry.proof.hashes[0].span()[0], 3);
  BOOST_CHECK_EQUAL(entry.checkpoint, "note\n");
  BOOST_CHECK_EQUAL(AsText(entry.canonicalized_body), "body");
}

BOOST_AUTO_TEST_CASE(reads_a_message_signature_with_a_chain) {
  REQUIRE_VALUE(const ForeignBundle bundle, ReadForeignBundle(kMessage));
  BOOST_CHECK(bundle.version == BundleVersion::k01);
  const auto& chain = std::get<CertificateChain>(bundle.material).certificates;
  BOOST_REQUIRE_EQUAL(chain.size(), 2);
  BOOST_CHECK_EQUAL(AsText(chain[0]), "leaf");
  BOOST_CHECK_EQUAL(AsText(chain[1]), "ca");
  const auto& message = std::get<MessageSignature>(bundle.content);
  BOOST_CHECK(message.digest_algorithm == crypto::HashAlgorithm::kSha256);
  BOOST_CHECK(message.digest == Bytes(32, 5));
  BOOST_CHECK_EQUAL(AsText(bundle.signature()), "sig");
}

BOOST_AUTO_TEST_CASE(reads_a_key_with_and_without_a_hint) {
  for (const auto& [material, hint] : std::vector<std::pair<std::string, std::string>>{
           {R"("publicKey":{"hint":"any text"})", "any text"},
           {R"("publicKey":{})", ""},
           {R"("publicKey":{"hint":null})", ""}}) {
    REQUIRE_VALUE(const ForeignBundle bundle,
                  ReadForeignBundle(Attestation(kCertificate, material)));
    BOOST_CHECK_EQUAL(std::get<PublicKeyHint>(bundle.material).hint, hint);
  }
}

struct Spelled {
  std::string_view name;
  std::string_view from;
  std::string_view to;
};
std::ostream& operator<<(std::ostream& out, const Spelled& spelled) { return out << spelled.name; }

// All of them say the same as kAttestation.
const Spelled kSpellings[] = {
    {"version as a parameter", ".v0.3+json", "+json;version=0.3"},
    {"int64 as a number", R"("logIndex":"735")", R"("logIndex":735)"},
    {"no keyid", R"(,"keyid":"a key")", ""},
    {"null for what is absent", R"({"mediaType")", R"({"messageSignature":null,"mediaType")"},
    {"null for other key material", R"("certificate")",
     R"("publicKey":null,"x509CertificateChain":null,"certificate")"},
    {"null for a keyid", R"("a key")", "null"},
    {"base64 without padding", R"("cGF5bG9hZA==")", R"("cGF5bG9hZA")"},
    {"a hash without padding",
     "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=", "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM"},
    {"white space behind", R"("a key"}]}})", "\"a key\"}]}}\r\n\n "},
    {"white space inside", R"({"mediaType")", "{ \t\n\"mediaType\""},
    {"an escaped key", R"("mediaType")", R"("\u006dediaType")"},
};

BOOST_DATA_TEST_CASE(accepts, ut::data::make(kSpellings), spelled) {
  REQUIRE_VALUE(const ForeignBundle bundle,
                ReadForeignBundle(Attestation(spelled.from, spelled.to)));
  BOOST_CHECK(bundle.version == BundleVersion::k03);
  BOOST_CHECK_EQUAL(bundle.entries.at(0).log_index, 735);
  BOOST_CHECK_EQUAL(AsText(bundle.signature()), "sig");
  BOOST_CHECK_EQUAL(AsText(std::get<Envelope>(bundle.content).payload), "payload");
}

// fb ef be is "++++" in the standard alphabet, "----" in the other (RFC 4648, tables 1 and 2).
BOOST_AUTO_TEST_CASE(reads_base64_in_either_alphabet_but_not_in_both) {
  for (const char* text : {"++++", "----", "++/+", "--_-"}) {
    REQUIRE_VALUE(const ForeignBundle bundle, ReadForeignBundle(Attestation("c2ln", text)));
    BOOST_CHECK_EQUAL(bundle.signature()[0], 0xfb);
  }
  for (const char* text : {"++--", "+_+_", "+++_", "-+++"}) {
    CHECK_ERROR(ReadForeignBundle(Attestation("c2ln", text)), ErrorCode::kMalformed,
                "dsseEnvelope.signatures[0].sig: must be base64");
  }
}

BOOST_AUTO_TEST_CASE(absent_numbers_are_zero) {
  std::string text = Attestation(R"("logIndex":"735",)", "");
  text = test::Replaced(text, R"("logIndex":"736",)", "");
  text = test::Replaced(text, R"("integratedTime":"17",)", "");
  REQUIRE_VALUE(const ForeignBundle bundle, ReadForeignBundle(text));
  BOOST_CHECK_EQUAL(bundle.entries[0].log_index, 0);
  BOOST_CHECK_EQUAL(bundle.entries[0].proof_log_index, 0);
  BOOST_CHECK_EQUAL(bundle.entries[0].integrated_time, 0);
}

// The table of versions, row by row: key material, promise and proof that each one has.
BOOST_AUTO_TEST_CASE(version_0_1_needs_a_promise_and_no_proof) {
  REQUIRE_VALUE(const ForeignBundle without, ReadForeignBundle(Message(kProof, "")));
  BOOST_CHECK(!without.entries[0].has_proof);
  // A proof without a checkpoint proves nothing.
  REQUIRE_VALUE(const ForeignBundle unsigned_root, ReadForeignBundle(Message(kCheckpoint, "")));
  BOOST_CHECK(!unsigned_root.entries[0].has_proof);
  CHECK_ERROR(ReadForeignBundle(Message(kPromise, R"("inclusionProof")")), ErrorCode::kMalformed,
              "verificationMaterial.tlogEntries[0].inclusionPromise: missing, though a bundle of "
              "version 0.1 must have one");
}

BOOST_AUTO_TEST_CASE(version_0_2_needs_a_proof_with_a_checkpoint_and_no_promise) {
  const std::string text = Message("version=0.1", "version=0.2");
  REQUIRE_VALUE(const ForeignBundle with, ReadForeignBundle(text));
  BOOST_CHECK(with.version == BundleVersion::k02);
  REQUIRE_VALUE(const ForeignBundle without,
                ReadForeignBundle(test::Replaced(text, kPromise, R"("inclusionProof")")));
  BOOST_CHECK(without.entries[0].signed_entry_timestamp.empty());
  CHECK_ERROR(ReadForeignBundle(test::Replaced(text, kCheckpoint, "")), ErrorCode::kMalformed,
              "tlogEntries[0].inclusionProof.checkpoint: missing");
  CHECK_ERROR(ReadForeignBundle(test::Replaced(text, std::string(kProof), "")),
              ErrorCode::kMalformed, "tlogEntries[0].inclusionProof: missing");
}

BOOST_AUTO_TEST_CASE(versions_have_their_own_key_material) {
  constexpr std::string_view kChain =
      R"("x509CertificateChain":{"certificates":[{"rawBytes":"bGVhZg=="}]})";
  CHECK_ERROR(ReadForeignBundle(Attestation(kCertificate, kChain)), ErrorCode::kMalformed,
              "verificationMaterial.x509CertificateChain: bundles of version 0.3 have one");
  for (const char* old : {"+json;version=0.1", "+json;version=0.2"}) {
    const std::string text = Attestation(".v0.3+json", old);
    BOOST_CHECK(ReadForeignBundle(test::Replaced(text, kCertificate, kChain)).has_value());
    CHECK_ERROR(ReadForeignBundle(text), ErrorCode::kMalformed,
                "verificationMaterial.certificate: only bundles of version 0.3 have one");
  }
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
  ErrorCode code = ErrorCode::kMalformed;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kAttestationRefusals[] = {
    {"unknown field of the bundle", R"({"mediaType")", R"({"x":1,"mediaType")", "x: unknown field"},
    {"null in an unknown field", R"({"mediaType")", R"({"x":null,"mediaType")", "x: unknown field"},
    {"of the material", R"({"certificate")", R"({"x":1,"certificate")",
     "verificationMaterial.x: unknown field"},
    {"of the certificate", R"({"rawBytes")", R"({"x":1,"rawBytes")", "certificate.x: unknown"},
    {"of the entry", R"({"logIndex":"735")", R"({"x":1,"logIndex":"735")",
     "tlogEntries[0].x: unknown field"},
    {"of the log id", R"({"keyId")", R"({"x":1,"keyId")", "logId.x: unknown field"},
    {"of the kind", R"({"kind")", R"({"x":1,"kind")", "kindVersion.x: unknown field"},
    {"of the promise", R"({"signedEntryTimestamp")", R"({"x":1,"signedEntryTimestamp")",
     "inclusionPromise.x: unknown field"},
    {"of the proof", R"({"logIndex":"736")", R"({"x":1,"logIndex":"736")",
     "inclusionProof.x: unknown field"},
    {"of the checkpoint", R"({"envelope")", R"({"x":1,"envelope")", "checkpoint.x: unknown field"},
    {"of the time data", R"({"rfc3161Timestamps")", R"({"x":1,"rfc3161Timestamps")",
     "timestampVerificationData.x: unknown field"},
    {"of a timestamp", R"({"signedTimestamp")", R"({"x":1,"signedTimestamp")",
     "rfc3161Timestamps[0].x: unknown field"},
    {"of the envelope", R"({"payload")", R"({"x":1,"payload")", "dsseEnvelope.x: unknown field"},
    {"of a signature", R"({"sig")", R"({"x":1,"sig")", "signatures[0].x: unknown field"},
    {"snake case", R"("logIndex":"735")", R"("log_index":"735")", "log_index: unknown field"},
    {"key twice", R"("sig":"c2ln")", R"("sig":"c2ln","\u0073ig":"c2ln")", "more than once"},
    {"no media type", R"("mediaType":"application/vnd.dev.sigstore.bundle.v0.3+json",)", "",
     "mediaType: missing"},
    {"version 0.4", ".v0.3+json", ".v0.4+json", "is not a bundle of version 0.1, 0.2 or 0.3",
     ErrorCode::kUnsupported},
    {"version 0.4 as a parameter", ".v0.3+json", "+json;version=0.4",
     "version=0.4\" is not a bundle of version", ErrorCode::kUnsupported},
    {"version 0.1 in the new spelling", ".v0.3+json", ".v0.1+json",
     "bundle.v0.1+json\" is not a bundle", ErrorCode::kUnsupported},
    {"version 0.3 and more", ".v0.3+json", ".v0.3.1+json", "is not a bundle of version",
     ErrorCode::kUnsupported},
    {"another media type", "application/vnd.dev.sigstore.bundle.v0.3+json", "text/plain",
     "\"text/plain\" is not a bundle", ErrorCode::kUnsupported},
    {"no key material", R"("certificate":{"rawBytes":"bGVhZg=="},)", "",
     "verificationMaterial: expected exactly one of publicKey, certificate and "
     "x509CertificateChain, found 0"},
    {"null for key material", R"({"rawBytes":"bGVhZg=="})", "null", "found 0"},
    {"key and certificate", R"({"certificate")", R"({"publicKey":{"hint":"a"},"certificate")",
     "found 2"},
    {"certificate and chain", R"({"certificate")",
     R"({"x509CertificateChain":{"certificates":[]},"certificate")", "found 2"},
    {"a key in place of its hint", kCertificate, R"("publicKey":{"rawBytes":"bGVhZg=="})",
     "publicKey.rawBytes: unknown field"},
    {"hint a number", kCertificate, R"("publicKey":{"hint":7})",
     "hint: expected string, found number"},
    {"empty certificate", "bGVhZg==", "", "certificate.rawBytes: missing"},
    {"no certificate bytes", R"("rawBytes":"bGVhZg==")", "", "certificate.rawBytes: missing"},
    {"a number for an entry", R"("tlogEntries":[)", R"("tlogEntries":[1,)",
     "tlogEntries[0]: expected object, found number"},
    {"null for an entry", R"("tlogEntries":[)", R"("tlogEntries":[null,)",
     "tlogEntries[0]: expected object, found null"},
    {"no log id", R"("logId":{"keyId":"AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="},)", "",
     "tlogEntries[0].logId: missing"},
    {"short log id", "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=", "AQEB",
     "keyId: must be 32 bytes"},
    {"no kind and version", R"("kindVersion":{"kind":"hashedrekord","version":"0.0.2"},)", "",
     "kindVersion: missing"},
    {"negative index", R"("735")", "-735", "logIndex: must be a decimal integer"},
    {"index with a sign", R"("735")", R"("+735")", "logIndex: must be a decimal integer"},
    {"index with a fraction", R"("735")", "735.0", "logIndex: must be a decimal integer"},
    {"index of 2^63", R"("735")", R"("9223372036854775808")", "from 0 to 2^63-1"},
    {"empty promise", R"("AAEC")", R"("")", "signedEntryTimestamp: missing"},
    {"short proof hash", "AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=", "AwMD",
     "hashes[0]: must be 32 bytes"},
    {"null for a proof hash", R"("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=")", "null",
     "hashes[0]: expected string, found null"},
    {"empty checkpoint", R"({"envelope":"note\n"})", "{}", "checkpoint.envelope: missing"},
    {"no checkpoint", R"(,"checkpoint":{"envelope":"note\n"})", "",
     "inclusionProof.checkpoint: missing"},
    {"empty timestamp", R"("AAECAwQ=")", R"("")", "rfc3161Timestamps[0].signedTimestamp: missing"},
    {"timestamps an object", R"([{"signedTimestamp":"AAECAwQ="}])", "{}",
     "rfc3161Timestamps: expected array, found object"},
    {"both contents", R"("dsseEnvelope":{)", R"("messageSignature":{},"dsseEnvelope":{)",
     "expected exactly one of messageSignature and dsseEnvelope, found both"},
    {"no signature", R"({"sig":"c2ln","keyid":"a key"})", "",
     "dsseEnvelope.signatures[0]: missing"},
    {"empty signature", R"("c2ln")", R"("")", "dsseEnvelope.signatures[0].sig: missing"},
    {"two signatures", R"({"sig":"c2ln")", R"({"sig":"c2ln"},{"sig":"c2ln")",
     "dsseEnvelope.signatures: more than 1"},
    {"keyid a number", R"("a key")", "7", "keyid: expected string, found number"},
    {"base64 with a line break", "Ym9keQ==", R"(Ym9k\neQ==)", "canonicalizedBody: must be base64"},
    {"base64 with half its padding", "Ym9keQ==", "Ym9keQ=", "canonicalizedBody: must be base64"},
    {"base64 with unused bits set", "Ym9keQ==", "Ym9keR==", "canonicalizedBody: must be base64"},
    {"base64 one character too long", "Ym9keQ==", "Ym9keQAAA", "canonicalizedBody: must be"},
    {"trailing garbage", R"("a key"}]}})", R"("a key"}]}} x)", "trailing data after the value"},
    {"another bundle behind it", R"("a key"}]}})", "\"a key\"}]}}\n{}", "trailing data after"},
    {"byte order mark", R"({"mediaType")", "\xef\xbb\xbf{\"mediaType\"", "byte order mark"},
    {"not UTF-8", "some type", "some \xff type", "invalid JSON"},
};

BOOST_DATA_TEST_CASE(refuses_an_attestation, ut::data::make(kAttestationRefusals), refusal) {
  CHECK_ERROR(ReadForeignBundle(Attestation(refusal.from, refusal.to)), refusal.code,
              refusal.message);
}

const Refusal kMessageRefusals[] = {
    {"unknown field of the chain", R"({"certificates")", R"({"x":1,"certificates")",
     "x509CertificateChain.x: unknown field"},
    {"unknown field of a certificate", R"({"rawBytes":"Y2E=")", R"({"x":1,"rawBytes":"Y2E=")",
     "certificates[1].x: unknown field"},
    {"empty chain", R"({"rawBytes":"bGVhZg=="},{"rawBytes":"Y2E="})", "",
     "x509CertificateChain.certificates[0]: missing"},
    {"empty certificate", "Y2E=", "", "certificates[1].rawBytes: missing"},
    {"unknown field of the message", R"({"messageDigest")", R"({"x":1,"messageDigest")",
     "messageSignature.x: unknown field"},
    {"unknown field of the digest", R"({"algorithm")", R"({"x":1,"algorithm")",
     "messageDigest.x: unknown field"},
    {"no digest", kMessageDigest, "", "messageSignature.messageDigest: missing"},
    {"no algorithm", R"("algorithm":"SHA2_256",)", "", "messageDigest.algorithm: missing"},
    {"an algorithm that is not known", "SHA2_256", "SHA3_256",
     "messageSignature.messageDigest.algorithm: \"SHA3_256\" is not SHA2_256, SHA2_384 or SHA2_512",
     ErrorCode::kUnsupported},
    {"an algorithm by number", R"("SHA2_256")", "1", "algorithm: expected string, found number"},
    {"a digest of another algorithm", "SHA2_256", "SHA2_384", "digest: must be 48 bytes"},
    {"a short digest", "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=", "BQUF",
     "messageDigest.digest: must be 32 bytes"},
    {"no signature", R"(,"signature":"c2ln")", "", "messageSignature.signature: missing"},
    {"empty signature", R"("signature":"c2ln")", R"("signature":"")",
     "messageSignature.signature: missing"},
    {"null for the message",
     R"({"messageDigest":{"algorithm":"SHA2_256",)"
     R"("digest":"BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU="},)"
     R"("signature":"c2ln"})",
     "null", "expected exactly one of messageSignature and dsseEnvelope, found neither"},
};

BOOST_DATA_TEST_CASE(refuses_a_message_signature, ut::data::make(kMessageRefusals), refusal) {
  CHECK_ERROR(ReadForeignBundle(Message(refusal.from, refusal.to)), refusal.code, refusal.message);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_object) {
  CHECK_ERROR(ReadForeignBundle(""), ErrorCode::kMalformed, "ends too early");
  CHECK_ERROR(ReadForeignBundle("[]"), ErrorCode::kMalformed, "expected object, found array");
  CHECK_ERROR(ReadForeignBundle("null"), ErrorCode::kMalformed, "expected object, found null");
  CHECK_ERROR(ReadForeignBundle("{}"), ErrorCode::kMalformed, "mediaType: missing");
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  for (const std::string_view whole : {kAttestation, kMessage}) {
    for (size_t size = 0; size < whole.size(); ++size) {
      BOOST_CHECK_MESSAGE(!ReadForeignBundle(whole.substr(0, size)).has_value(),
                          "read at size " << size);
    }
  }
}

struct Limit {
  std::string_view name;
  std::string_view element;
  size_t most;
  std::string_view message;
};

const std::string kEntry(kAttestation.substr(kAttestation.find(R"({"logIndex":"735")"),
                                             kAttestation.find(R"(],"timestampV)") -
                                                 kAttestation.find(R"({"logIndex":"735")")));

BOOST_AUTO_TEST_CASE(refuses_more_than_the_limits) {
  const Limit limits[] = {
      {"entries", kEntry, 32, "tlogEntries: more than 32"},
      {"timestamps", R"({"signedTimestamp":"AAECAwQ="})", 32, "rfc3161Timestamps: more than 32"},
      {"hashes", R"("AwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwMDAwM=")", 64, "hashes: more than 64"},
  };
  for (const Limit& limit : limits) {
    BOOST_TEST_CONTEXT(limit.name) {
      BOOST_CHECK(
          ReadForeignBundle(Attestation(limit.element, Repeated(limit.element, limit.most))));
      CHECK_ERROR(
          ReadForeignBundle(Attestation(limit.element, Repeated(limit.element, limit.most + 1))),
          ErrorCode::kMalformed, limit.message);
    }
  }
  constexpr std::string_view kCa = R"({"rawBytes":"Y2E="})";
  BOOST_CHECK(ReadForeignBundle(Message(kCa, Repeated(kCa, 9))));
  CHECK_ERROR(ReadForeignBundle(Message(kCa, Repeated(kCa, 10))), ErrorCode::kMalformed,
              "x509CertificateChain.certificates: more than 10");
}

BOOST_AUTO_TEST_CASE(refuses_a_checkpoint_larger_than_any_note) {
  const std::string largest(64 * 1024, 'n');
  BOOST_CHECK(ReadForeignBundle(Attestation(R"("note\n")", '"' + largest + '"')));
  CHECK_ERROR(ReadForeignBundle(Attestation(R"("note\n")", '"' + largest + "n\"")),
              ErrorCode::kMalformed, "checkpoint.envelope: larger than 65536");
}

BOOST_AUTO_TEST_CASE(reads_up_to_32_mebibytes_and_refuses_more) {
  const size_t room = (32 << 20) - kAttestation.size() + std::string_view("some type").size();
  REQUIRE_VALUE(const ForeignBundle most,
                ReadForeignBundle(Attestation("some type", std::string(room, 't'))));
  BOOST_CHECK_EQUAL(std::get<Envelope>(most.content).payload_type.size(), room);
  CHECK_ERROR(ReadForeignBundle(Attestation("some type", std::string(room + 1, 't'))),
              ErrorCode::kMalformed, "larger than 33554432 bytes");
}

// What a passport's line may be, the general reader reads to the same.
BOOST_AUTO_TEST_CASE(reads_what_the_strict_reader_reads) {
  const std::string text =
      test::Replaced(Attestation(kCertificate, R"("publicKey":{"hint":"aGludA=="})"), "a key", "");
  REQUIRE_VALUE(const Bundle strict, ReadBundle(text));
  REQUIRE_VALUE(const ForeignBundle general, ReadForeignBundle(text));
  BOOST_CHECK(std::get<Envelope>(general.content) == strict.envelope);
  BOOST_CHECK(general.timestamps == strict.timestamps);
  BOOST_CHECK_EQUAL(std::get<PublicKeyHint>(general.material).hint,
                    std::get<PublicKeyHint>(strict.material).hint);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
