#include "sigstore/statement.h"

#include "tests/sigstore/replace.h"
#include "tests/support/test.h"

namespace carnet::sigstore {
namespace {

namespace ut = boost::unit_test;

constexpr std::string_view kHead =
    R"("head":{"signer":"key:1111111111111111111111111111111111111111111111111111111111111111",)"
    R"("ledger":"2222222222222222222222222222222222222222222222222222222222222222",)"
    R"("created":"2026-01-02T03:04:05.678Z","nonce":"000102030405060708090a0b0c0d0e0f"})";

std::string Statement1(std::string_view subjects, std::string_view kind,
                       std::string_view predicate) {
  return R"({"_type":"https://in-toto.io/Statement/v1","subject":[)" + std::string(subjects) +
         R"(],"predicateType":"urn:carnet:)" + std::string(kind) + R"(:v1","predicate":)" +
         std::string(predicate) + "}";
}

std::string SubjectJson(std::string_view name, std::string_view sha256) {
  return R"({"name":")" + std::string(name) + R"(","digest":{"sha256":")" + std::string(sha256) +
         R"("}})";
}

// printf 'carnet-device-id-v1\nnvidia:gpu:01234567-…' | sha256sum
constexpr std::string_view kDeviceId =
    "3837556e209e01675992720f9f1a9219a3868cd7cef1008266e9a75fbd60fcd7";

std::string Device() {
  return Statement1(SubjectJson("id", kDeviceId), "device",
                    "{" + std::string(kHead) +
                        R"(,"id":"nvidia:gpu:01234567-89ab-cdef-0123-456789abcdef",)"
                        R"("units":1,"vendor":"NVIDIA","chip":"nvidia-h100-sxm"})");
}

// { echo "$(printf one | sha256sum | cut -c1-64)  a.bin"; echo "… two …  b/c.txt"; } | sha256sum
constexpr std::string_view kModel =
    "219c3d837b3c87970cd79ae82f75b23b25fefc31fc3f69a1797e5ff4a887b6d2";
constexpr std::string_view kFileA =
    "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";
constexpr std::string_view kFileC =
    "3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3";
constexpr std::string_view kRoot =
    "4444444444444444444444444444444444444444444444444444444444444444";
constexpr std::string_view kOther =
    "5555555555555555555555555555555555555555555555555555555555555555";

std::string Passport() {
  const std::string subjects =
      SubjectJson("model", kModel) + "," + SubjectJson("tensors/a.bin", kRoot) + "," +
      SubjectJson("oms", kOther) + "," + SubjectJson("files/a.bin", kFileA) + "," +
      SubjectJson("files/b/c.txt", kFileC);
  return Statement1(subjects, "passport",
                    "{" + std::string(kHead) + R"(,"completion":")" + std::string(kOther) +
                        R"(","after":{"index":7,"root":")" + std::string(kOther) +
                        R"("},"model":")" + std::string(kModel) +
                        R"(","files":[{"path":"a.bin","sha256":")" + std::string(kFileA) +
                        R"(","bytes":3},{"path":"b/c.txt","sha256":")" + std::string(kFileC) +
                        R"(","bytes":3}],"tensor_roots":[{"set":"a.bin","root":")" +
                        std::string(kRoot) + R"("}],"oms_root":")" + std::string(kOther) +
                        R"(","name":"m","parameters":{"total":10},"flop":{"parameter_update":"1",)"
                        R"("cumulative":"2","edges":[]},"intended_deployment":"undisclosed"})");
}

// An aborted completion says the run's subject itself (S3).
std::string AbortedCompletion() {
  return Statement1(SubjectJson("id", kRoot), "completion",
                    "{" + std::string(kHead) + R"(,"run":")" + std::string(kOther) +
                        R"(","last":[],"outcome":"aborted","reason":"power","segments":[],)"
                        R"("tokens":0,"flop":{},"run_id":")" +
                        std::string(kRoot) + R"("})");
}

std::string Verdict() {
  return test::Replaced(
      Statement1(SubjectJson("model", kModel), "verdict",
                 R"({"verifier":{"id":"https://hub.example.org"},)"
                 R"("timeVerified":"2026-01-02T03:04:05.678Z","resourceUri":"m",)"
                 R"("policy":{"uri":"hub-default","digest":{"sha256":")" +
                     std::string(kRoot) + R"("}},"inputAttestations":[{"digest":{"sha256":")" +
                     std::string(kOther) +
                     R"("}}],"verificationResult":"PASSED","verifiedLevels":[]})"),
      "urn:carnet:verdict:v1", "https://slsa.dev/verification_summary/v1");
}

Statement MustRead(const std::string& json) {
  StatementResult read = ReadStatement(AsBytes(json));
  const auto* error = std::get_if<StatementError>(&read);
  if (error != nullptr) BOOST_FAIL(error->message);
  return std::get<Statement>(std::move(read));
}

std::vector<std::string> SubjectNames(const Statement& statement) {
  std::vector<std::string> names;
  for (const auto& subject : statement.subjects) names.push_back(subject.name);
  return names;
}

