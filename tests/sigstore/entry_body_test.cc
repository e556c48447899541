#include "sigstore/entry_body.h"

#include "core/base64.h"
#include "crypto/public_key.h"
#include "sigstore/foreign_bundle.h"
#include "tests/sigstore/replace.h"
#include "tests/support/pki.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;
using crypto::HashAlgorithm;
using test::TestKey;
using test::TestKeyKind;

// A key and a certificate of it, as bodies hold them.
struct Signer {
  TestKey key = TestKey::Generate(TestKeyKind::kP256);
  Bytes certificate = test::MakeCertificate(
      {.names = {{test::TestNameForm::kEmail, "a@b.org"}}, .usages = {"codeSigning"}}, key);
  std::string key_pem = Base64Encode(AsBytes(key.PublicPem()));
  std::string certificate_pem = Base64Encode(AsBytes(test::CertificatePem(certificate)));
  std::string spki = Base64Encode(key.Spki());
};

const Signer& TheSigner() {
  static const Signer signer;
  return signer;
}

// 32 x 01 and 32 x 02, in hex and in base64.
#define HEX_01 "0101010101010101010101010101010101010101010101010101010101010101"
#define HEX_02 "0202020202020202020202020202020202020202020202020202020202020202"
#define BASE64_01 "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE="

// The bodies as their specifications write them; PEM, SPKI and CERT stand for those of TheSigner,
// the signature is "sig": c2ln, and in base64 once more YzJsbg==.
constexpr std::string_view kRekord001Body =
    R"({"apiVersion":"0.0.1","kind":"hashedrekord","spec":{"data":{"hash":{"algorithm":"sha256",)"
    R"("value":")" HEX_01 R"("}},"signature":{"content":"c2ln","publicKey":{"content":"PEM"}}}})";
constexpr std::string_view kRekord002Body =
    R"({"apiVersion":"0.0.2","kind":"hashedrekord","spec":{"hashedRekordV002":{"data":)"
    R"({"algorithm":"SHA2_256","digest":")" BASE64_01
    R"("},"signature":{"content":"c2ln","verifier":)"
    R"({"keyDetails":"PKIX_ECDSA_P256_SHA_256","publicKey":{"rawBytes":"SPKI"}}}}}})";
constexpr std::string_view kDsseBody =
    R"({"apiVersion":"0.0.1","kind":"dsse","spec":{"envelopeHash":{"algorithm":"sha256",)"
    R"("value":")" HEX_02 R"("},"payloadHash":{"algorithm":"sha256","value":")" HEX_01
    R"("},"signatures":[{"signature":"c2ln","verifier":"PEM"}]}})";
constexpr std::string_view kIntotoBody =
    R"({"apiVersion":"0.0.2","kind":"intoto","spec":{"content":{"envelope":{"payloadType":)"
    R"("application/vnd.in-toto+json","signatures":[{"publicKey":"PEM","sig":"YzJsbg=="}]},)"
    R"("hash":{"algorithm":"sha256","value":")" HEX_02
    R"("},"payloadHash":{"algorithm":"sha256","value":")" HEX_01 R"("}}}})";

enum class Form { kRekord001, kRekord002, kDsse, kIntoto };

struct FormFacts {
  std::string_view body;
  std::string_view kind;
  std::string_view version;
  EntryKind read_as;
};

const FormFacts& FactsOf(Form form) {
  static const FormFacts facts[] = {
      {kRekord001Body, "hashedrekord", "0.0.1", EntryKind::kHashedRekord001},
      {kRekord002Body, "hashedrekord", "0.0.2", EntryKind::kHashedRekord002},
      {kDsseBody, "dsse", "0.0.1", EntryKind::kDsse001},
      {kIntotoBody, "intoto", "0.0.2", EntryKind::kIntoto002},
  };
  return facts[static_cast<size_t>(form)];
}

