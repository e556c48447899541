#include "sigstore/foreign_statement.h"

#include "sigstore/foreign_bundle.h"
#include "tests/sigstore/replace.h"
#include "tests/support/test.h"
#include "tests/support/vectors.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;
using crypto::HashAlgorithm;

#define HEX_01 "0101010101010101010101010101010101010101010101010101010101010101"

constexpr std::string_view kStatement =
    R"({"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"model.bin","uri":"file:m",)"
    R"("digest":{"sha256":")" HEX_01
    R"("},"content":"AAEC","downloadLocation":"https://a.example",)"
    R"("mediaType":"text/plain","annotations":{"any":[null]}},{"name":"other"}],)"
    R"("predicateType":"https://example.org/predicate/v1","predicate":{"any":null}})";

std::string Changed(std::string_view from, std::string_view to) {
  return test::Replaced(std::string(kStatement), from, to);
}

Result<ForeignStatement> Read(std::string_view text) { return ReadForeignStatement(AsBytes(text)); }

BOOST_AUTO_TEST_SUITE(foreign_statement)

BOOST_AUTO_TEST_CASE(reads_type_and_subjects) {
  REQUIRE_VALUE(const ForeignStatement statement, Read(kStatement));
  BOOST_CHECK_EQUAL(statement.predicate_type, "https://example.org/predicate/v1");
  BOOST_REQUIRE_EQUAL(statement.subjects.size(), 2);
  BOOST_CHECK_EQUAL(statement.subjects[0].name, "model.bin");
  BOOST_REQUIRE_EQUAL(statement.subjects[0].digests.size(), 1);
  BOOST_CHECK(statement.subjects[0].digests[0].algorithm == HashAlgorithm::kSha256);
  BOOST_CHECK(statement.subjects[0].digests[0].digest == Bytes(32, 1));
  BOOST_CHECK_EQUAL(statement.subjects[1].name, "other");
  BOOST_CHECK(statement.subjects[1].digests.empty());
}

struct Spelled {
  std::string_view name;
  std::string_view from;
  std::string_view to;
};
std::ostream& operator<<(std::ostream& out, const Spelled& spelled) { return out << spelled.name; }

const Spelled kSpellings[] = {
    {"version 0.1", "Statement/v1", "Statement/v0.1"},
    {"no predicate", R"(,"predicate":{"any":null})", ""},
    {"null for the predicate", R"("predicate":{"any":null})", R"("predicate":null)"},
    {"empty predicate", R"({"any":null})", "{}"},
    {"a digest that is not known", R"("digest":{)", R"("digest":{"gitCommit":"not hex",)"},
    {"null for a name", R"("name":"other")", R"("name":null)"},
    {"null for digests", R"("name":"other")", R"("name":"other","digest":null)"},
    {"no digests", R"("name":"other")", R"("name":"other","digest":{})"},
    {"white space behind", R"({"any":null}})", "{\"any\":null}}\n\n"},
};

BOOST_DATA_TEST_CASE(accepts, ut::data::make(kSpellings), spelled) {
  REQUIRE_VALUE(const ForeignStatement statement, Read(Changed(spelled.from, spelled.to)));
  BOOST_REQUIRE_EQUAL(statement.subjects.size(), 2);
  BOOST_REQUIRE_EQUAL(statement.subjects[0].digests.size(), 1);
  BOOST_CHECK(statement.subjects[0].digests[0].digest == Bytes(32, 1));
  BOOST_CHECK(statement.subjects[1].digests.empty());
}

BOOST_AUTO_TEST_CASE(reads_every_known_digest) {
  REQUIRE_VALUE(
      const ForeignStatement statement,
      Read(Changed(R"("digest":{)", R"("digest":{"sha512":")" + std::string(128, 'b') +
                                        R"(","sha384":")" + std::string(96, 'a') + R"(",)")));
  const auto& digests = statement.subjects[0].digests;
  BOOST_REQUIRE_EQUAL(digests.size(), 3);
  BOOST_CHECK(digests[0].algorithm == HashAlgorithm::kSha512);
  BOOST_CHECK(digests[0].digest == Bytes(64, 0xbb));
  BOOST_CHECK(digests[1].algorithm == HashAlgorithm::kSha384);
  BOOST_CHECK(digests[1].digest == Bytes(48, 0xaa));
  BOOST_CHECK(digests[2].algorithm == HashAlgorithm::kSha256);
}

BOOST_AUTO_TEST_CASE(reads_no_subject_as_none) {
  for (const char* none : {R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"p"})",
                           R"({"_type":"https://in-toto.io/Statement/v1","predicateType":"p",)"
                           R"("subject":[]})"}) {
    REQUIRE_VALUE(const ForeignStatement statement, Read(none));
    BOOST_CHECK(statement.subjects.empty());
  }
}