struct Sample {
  std::string_view name;
  std::string (*json)();
  schemas::Kind kind;
  std::vector<std::string> subjects;
};

std::ostream& operator<<(std::ostream& out, const Sample& sample) { return out << sample.name; }

const Sample kSamples[] = {
    {"device", Device, schemas::Kind::kDevice, {"id"}},
    {"passport",
     Passport,
     schemas::Kind::kPassport,
     {"model", "tensors/a.bin", "oms", "files/a.bin", "files/b/c.txt"}},
    {"aborted completion", AbortedCompletion, schemas::Kind::kCompletion, {"id"}},
    {"verdict", Verdict, schemas::Kind::kVerdict, {"model"}},
};

BOOST_AUTO_TEST_SUITE(statement)

BOOST_DATA_TEST_CASE(reads_and_writes_the_same_bytes, ut::data::make(kSamples), sample) {
  const Statement read = MustRead(sample.json());
  BOOST_CHECK(read.predicate.kind() == sample.kind);
  BOOST_TEST(SubjectNames(read) == sample.subjects, boost::test_tools::per_element());
  BOOST_CHECK_EQUAL(WriteStatement(read.predicate, read.subjects), sample.json());
}

BOOST_AUTO_TEST_CASE(reads_the_head) {
  const Statement read = MustRead(Device());
  const auto head = read.predicate.head();
  BOOST_REQUIRE(head.has_value());
  BOOST_CHECK_EQUAL(head->nonce, "000102030405060708090a0b0c0d0e0f");
  BOOST_CHECK_EQUAL(FormatTimestamp(head->created), "2026-01-02T03:04:05.678Z");
}

struct Refusal {
  std::string_view name;
  std::string (*json)();
  std::string_view from;
  std::string_view to;
  StatementFault fault;
  std::string_view message;
};

std::ostream& operator<<(std::ostream& out, const Refusal& refusal) { return out << refusal.name; }

constexpr auto kMalformed = StatementFault::kMalformedStatement;
constexpr auto kUnknown = StatementFault::kUnknownKind;
constexpr auto kField = StatementFault::kBadField;
constexpr auto kSubjects = StatementFault::kWrongSubjects;

const Refusal kMalformedStatements[] = {
    {"Statement v0.1", Device, "Statement/v1", "Statement/v0.1", kMalformed, "Statement/v0.1"},
    {"no type", Device, R"("_type":"https://in-toto.io/Statement/v1",)", "", kMalformed,
     "_type: missing"},
    {"unknown field", Device, R"({"_type")", R"({"x":1,"_type")", kMalformed, "x: unknown field"},
    {"type twice", Device, R"({"_type")", R"({"_type":"","_type")", kMalformed, "more than once"},
    {"null", Device, R"("nvidia-h100-sxm")", "null", kMalformed, "null"},
    {"lone surrogate", Device, "NVIDIA", R"(NV\ud800)", kMalformed, "invalid JSON"},
    {"trailing bytes", Device, R"("nvidia-h100-sxm"}})", R"("nvidia-h100-sxm"}}x)", kMalformed,
     "trailing data after the value"},
    {"no predicate type", Device, R"("predicateType":"urn:carnet:device:v1",)", "", kMalformed,
     "predicateType: missing"},
    {"subject an object", Device,
     R"([{"name":"id","digest":{"sha256":"3837556e209e01675992720f9f1a9219a3868cd7cef1008266e9a75fbd60fcd7"}}])",
     "{}", kMalformed, "subject: expected array"},
    {"unknown field of a subject", Device, R"({"name":"id")", R"({"uri":"u","name":"id")",
     kMalformed, "subject[0].uri: unknown field"},
    {"another digest beside", Device, R"({"sha256")", R"({"sha512":"00","sha256")", kMalformed,
     "subject[0].digest.sha512: unknown field"},
    {"subject without name", Device, R"("name":"id",)", "", kMalformed, "subject[0].name: missing"},
    {"digest a number", Verdict,
     R"("digest":{"sha256":"219c3d837b3c87970cd79ae82f75b23b25fefc31fc3f69a1797e5ff4a887b6d2"})",
     R"("digest":7)", kMalformed, "subject[0].digest: expected object, found number"},
};