std::string Filled(std::string text) {
  const auto put = [&text](std::string_view name, const std::string& value) {
    const std::string quoted = '"' + std::string(name) + '"';
    if (const size_t at = text.find(quoted); at != text.npos) {
      text.replace(at + 1, name.size(), value);
    }
  };
  put("PEM", TheSigner().key_pem);
  put("SPKI", TheSigner().spki);
  put("CERTPEM", TheSigner().certificate_pem);
  put("CERT", Base64Encode(TheSigner().certificate));
  return text;
}

Result<EntryBody> Read(Form form, std::string_view from = "", std::string_view to = "") {
  std::string text(FactsOf(form).body);
  if (!from.empty()) text = test::Replaced(std::move(text), from, to);
  return ReadEntryBody(Filled(std::move(text)), FactsOf(form).kind, FactsOf(form).version);
}

BOOST_AUTO_TEST_SUITE(entry_body)

BOOST_AUTO_TEST_CASE(reads_every_kind) {
  for (const Form form : {Form::kRekord001, Form::kRekord002, Form::kDsse, Form::kIntoto}) {
    BOOST_TEST_CONTEXT(FactsOf(form).kind << " " << FactsOf(form).version) {
      REQUIRE_VALUE(const EntryBody body, Read(form));
      BOOST_CHECK(body.kind == FactsOf(form).read_as);
      BOOST_CHECK(body.digest.algorithm == HashAlgorithm::kSha256);
      BOOST_CHECK(body.digest.digest == Bytes(32, 1));
      BOOST_REQUIRE_EQUAL(body.signatures.size(), 1);
      BOOST_CHECK_EQUAL(AsText(body.signatures[0].signature), "sig");
      BOOST_CHECK(body.signatures[0].spki == TheSigner().key.Spki());
      BOOST_CHECK(body.signatures[0].certificate.empty());
      BOOST_CHECK_EQUAL(body.key_kind.has_value(), form == Form::kRekord002);
      BOOST_CHECK_EQUAL(body.payload_type.has_value(), form == Form::kIntoto);
    }
  }
  BOOST_CHECK(*Read(Form::kRekord002)->key_kind == crypto::KeyKind::kP256);
  BOOST_CHECK_EQUAL(*Read(Form::kIntoto)->payload_type, "application/vnd.in-toto+json");
}

BOOST_AUTO_TEST_CASE(reads_a_certificate_in_place_of_a_key) {
  for (const Form form : {Form::kRekord001, Form::kDsse, Form::kIntoto, Form::kRekord002}) {
    const bool raw = form == Form::kRekord002;
    REQUIRE_VALUE(const EntryBody body,
                  Read(form, raw ? R"("publicKey":{"rawBytes":"SPKI"})" : R"("PEM")",
                       raw ? R"("x509Certificate":{"rawBytes":"CERT"})" : R"("CERTPEM")"));
    BOOST_CHECK(body.signatures.at(0).certificate == TheSigner().certificate);
    BOOST_CHECK(body.signatures.at(0).spki.empty());
  }
}

// Rekor v1 logs a chain where a client sends one; the leaf stands first.
BOOST_AUTO_TEST_CASE(takes_the_first_certificate_of_a_chain) {
  const test::TestAuthority ca = test::MakeAuthority({.common_name = "ca"});
  const std::string chain =
      test::CertificatePem(TheSigner().certificate) + test::CertificatePem(ca.certificate);
  REQUIRE_VALUE(const EntryBody body, Read(Form::kDsse, "PEM", Base64Encode(AsBytes(chain))));
  BOOST_CHECK(body.signatures.at(0).certificate == TheSigner().certificate);
}

struct Spelled {
  std::string_view name;
  Form form;
  std::string_view from;
  std::string_view to;
};
std::ostream& operator<<(std::ostream& out, const Spelled& spelled) { return out << spelled.name; }

const Spelled kSpellings[] = {
    {"null beside the key", Form::kRekord002, R"("publicKey")",
     R"("x509Certificate":null,"publicKey")"},
    {"a payload and a keyid in intoto", Form::kIntoto, R"("payloadType":)",
     R"("payload":"cGF5bG9hZA==","payloadType":)"},
    {"a keyid in intoto", Form::kIntoto, R"("publicKey")", R"("keyid":"","publicKey")"},
    {"white space", Form::kDsse, R"("kind":"dsse")", " \n\"kind\" : \"dsse\""},
};