// A name goes into messages.
BOOST_AUTO_TEST_CASE(names_can_be_shown) {
  REQUIRE_VALUE(const ForeignStatement statement,
                Read(Changed(R"("other")", R"("\u001b[31m\u202e)" + std::string(200, 'n') + '"')));
  const std::string& name = statement.subjects[1].name;
  BOOST_CHECK(name.starts_with("\\x1b[31m\\xe2\\x80\\xae"));
  BOOST_CHECK_LT(name.size(), 100);
}

struct Refusal {
  std::string_view name;
  std::string_view from;
  std::string_view to;
  std::string_view message;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

const Refusal kRefusals[] = {
    {"unknown field", R"({"_type")", R"({"x":1,"_type")", "x: unknown field"},
    {"field of version 1 by another name", R"("predicateType")", R"("predicate_type")",
     "predicate_type: unknown field"},
    {"unknown field of a subject", R"({"name":"other")", R"({"x":1,"name":"other")",
     "subject[1].x: unknown field"},
    {"no type", R"("_type":"https://in-toto.io/Statement/v1",)", "", "_type: missing"},
    {"another version", "Statement/v1", "Statement/v2",
     "_type: \"https://in-toto.io/Statement/v2\" is not an in-toto Statement of version 1 or 0.1"},
    {"longer version", "Statement/v1", "Statement/v1.0", "is not an in-toto Statement"},
    {"no predicate type", R"("predicateType":"https://example.org/predicate/v1",)", "",
     "predicateType: missing"},
    {"empty predicate type", "https://example.org/predicate/v1", "", "predicateType: missing"},
    {"predicate an array", R"({"any":null}})", "[]}", "predicate: expected object"},
    {"predicate a string", R"({"any":null}})", R"("text"})", "predicate: expected object"},
    {"subject a string", R"({"name":"other"})", R"("other")",
     "subject[1]: expected object, found string"},
    {"null for a subject", R"({"name":"other"})", "null",
     "subject[1]: expected object, found null"},
    {"name a number", R"("other")", "7", "subject[1].name: expected string, found number"},
    {"digests an array", R"({"sha256":")" HEX_01 R"("})", "[]",
     "subject[0].digest: expected object"},
    {"digest a number", R"(")" HEX_01 R"(")", "1", "digest.sha256: expected string"},
    {"null for a digest", R"(")" HEX_01 R"(")", "null", "digest.sha256: expected string"},
    {"digest that is not known a number", R"("digest":{)", R"("digest":{"md5":1,)",
     "subject[0].digest.md5: expected string"},
    {"short digest", HEX_01, "0101", "digest.sha256: must be a digest in lowercase hex"},
    {"digest in capitals", HEX_01,
     "ABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABABAB",
     "digest.sha256: must be a digest in lowercase hex"},
    {"digest of another algorithm", R"("sha256")", R"("sha512")",
     "digest.sha512: must be a digest"},
    {"digest twice", R"("digest":{)", R"("digest":{"sha256":"",)", "more than once"},
    {"uri a number", R"("file:m")", "1", "subject[0].uri: expected string, found number"},
    {"content an object", R"("AAEC")", "{}", "subject[0].content: expected string"},
    {"location an array", R"("https://a.example")", "[]",
     "subject[0].downloadLocation: expected string"},
    {"media type a bool", R"("text/plain")", "true", "subject[0].mediaType: expected string"},
    {"annotations an array", R"({"any":[null]})", "[]", "subject[0].annotations: expected object"},
    {"key twice", R"({"any":null})", R"({"any":null,"\u0061ny":1})", "more than once"},
    {"trailing bytes", R"({"any":null}})", R"({"any":null}}x)", "trailing data after the value"},
};

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kRefusals), refusal) {
  CHECK_ERROR(Read(Changed(refusal.from, refusal.to)), ErrorCode::kMalformed, refusal.message);
}

BOOST_AUTO_TEST_CASE(refuses_what_is_no_object) {
  CHECK_ERROR(Read(""), ErrorCode::kMalformed, "ends too early");
  CHECK_ERROR(Read("[]"), ErrorCode::kMalformed, "expected object, found array");
}

std::string Subjects(size_t count) {
  std::string more;
  for (size_t i = 2; i < count; ++i) more += R"({"name":"s"},)";
  return Changed(R"({"name":"other"})", more + R"({"name":"other"})");
}

BOOST_AUTO_TEST_CASE(refuses_more_subjects_than_sigstore_go_takes) {
  REQUIRE_VALUE(const ForeignStatement most, Read(Subjects(1'024)));
  BOOST_CHECK_EQUAL(most.subjects.size(), 1'024);
  CHECK_ERROR(Read(Subjects(1'025)), ErrorCode::kMalformed, "subject: more than 1024");
}

std::string Digests(size_t count) {
  std::string more;
  for (size_t i = 1; i < count; ++i) more += "\"d" + std::to_string(i) + R"(":"",)";
  return Changed(R"("digest":{)", R"("digest":{)" + more);
}

BOOST_AUTO_TEST_CASE(refuses_more_digests_than_sigstore_go_takes) {
  BOOST_CHECK(Read(Digests(32)));
  CHECK_ERROR(Read(Digests(33)), ErrorCode::kMalformed, "subject[0].digest: more than 32 digests");
}

// Nothing is said of what a predicate holds but that it ends.
BOOST_AUTO_TEST_CASE(reads_large_predicates_and_refuses_deep_ones) {
  std::string members;
  for (size_t i = 0; i < 5'000; ++i) members += "\"m" + std::to_string(i) + R"(":0,)";
  BOOST_CHECK(Read(Changed(R"({"any":null})", "{" + members + R"("any":null})")));
  const auto nested = [](size_t depth) {
    return Changed(R"({"any":null})",
                   R"({"any":)" + std::string(depth, '[') + std::string(depth, ']') + "}");
  };
  BOOST_CHECK(Read(nested(126)));
  CHECK_ERROR(Read(nested(127)), ErrorCode::kMalformed, "nested deeper than 128");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(foreign_statement_vectors)

struct RealStatement {
  const char* path;
  const char* predicate_type;
  const char* name;
};

constexpr RealStatement kReal[] = {
    {"cosign/attest-statement.sigstore.json", "urn:carnet:device:v1", "a.txt"},
    {"cosign/attest-predicate.sigstore.json", "urn:carnet:device:v1", "a.txt"},  // v0.1
    {"model-signing/bundles/v1.0.0-sigstore/model.sig", "https://model_signing/signature/v1.0",
     "v1.0.0-sigstore"},
    {"model-signing/bundles/v1.1.0-elliptic-key/model.sig", "https://model_signing/signature/v1.0",
     "v1.1.0-elliptic-key"},
};

BOOST_AUTO_TEST_CASE(reads_what_cosign_and_model_signing_stated,
                     *ut::precondition(test::HasVectors("cosign")) *
                         ut::precondition(test::HasVectors("model-signing"))) {
  for (const RealStatement& real : kReal) {
    BOOST_TEST_CONTEXT(real.path) {
      REQUIRE_VALUE(const ForeignBundle bundle,
                    ReadForeignBundle(test::Slurp(test::VectorsFolder() / real.path)));
      REQUIRE_VALUE(const ForeignStatement statement,
                    ReadForeignStatement(std::get<Envelope>(bundle.content).payload));
      BOOST_CHECK_EQUAL(statement.predicate_type, real.predicate_type);
      BOOST_REQUIRE_EQUAL(statement.subjects.size(), 1);
      BOOST_CHECK_EQUAL(statement.subjects[0].name, real.name);
      BOOST_REQUIRE_EQUAL(statement.subjects[0].digests.size(), 1);
      BOOST_CHECK(statement.subjects[0].digests[0].algorithm == HashAlgorithm::kSha256);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