const Refusal kOtherFaults[] = {
    {"kind of ours that is none", Device, "urn:carnet:device:v1", "urn:carnet:gadget:v1", kUnknown,
     "predicateType: \"urn:carnet:gadget:v1\" is not known"},
    {"next version", Device, "urn:carnet:device:v1", "urn:carnet:device:v2", kUnknown, "device:v2"},
    {"bare word", Device, "urn:carnet:device:v1", "device", kUnknown, "\"device\""},
    {"unknown field of the predicate", Device, R"("units")", R"("x":1,"units")", kField,
     "predicate.x"},
    {"required field absent", Device, R"("units":1,)", "", kField, "predicate.units"},
    {"head of another name", Device, R"("head":{)", R"("foot":{)", kField, "predicate.head"},
    {"predicate of another kind", Device, "urn:carnet:device:v1", "urn:carnet:run:v1", kField,
     "predicate."},
    {"digest in capitals", Device, "a75fbd60fcd7", "A75FBD60FCD7", kSubjects,
     "differs from the one in the predicate"},
    {"digest of another device", Device, "gpu:01234567", "gpu:11234567", kSubjects,
     "subject[0]: sha256 of \"id\" differs from the one in the predicate"},
    {"subject under another name", Device, R"("name":"id")", R"("name":"model")", kSubjects,
     "subject[0]: expected \"id\", found \"model\""},
    {"one subject more", Device, R"("subject":[)",
     R"("subject":[{"name":"id","digest":{"sha256":"3837556e209e01675992720f9f1a9219a3868cd7cef1008266e9a75fbd60fcd7"}},)",
     kSubjects, "subject[1]: is not a subject"},
    {"file left out", Passport,
     R"(,{"name":"files/b/c.txt","digest":{"sha256":"3fc4ccfe745870e2c0d99f71f30ff0656c8dedd41cc1d7d3d376b0dbe685e2f3"}})",
     "", kSubjects, "subject: \"files/b/c.txt\" is missing"},
    {"file of another digest", Passport, R"("files/b/c.txt","digest":{"sha256":"3fc4ccfe)",
     R"("files/b/c.txt","digest":{"sha256":"00000000)", kSubjects,
     "sha256 of \"files/b/c.txt\" differs"},
    {"tensor root of another set", Passport, R"("tensors/a.bin")", R"("tensors/b.bin")", kSubjects,
     "expected \"tensors/a.bin\""},
    {"aborted completion of another run", AbortedCompletion, R"("run_id":"44)", R"("run_id":"45)",
     kSubjects, "sha256 of \"id\" differs"},
    {"aborted completion with a model", AbortedCompletion, R"("name":"id")", R"("name":"model")",
     kSubjects, "expected \"id\""},
    {"verdict on something else", Verdict, R"("name":"model")", R"("name":"id")", kSubjects,
     "exactly one subject, \"model\""},
    {"verdict with a short digest", Verdict,
     "219c3d837b3c87970cd79ae82f75b23b25fefc31fc3f69a1797e5ff4a887b6d2", "00", kSubjects,
     "64 lowercase hex digits"},
    {"verdict on two models", Verdict, R"("subject":[)",
     R"("subject":[{"name":"model","digest":{"sha256":"00"}},)", kSubjects, "one subject"},
};

void CheckRefusal(const Refusal& refusal) {
  const std::string json = test::Replaced(refusal.json(), refusal.from, refusal.to);
  const StatementResult read = ReadStatement(AsBytes(json));
  const auto* error = std::get_if<StatementError>(&read);
  BOOST_REQUIRE_MESSAGE(error != nullptr, "read");
  BOOST_CHECK_MESSAGE(error->fault == refusal.fault, "another fault: " << error->message);
  BOOST_CHECK_MESSAGE(error->message.find(refusal.message) != std::string::npos,
                      "\"" << error->message << "\" lacks \"" << refusal.message << "\"");
}

BOOST_DATA_TEST_CASE(refuses_malformed, ut::data::make(kMalformedStatements), refusal) {
  CheckRefusal(refusal);
}

BOOST_DATA_TEST_CASE(refuses, ut::data::make(kOtherFaults), refusal) { CheckRefusal(refusal); }

BOOST_AUTO_TEST_CASE(a_predicate_is_an_object) {
  for (const char* predicate : {"[]", "\"\"", "7", "true"}) {
    const std::string json = Statement1(SubjectJson("id", kRoot), "device", predicate);
    const StatementResult read = ReadStatement(AsBytes(json));
    const auto* error = std::get_if<StatementError>(&read);
    BOOST_REQUIRE(error != nullptr);
    BOOST_CHECK(error->fault == kMalformed);
    BOOST_CHECK_EQUAL(error->message, "predicate: must be an object");
  }
}

BOOST_AUTO_TEST_CASE(a_statement_has_a_subject) {
  const StatementResult read = ReadStatement(AsBytes(Statement1("", "device", "{}")));
  const auto* error = std::get_if<StatementError>(&read);
  BOOST_REQUIRE(error != nullptr);
  BOOST_CHECK(error->fault == kMalformed);
  BOOST_CHECK_EQUAL(error->message, "subject: must not be empty");
}

BOOST_AUTO_TEST_CASE(refuses_every_truncation) {
  const std::string json = Passport();
  for (size_t size = 0; size < json.size(); ++size) {
    const StatementResult read = ReadStatement(AsBytes(std::string_view(json).substr(0, size)));
    const auto* error = std::get_if<StatementError>(&read);
    BOOST_REQUIRE_MESSAGE(error != nullptr, "read at size " << size);
    BOOST_CHECK(error->fault == kMalformed);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::sigstore