BOOST_DATA_TEST_CASE(accepts, ut::data::make(kSpellings), spelled) {
  REQUIRE_VALUE(const EntryBody body, Read(spelled.form, spelled.from, spelled.to));
  BOOST_CHECK(body.digest.digest == Bytes(32, 1));
  BOOST_CHECK(body.signatures.at(0).spki == TheSigner().key.Spki());
}

BOOST_AUTO_TEST_CASE(reads_other_hashes) {
  const std::string hex48(96, 'a'), hex64(128, 'b');
  REQUIRE_VALUE(const EntryBody sha384, Read(Form::kRekord001, R"("sha256","value":")" HEX_01,
                                             R"("sha384","value":")" + hex48));
  BOOST_CHECK(sha384.digest.algorithm == HashAlgorithm::kSha384);
  BOOST_CHECK(sha384.digest.digest == Bytes(48, 0xaa));
  REQUIRE_VALUE(const EntryBody sha512, Read(Form::kRekord001, R"("sha256","value":")" HEX_01,
                                             R"("sha512","value":")" + hex64));
  BOOST_CHECK(sha512.digest.digest == Bytes(64, 0xbb));
  REQUIRE_VALUE(const EntryBody ed25519ph,
                Read(Form::kRekord002, R"("SHA2_256","digest":")" BASE64_01,
                     R"("SHA2_512","digest":")" + Base64Encode(Bytes(64, 7))));
  BOOST_CHECK(ed25519ph.digest.algorithm == HashAlgorithm::kSha512);
  BOOST_CHECK(ed25519ph.digest.digest == Bytes(64, 7));
}

struct Refusal {
  std::string_view name;
  Form form;
  std::string_view from;
  std::string_view to;
  std::string_view message;
  ErrorCode code = ErrorCode::kMalformed;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kUnknownFields[] = {
    {"body", Form::kDsse, R"({"apiVersion")", R"({"x":1,"apiVersion")", "x: unknown field"},
    {"spec 001", Form::kRekord001, R"({"data")", R"({"x":1,"data")", "spec.x: unknown field"},
    {"data 001", Form::kRekord001, R"({"hash")", R"({"url":1,"hash")", "data.url: unknown field"},
    {"hash 001", Form::kRekord001, R"({"algorithm")", R"({"x":1,"algorithm")",
     "spec.data.hash.x: unknown field"},
    {"signature 001", Form::kRekord001, R"({"content":"c2ln")", R"({"x":1,"content":"c2ln")",
     "spec.signature.x: unknown field"},
    {"key 001", Form::kRekord001, R"({"content":"PEM")", R"({"x":1,"content":"PEM")",
     "signature.publicKey.x: unknown field"},
    {"spec 002", Form::kRekord002, R"({"hashedRekordV002")", R"({"x":1,"hashedRekordV002")",
     "spec.x: unknown field"},
    {"record 002", Form::kRekord002, R"({"data")", R"({"x":1,"data")",
     "spec.hashedRekordV002.x: unknown field"},
    {"data 002", Form::kRekord002, R"({"algorithm")", R"({"x":1,"algorithm")", "data.x: unknown"},
    {"signature 002", Form::kRekord002, R"({"content")", R"({"x":1,"content")",
     "signature.x: unknown field"},
    {"verifier 002", Form::kRekord002, R"({"keyDetails")", R"({"x":1,"keyDetails")",
     "verifier.x: unknown field"},
    {"key 002", Form::kRekord002, R"({"rawBytes")", R"({"x":1,"rawBytes")",
     "verifier.publicKey.x: unknown field"},
    {"spec dsse", Form::kDsse, R"({"envelopeHash")", R"({"x":1,"envelopeHash")", "spec.x: unknown"},
    {"proposed content", Form::kDsse, R"({"envelopeHash")",
     R"({"proposedContent":{},"envelopeHash")", "spec.proposedContent: unknown field"},
    {"signature dsse", Form::kDsse, R"({"signature":)", R"({"x":1,"signature":)",
     "spec.signatures[0].x: unknown field"},
    {"spec intoto", Form::kIntoto, R"({"content")", R"({"x":1,"content")", "spec.x: unknown"},
    {"content intoto", Form::kIntoto, R"({"envelope")", R"({"x":1,"envelope")",
     "spec.content.x: unknown field"},
    {"envelope intoto", Form::kIntoto, R"({"payloadType")", R"({"x":1,"payloadType")",
     "content.envelope.x: unknown field"},
    {"signature intoto", Form::kIntoto, R"({"publicKey")", R"({"x":1,"publicKey")",
     "envelope.signatures[0].x: unknown field"},
};

const Refusal kRefusals[] = {
    {"001: no digest", Form::kRekord001,
     R"("data":{"hash":{"algorithm":"sha256","value":")" HEX_01 R"("}},)", "",
     "spec.data: missing"},
    {"001: another hash", Form::kRekord001, R"("sha256")", R"("sha1")",
     "spec.data.hash.algorithm: must be sha256, sha384 or sha512"},
    {"001: hash in capitals", Form::kRekord001, R"("sha256")", R"("SHA256")", "must be sha256"},
    {"001: digest in capitals", Form::kRekord001, HEX_01,
     "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
     "spec.data.hash.value: must be a sha256 digest in hex"},
    {"001: short digest", Form::kRekord001, HEX_01, "0101", "must be a sha256 digest in hex"},
    {"001: digest of another hash", Form::kRekord001, R"("sha256")", R"("sha512")",
     "must be a sha512 digest in hex"},
    {"001: no signature", Form::kRekord001, R"("content":"c2ln",)", "",
     "spec.signature.content: missing"},
    {"001: empty signature", Form::kRekord001, "c2ln", "", "spec.signature.content: missing"},
    {"001: no key", Form::kRekord001, R"(,"publicKey":{"content":"PEM"})", "",
     "spec.signature.publicKey: missing"},
    {"001: empty key", Form::kRekord001, "PEM", "", "spec.signature.publicKey: no PEM block"},
    {"001: a bare key", Form::kRekord001, "PEM", "SPKI", "spec.signature.publicKey: no PEM block"},
    {"001: null for the signature", Form::kRekord001, R"("c2ln")", "null",
     "spec.signature.content: missing"},
    {"002: no digest", Form::kRekord002, R"(,"digest":")" BASE64_01 R"(")", "",
     "spec.hashedRekordV002.data.digest: missing"},
    {"002: short digest", Form::kRekord002, BASE64_01, "AQEB",
     "spec.hashedRekordV002.data.digest: must be 32 bytes"},
    {"002: digest of another hash", Form::kRekord002, "SHA2_256", "SHA2_512",
     "data.digest: must be 64 bytes"},
    {"002: another hash", Form::kRekord002, "SHA2_256", "SHA3_256",
     "data.algorithm: \"SHA3_256\" is not SHA2_256", ErrorCode::kUnsupported},
    {"002: empty signature", Form::kRekord002, "c2ln", "",
     "spec.hashedRekordV002.signature.content: missing"},
    {"002: no key details", Form::kRekord002, R"("keyDetails":"PKIX_ECDSA_P256_SHA_256",)", "",
     "verifier.keyDetails: missing"},
    {"002: key details that are not known", Form::kRekord002, "PKIX_ECDSA_P256_SHA_256",
     "ML_DSA_65", "verifier.keyDetails: \"ML_DSA_65\" is not known"},
    {"002: key and certificate", Form::kRekord002, R"("publicKey")",
     R"("x509Certificate":{"rawBytes":"AAEC"},"publicKey")",
     "verifier: must have exactly one of publicKey and x509Certificate"},
    {"002: neither", Form::kRekord002, R"(,"publicKey":{"rawBytes":"SPKI"})", "",
     "must have exactly one of publicKey and x509Certificate"},
    {"002: empty key", Form::kRekord002, "SPKI", "", "verifier.publicKey.rawBytes: missing"},
    {"dsse: no envelope hash", Form::kDsse,
     R"("envelopeHash":{"algorithm":"sha256","value":")" HEX_02 R"("},)", "",
     "spec.envelopeHash: missing"},
    {"dsse: no payload hash", Form::kDsse,
     R"("payloadHash":{"algorithm":"sha256","value":")" HEX_01 R"("},)", "",
     "spec.payloadHash: missing"},
    {"dsse: no signature", Form::kDsse, R"({"signature":"c2ln","verifier":"PEM"})", "",
     "spec.signatures[0]: missing"},
    {"dsse: empty signature", Form::kDsse, "c2ln", "", "spec.signatures[0].signature: missing"},
    {"dsse: second signature without a key", Form::kDsse, R"("PEM"})",
     R"("PEM"},{"signature":"AA=="})", "spec.signatures[1]: no PEM block"},
    {"dsse: a private key", Form::kDsse, R"("PEM")",
     R"("LS0tLS1CRUdJTiBQUklWQVRFIEtFWS0tLS0tCkFBPT0KLS0tLS1FTkQgUFJJVkFURSBLRVktLS0tLQo=")",
     "expected a PEM block \"PUBLIC KEY\", found \"PRIVATE KEY\""},
    {"dsse: a certificate that is none", Form::kDsse, R"("PEM")",
     R"("LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCkFBPT0KLS0tLS1FTkQgQ0VSVElGSUNBVEUtLS0tLQo=")",
     "spec.signatures[0]: not a certificate"},
    {"dsse: signatures an object", Form::kDsse, R"([{"signature":"c2ln","verifier":"PEM"}])", "{}",
     "spec.signatures: expected array, found object"},
    {"intoto: no payload type", Form::kIntoto, R"("payloadType":"application/vnd.in-toto+json",)",
     "", "envelope.payloadType: missing"},
    {"intoto: no hash", Form::kIntoto, R"("hash":{"algorithm":"sha256","value":")" HEX_02 R"("},)",
     "", "spec.content.hash: missing"},
    {"intoto: no payload hash", Form::kIntoto,
     R"(,"payloadHash":{"algorithm":"sha256","value":")" HEX_01 R"("})", "",
     "spec.content.payloadHash: missing"},
    {"intoto: signature in base64 but once", Form::kIntoto, "YzJsbg==", "c2ln",
     "spec.content.envelope.signatures[0].sig: must be base64 of base64"},
    {"intoto: empty signature", Form::kIntoto, "YzJsbg==", "",
     "spec.content.envelope.signatures[0].sig: missing"},
    {"intoto: no signature", Form::kIntoto, R"({"publicKey":"PEM","sig":"YzJsbg=="})", "",
     "envelope.signatures[0]: missing"},
    {"no kind", Form::kDsse, R"("kind":"dsse",)", "", "kind: missing"},
    {"no version", Form::kDsse, R"("apiVersion":"0.0.1",)", "", "apiVersion: missing"},
    {"another kind than stated", Form::kRekord001, "hashedrekord", "rekord",
     "is a rekord 0.0.1, but kindVersion says hashedrekord 0.0.1"},
    {"another version than stated", Form::kRekord002, R"("0.0.2")", R"("0.0.1")",
     "is a hashedrekord 0.0.1, but kindVersion says hashedrekord 0.0.2"},
    {"key twice", Form::kDsse, R"("kind":"dsse")", R"("kind":"dsse","\u006bind":"dsse")",
     "more than once"},
    {"trailing bytes", Form::kDsse, R"({"apiVersion")", R"({} {"apiVersion")", "trailing data"},
};

void CheckRefusal(const Refusal& refusal) {
  CHECK_ERROR(Read(refusal.form, refusal.from, refusal.to), refusal.code, refusal.message);
}

BOOST_DATA_TEST_CASE(refuses_unknown_field_in, ut::data::make(kUnknownFields), refusal) {
  CheckRefusal(refusal);
}

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kRefusals), refusal) { CheckRefusal(refusal); }

BOOST_AUTO_TEST_CASE(inner_base64_of_intoto_is_the_standard_one) {
  // The inner base64 is the standard one alone: "-_-_" would be another spelling of "+/+/".
  REQUIRE_VALUE(const EntryBody standard,
                Read(Form::kIntoto, "YzJsbg==", Base64Encode(AsBytes("+/+/"))));
  BOOST_CHECK_EQUAL(standard.signatures[0].signature.size(), 3);
  CHECK_ERROR(Read(Form::kIntoto, "YzJsbg==", Base64Encode(AsBytes("-_-_"))), ErrorCode::kMalformed,
              "sig: must be base64 of base64");
}

// Removed from Rekor v2, and never written by others.
BOOST_AUTO_TEST_CASE(refuses_kinds_that_are_not_known) {
  for (const auto& [kind, version] :
       std::vector<std::pair<std::string, std::string>>{{"dsse", "0.0.2"},
                                                        {"intoto", "0.0.1"},
                                                        {"hashedrekord", "0.0.3"},
                                                        {"rekord", "0.0.1"}}) {
    const std::string body =
        R"({"apiVersion":")" + version + R"(","kind":")" + kind + R"(","spec":{}})";
    CHECK_ERROR(ReadEntryBody(body, kind, version), ErrorCode::kMalformed,
                "is a " + kind + " " + version +
                    "; known are hashedrekord 0.0.1 and 0.0.2, dsse 0.0.1 and intoto 0.0.2");
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_object) {
  CHECK_ERROR(ReadEntryBody("", "dsse", "0.0.1"), ErrorCode::kMalformed, "ends too early");
  CHECK_ERROR(ReadEntryBody("[]", "dsse", "0.0.1"), ErrorCode::kMalformed,
              "expected object, found array");
}

BOOST_AUTO_TEST_CASE(refuses_more_than_eight_signatures) {
  constexpr std::string_view kOne = R"({"signature":"c2ln","verifier":"PEM"})";
  const std::string one = test::Replaced(std::string(kOne), "PEM", TheSigner().key_pem);
  std::string eight = one;
  for (int i = 1; i < 8; ++i) eight += "," + one;
  REQUIRE_VALUE(const EntryBody most, Read(Form::kDsse, kOne, eight));
  BOOST_CHECK_EQUAL(most.signatures.size(), 8);
  CHECK_ERROR(Read(Form::kDsse, kOne, eight + "," + one), ErrorCode::kMalformed,
              "spec.signatures: more than 8");
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  for (const Form form : {Form::kRekord001, Form::kRekord002, Form::kDsse, Form::kIntoto}) {
    const std::string whole = Filled(std::string(FactsOf(form).body));
    for (size_t size = 0; size < whole.size(); ++size) {
      BOOST_CHECK_MESSAGE(!ReadEntryBody(std::string_view(whole).substr(0, size),
                                         FactsOf(form).kind, FactsOf(form).version)
                               .has_value(),
                          FactsOf(form).kind << " read at size " << size);
    }
  }
}

struct Details {
  std::string_view name;
  crypto::KeyKind kind;
};

// protobuf-specs, sigstore_common.proto: what each name says of the signature.
constexpr Details kDetails[] = {
    {"PKIX_ECDSA_P256_SHA_256", crypto::KeyKind::kP256},
    {"PKIX_ECDSA_P384_SHA_384", crypto::KeyKind::kP384},
    {"PKIX_ECDSA_P521_SHA_512", crypto::KeyKind::kP521},
    {"PKIX_ECDSA_P384_SHA_256", crypto::KeyKind::kP384},
    {"PKIX_ECDSA_P521_SHA_256", crypto::KeyKind::kP521},
    {"PKIX_ED25519", crypto::KeyKind::kEd25519},
    {"PKIX_ED25519_PH", crypto::KeyKind::kEd25519},
    {"PKIX_RSA_PKCS1V15_2048_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PKCS1V15_3072_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PKCS1V15_4096_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PSS_2048_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PSS_3072_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PSS_4096_SHA256", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PKCS1V5", crypto::KeyKind::kRsa},
    {"PKIX_RSA_PSS", crypto::KeyKind::kRsa},
    {"PKCS1_RSA_PKCS1V5", crypto::KeyKind::kRsa},
    {"PKCS1_RSA_PSS", crypto::KeyKind::kRsa},
};

BOOST_AUTO_TEST_CASE(key_details_name_the_kind_of_key) {
  for (const Details& details : kDetails) {
    REQUIRE_VALUE(const EntryBody body,
                  Read(Form::kRekord002, "PKIX_ECDSA_P256_SHA_256", details.name));
    BOOST_CHECK_MESSAGE(body.key_kind == details.kind, details.name);
  }
  for (const char* unknown : {"PKIX_ECDSA_P256_HMAC_SHA_256", "LMS_SHA256", "ML_DSA_44",
                              "PUBLIC_KEY_DETAILS_UNSPECIFIED", "pkix_ecdsa_p256_sha_256", "5"}) {
    CHECK_ERROR(Read(Form::kRekord002, "PKIX_ECDSA_P256_SHA_256", unknown), ErrorCode::kMalformed,
                "is not known");
  }
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(entry_body_vectors)

EntryBody BodyOf(const ForeignBundle& bundle) {
  const LogEntry& entry = bundle.entries.at(0);
  REQUIRE_VALUE(EntryBody body,
                ReadEntryBody(AsText(entry.canonicalized_body), entry.kind, entry.version));
  return body;
}

ForeignBundle BundleAt(const std::string& path) {
  REQUIRE_VALUE(ForeignBundle bundle, ReadForeignBundle(test::Slurp(test::VectorsFolder() / path)));
  return bundle;
}

// Of the public instance: signature and certificate are the bundle's.
BOOST_AUTO_TEST_CASE(reads_what_rekor_logged,
                     *ut::precondition(test::HasVectors("model-signing"))) {
  for (const char* folder :
       {"v0.3.1-sigstore", "v1.0.0-sigstore", "v1.0.1-sigstore", "v1.1.0-sigstore"}) {
    const ForeignBundle bundle =
        BundleAt("model-signing/bundles/" + std::string(folder) + "/model.sig");
    const EntryBody body = BodyOf(bundle);
    BOOST_CHECK(body.kind == EntryKind::kDsse001);
    BOOST_REQUIRE_EQUAL(body.signatures.size(), 1);
    BOOST_CHECK(body.signatures[0].signature == bundle.signature());
    BOOST_CHECK(body.signatures[0].certificate == std::get<Certificate>(bundle.material).der);
    BOOST_CHECK(body.digest.digest == crypto::DigestOf(HashAlgorithm::kSha256,
                                                       std::get<Envelope>(bundle.content).payload));
  }
}

BOOST_AUTO_TEST_CASE(reads_what_a_rekor_v2_log_was_sent,
                     *ut::precondition(test::HasVectors("cosign/logged-message.sigstore.json"))) {
  REQUIRE_VALUE(const auto key, crypto::PublicKey::ParsePem(
                                    test::Slurp(test::VectorsFolder() / "cosign/cosign.pub")));
  const ForeignBundle message = BundleAt("cosign/logged-message.sigstore.json");
  const EntryBody body = BodyOf(message);
  BOOST_CHECK(body.kind == EntryKind::kHashedRekord002);
  BOOST_CHECK(body.signatures.at(0).spki == key.spki());
  BOOST_CHECK(body.signatures.at(0).signature == message.signature());
  BOOST_CHECK(body.digest.digest == std::get<MessageSignature>(message.content).digest);
  BOOST_CHECK(body.key_kind == crypto::KeyKind::kP256);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
