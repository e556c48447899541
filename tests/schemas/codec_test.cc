#include "schemas/codec.h"

#include <capnp/dynamic.h>

#include <set>

#include "json/reader.h"
#include "schemas/limits.h"
#include "schemas/readers.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {

namespace {

using test::Document;
using test::Expand;
using test::Read;
using test::Replace;

std::string Write(const Predicate& predicate) {
  json::Writer writer;
  WritePredicate(predicate, writer);
  return writer.Take();
}

BOOST_DATA_TEST_CASE(every_kind_is_written_as_it_was_read, test::AllKinds()) {
  const std::string text = Document(sample);
  REQUIRE_VALUE(const Predicate predicate, Read(sample, text));
  BOOST_CHECK_EQUAL(predicate.kind(), sample);
  BOOST_CHECK_EQUAL(Write(predicate), text);
}

BOOST_DATA_TEST_CASE(members_may_come_in_any_order, test::AllKinds()) {
  const std::string text = Document(sample);
  REQUIRE_VALUE(const json::Tree tree, json::Parse(text));
  std::vector<json::Value> members;
  for (auto v = tree.root().first_child(); v; v = v->next()) members.push_back(*v);
  json::Writer reversed;
  reversed.BeginObject();
  for (size_t i = members.size(); i-- > 0;) reversed.Key(members[i].key()).Copy(members[i]);
  reversed.EndObject();
  REQUIRE_VALUE(const Predicate predicate, Read(sample, reversed.Take()));
  BOOST_CHECK_EQUAL(Write(predicate), text);
}

// Adds "Struct.field" of every field that is set in `from`.
void CollectSet(capnp::DynamicStruct::Reader from, std::set<std::string>& set,
                std::set<std::string>& all) {
  const auto prefix = std::string(from.getSchema().getShortDisplayName().cStr()) + ".";
  for (const auto field : from.getSchema().getFields()) {
    const std::string name = prefix + field.getProto().getName().cStr();
    all.insert(name);
    if (!from.has(field)) continue;
    const auto value = from.get(field);
    const bool unset = field.getType().isEnum() && value.as<capnp::DynamicEnum>().getRaw() == 0;
    if (!unset) set.insert(name);
    if (field.getType().isStruct()) CollectSet(value.as<capnp::DynamicStruct>(), set, all);
    if (!field.getType().isList()) continue;
    for (const auto element : value.as<capnp::DynamicList>()) {
      if (element.getType() == capnp::DynamicValue::STRUCT) {
        CollectSet(element.as<capnp::DynamicStruct>(), set, all);
      }
    }
  }
}

template <typename T>
void CollectOf(Kind kind, std::set<std::string>& set, std::set<std::string>& all) {
  REQUIRE_VALUE(const Predicate predicate, Read(kind, Document(kind)));
  CollectSet(capnp::DynamicStruct::Reader(ReaderOf<T>(predicate)), set, all);
}

BOOST_AUTO_TEST_CASE(the_documents_hold_every_field_of_the_schemas) {
  std::set<std::string> set, all;
  CollectOf<wire::Dataset>(Kind::kDataset, set, all);
  CollectOf<wire::Device>(Kind::kDevice, set, all);
  CollectOf<wire::Allocation>(Kind::kAllocation, set, all);
  CollectOf<wire::Run>(Kind::kRun, set, all);
  CollectOf<wire::Segment>(Kind::kSegment, set, all);
  CollectOf<wire::Completion>(Kind::kCompletion, set, all);
  CollectOf<wire::Passport>(Kind::kPassport, set, all);
  CollectOf<wire::Verdict>(Kind::kVerdict, set, all);
  std::set<std::string> missing;
  std::set_difference(all.begin(), all.end(), set.begin(), set.end(),
                      std::inserter(missing, missing.end()));
  // Each of these contradicts another field; validate_test.cc reads them.
  const std::set<std::string> contradicting = {"Allocation.pool",  "Completion.reason",
                                               "Completion.runId", "DataUsed.undisclosed",
                                               "Device.cpu",       "Sources.undisclosed"};
  BOOST_CHECK_EQUAL_COLLECTIONS(missing.begin(), missing.end(), contradicting.begin(),
                                contradicting.end());
  BOOST_CHECK_GT(all.size(), 180);
}

struct Refusal {
  const char* name;
  Kind kind;
  std::string from, to;  // of the honest document
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Refusal& r) { return out << r.name; }

const std::vector<Refusal> kRefusals = {
    {"unknown field", Kind::kSegment, R"("lane":1)", R"("lane":1,"bogus":1)",
     "predicate.bogus: unknown field"},
    {"unknown field in a list", Kind::kSegment, R"("units":1,"ms":0)", R"("units":1,"ms":0,"x":[])",
     "predicate.usage[1].x: unknown field"},
    {"camelCase is unknown", Kind::kSegment, R"("weights_from")", R"("weightsFrom")",
     "predicate.weightsFrom: unknown field"},
    {"union member by name", Kind::kRun, R"("datasets":[{)", R"("datasets":[{"items":[],)",
     "predicate.datasets[0].items: unknown field"},
    {"key twice", Kind::kSegment, R"("lane":1)", R"("lane":1,"\u006cane":1)",
     "lane: key appears more than once"},
    {"null", Kind::kSegment, R"("lane":1)", R"("lane":null)", "lane: null is not allowed"},
    // absent
    {"head absent", Kind::kDataset, R"("head")", R"("heads")",
     "predicate.head: required, but absent"},
    {"required count absent", Kind::kSegment, R"("seq":2,)", "",
     "predicate.seq: required, but absent"},
    {"required text absent", Kind::kDataset, R"("name":"wiki",)", "",
     "predicate.name: required, but absent"},
    {"required digest absent", Kind::kSegment, R"("run":"#3",)", "",
     "predicate.run: required, but absent"},
    {"required enum absent", Kind::kRun, R"("kind":"fine-tune",)", "",
     "predicate.kind: required, but absent"},
    {"required list absent", Kind::kSegment, R"("precision":["bf16","fp32"],)", "",
     "predicate.precision: required, but absent"},
    {"required though undisclosable", Kind::kRun, R"("opened_by":"undisclosed",)", "",
     "predicate.opened_by: required, but absent"},
    {"required figure absent", Kind::kPassport, R"("cumulative":"12",)", "",
     "predicate.flop.cumulative: required, but absent"},
    {"required flag absent", Kind::kSegment, R"("padding_excluded":false,)", "",
     "predicate.flop.update.padding_excluded: required, but absent"},
    {"required in a nested list", Kind::kSegment, R"("units":8,"ms":1000,)", R"("units":8,)",
     "predicate.flop.update.methods[0].terms[0].ms: required, but absent"},
    {"required field of the head absent", Kind::kRun, R"("ledger":"#2",)", "",
     "predicate.head.ledger: required, but absent"},
    // wrong type
    {"array for an object", Kind::kSegment, R"("steps":{"from":0,"to":100})", R"("steps":[0,100])",
     "predicate.steps: expected an object, found array"},
    {"object for a list", Kind::kCompletion, R"("segments":[3,4])", R"("segments":{"0":3})",
     "predicate.segments: expected an array, found object"},
    {"string for a list", Kind::kCompletion, R"("segments":[3,4])", R"("segments":"undisclosed")",
     "predicate.segments: expected an array, found string"},
    {"bool for a count", Kind::kSegment, R"("lane":1)", R"("lane":true)",
     "predicate.lane: expected a count, found bool"},
    {"number for text", Kind::kDataset, R"("version":"2")", R"("version":2)",
     "predicate.version: expected a string, found number"},
    {"number for an enum", Kind::kRun, R"("kind":"fine-tune")", R"("kind":2)",
     "predicate.kind: expected a string, found number"},
    {"number for a flag", Kind::kRun, R"("retrospective":true)", R"("retrospective":1)",
     "predicate.retrospective: expected true or false, found number"},
    {"number for FLOP", Kind::kCompletion, R"("update":"10")", R"("update":10)",
     "predicate.flop.update: expected a decimal string, found number"},
    {"number for a time", Kind::kDevice, R"("on":"2023-01-01T00:00:00.000Z")", R"("on":1672531200)",
     "predicate.acquired.on: expected a time, found number"},
    {"object for a digest", Kind::kSegment, R"("run":"#3")", R"("run":{"sha256":"#3"})",
     "predicate.run: expected a digest, found object"},
    {"array for a signer id", Kind::kRun, R"(["key:#c"])", R"([["key:#c"]])",
     "predicate.recorders[0]: expected a signer id, found array"},
    {"string for a figure", Kind::kSegment, R"("total":"undisclosed")", R"("total":"10")",
     "predicate.flop.total: expected an object, found string"},
    {"number in a list of text", Kind::kDataset, R"(["EU"])", R"(["EU",1])",
     "predicate.geography[1]: expected a string, found number"},
    // bad spelling
    {"digest in capitals", Kind::kSegment, R"("run":"#3")", R"("run":"#A")",
     "predicate.run: not 64 lowercase hex digits"},
    {"digest one digit short", Kind::kSegment, R"("run":"#3")",
     R"("run":"333333333333333333333333333333333333333333333333333333333333333")",
     "predicate.run: not 64 lowercase hex digits"},
    {"digest one digit long", Kind::kSegment, R"("run":"#3")", R"("run":"#33")",
     "predicate.run: not 64 lowercase hex digits"},
    {"digest with z", Kind::kCompletion, R"(["#4","#5"])", R"(["#4","#z"])",
     "predicate.last[1]: not 64 lowercase hex digits"},
    {"empty digest", Kind::kSegment, R"("run":"#3")", R"("run":"")",
     "predicate.run: not 64 lowercase hex digits"},
    {"signer id without prefix", Kind::kSegment, R"("signer":"key:#1")", R"("signer":"#1")",
     "predicate.head.signer: expected \"key:\""},
    {"signer id in capitals", Kind::kAllocation, R"("key:#a")", R"("key:#B")",
     "predicate.holders[1]: expected \"key:\""},
    {"nonce too short", Kind::kSegment, "0123456789abcdef0123456789abcdef", "0123456789abcdef",
     "predicate.head.nonce: not 32 lowercase hex digits"},
    {"nonce in capitals", Kind::kSegment, "0123456789abcdef0123456789abcdef",
     "0123456789ABCDEF0123456789abcdef", "predicate.head.nonce: not 32 lowercase hex digits"},
    {"time without milliseconds", Kind::kSegment, "2024-05-01T10:00:00.000Z",
     "2024-05-01T10:00:00Z", "predicate.time.from: "},
    {"time with offset", Kind::kSegment, "2024-05-01T10:00:00.000Z",
     "2024-05-01T10:00:00.000+00:00", "predicate.time.from: "},
    {"day that does not exist", Kind::kSegment, "2024-05-01T10:00:00.000Z",
     "2024-02-30T10:00:00.000Z", "predicate.time.from: "},
    {"unknown enumerant", Kind::kRun, R"("fine-tune")", R"("finetune")",
     "predicate.kind: unknown value \"finetune\""},
    {"enumerant in camelCase", Kind::kRun, R"("fine-tune")", R"("fineTune")",
     "predicate.kind: unknown value"},
    {"enumerant unset", Kind::kRun, R"("fine-tune")", R"("unset")",
     "predicate.kind: unknown value \"unset\""},
    {"unknown enumerant in a list", Kind::kSegment, R"(["bf16","fp32"])", R"(["bf16","fp33"])",
     "predicate.precision[1]: unknown value"},
    {"unknown edge type", Kind::kRun, R"("merged-from")", R"("derived-from")",
     "predicate.inputs[0].type: unknown value"},
    // counts
    {"negative count", Kind::kSegment, R"("lane":1)", R"("lane":-1)",
     "predicate.lane: not a whole number from 0 to 2^53-1"},
    {"negative zero", Kind::kSegment, R"("lane":1)", R"("lane":-0)", "predicate.lane: not a whole"},
    {"fraction", Kind::kSegment, R"("lane":1)", R"("lane":1.0)", "predicate.lane: not a whole"},
    {"exponent", Kind::kSegment, R"("lane":1)", R"("lane":1e0)", "predicate.lane: not a whole"},
    {"2^53 as a number", Kind::kPassport, R"("bytes":10)", R"("bytes":9007199254740992)",
     "predicate.files[0].bytes: a count above 2^53-1 must be a decimal string"},
    {"2^53-1 as a string", Kind::kPassport, R"("bytes":10)", R"("bytes":"9007199254740991")",
     "predicate.files[0].bytes: a count up to 2^53-1 must be a number"},
    {"small count as a string", Kind::kPassport, R"("bytes":10)", R"("bytes":"10")",
     "predicate.files[0].bytes: a count up to 2^53-1 must be a number"},
    {"2^64", Kind::kPassport, R"("18446744073709551615")", R"("18446744073709551616")",
     "predicate.files[1].bytes: not a whole number from 0 to 2^64-1"},
    {"2^64 as a number", Kind::kPassport, R"("18446744073709551615")", "18446744073709551616",
     "predicate.files[1].bytes: not a whole number"},
    {"count string with a zero in front", Kind::kPassport, R"("18446744073709551615")",
     R"("09007199254740993")", "predicate.files[1].bytes: not a whole number"},
    {"empty count", Kind::kPassport, R"("bytes":10)", R"("bytes":"")", "predicate.files[0].bytes:"},
    {"margin above 30 %", Kind::kSegment, R"("margin_ppm":300000)", R"("margin_ppm":300001)",
     "predicate.flop.update.margin_ppm: above 300000"},
    {"utilisation above 1", Kind::kSegment, R"("utilisation_ppm":1000000)",
     R"("utilisation_ppm":1000001)",
     "predicate.flop.update.methods[0].terms[0].utilisation_ppm: above 1000000"},
    {"lanes above the limit", Kind::kRun, R"("lanes":2)", R"("lanes":100001)",
     "predicate.lanes: above 100000"},
    // FLOP
    {"FLOP of 2^128", Kind::kSegment, "340282366920938463463374607431768211455",
     "340282366920938463463374607431768211456", "predicate.flop.update.amount: "},
    {"FLOP with a zero in front", Kind::kCompletion, R"("update":"10")", R"("update":"010")",
     "predicate.flop.update: "},
    {"negative FLOP", Kind::kCompletion, R"("update":"10")", R"("update":"-10")",
     "predicate.flop.update: "},
    {"FLOP with exponent", Kind::kCompletion, R"("update":"10")", R"("update":"1e1")",
     "predicate.flop.update: "},
    {"fractional FLOP", Kind::kCompletion, R"("update":"10")", R"("update":"10.0")",
     "predicate.flop.update: "},
    {"empty FLOP", Kind::kCompletion, R"("update":"10")", R"("update":"")",
     "predicate.flop.update: "},
    // undisclosed where it is not allowed
    {"count may not be undisclosed", Kind::kSegment, R"("lane":1)", R"("lane":"undisclosed")",
     "predicate.lane: may not be \"undisclosed\""},
    {"text may not be undisclosed", Kind::kDataset, R"("name":"wiki")", R"("name":"undisclosed")",
     "predicate.name: may not be \"undisclosed\""},
    {"text in a list may not be undisclosed", Kind::kDataset, R"(["EU"])", R"(["undisclosed"])",
     "predicate.geography[0]: may not be \"undisclosed\""},
    {"digest may not be undisclosed", Kind::kSegment, R"("run":"#3")", R"("run":"undisclosed")",
     "predicate.run: may not be \"undisclosed\""},
    {"digest in a list may not be undisclosed", Kind::kCompletion, R"(["#4","#5"])",
     R"(["#4","undisclosed"])", "predicate.last[1]: may not be \"undisclosed\""},
    {"FLOP may not be undisclosed", Kind::kSegment, R"("peak":"989400000000000")",
     R"("peak":"undisclosed")",
     "predicate.flop.update.methods[0].terms[0].peak: may not be \"undisclosed\""},
    {"flag may not be undisclosed", Kind::kRun, R"("retrospective":true)",
     R"("retrospective":"undisclosed")", "predicate.retrospective: may not be \"undisclosed\""},
    {"time may not be undisclosed", Kind::kDevice, R"("on":"2023-01-01T00:00:00.000Z")",
     R"("on":"undisclosed")", "predicate.acquired.on: may not be \"undisclosed\""},
    {"enum may not be undisclosed", Kind::kRun, R"("fine-tune")", R"("undisclosed")",
     "predicate.kind: unknown value \"undisclosed\""},
    // text and lists
    {"empty name", Kind::kDataset, R"("name":"wiki")", R"("name":"")", "predicate.name: empty"},
    {"name of spaces", Kind::kDataset, R"("name":"wiki")", R"("name":" \u3000")",
     "predicate.name: empty"},
    {"other spelling of undisclosed", Kind::kRun, R"("intended_deployment":"chat")",
     R"("intended_deployment":"Undisclosed ")",
     "predicate.intended_deployment: must be spelt \"undisclosed\""},
    {"empty list", Kind::kSegment, R"(["bf16","fp32"])", "[]", "predicate.precision: empty"},
    {"too many items", Kind::kPassport, R"(["fine-tuned-from","synthetic-data-from"])",
     R"(["a","a","a","a","a","a","a","a","a"])", "predicate.flop.edges: more than 8 items"},
    {"4097 bytes of text", Kind::kDataset, R"("wiki")", '"' + std::string(4097, 'x') + '"',
     "predicate.name: longer than 4096 bytes"},
    {"65537 bytes of a note", Kind::kRun, "ledger.example\\n7", std::string(65537, 'x'),
     "predicate.seen: longer than 65536 bytes"},
    {"line feed in text", Kind::kDataset, R"("wiki")", R"("wi\nki")",
     "predicate.name: control or invisible character at byte 2"},
    {"escape sequence in text", Kind::kDataset, R"("wiki")", R"("\u001b[31m")",
     "predicate.name: control or invisible character at byte 0"},
    {"C1 control in text", Kind::kDataset, R"("wiki")", R"("wiki\u0085")",
     "predicate.name: control or invisible character at byte 4"},
    {"bidirectional override in text", Kind::kDataset, R"(["EU"])", R"(["\u202eEU"])",
     "predicate.geography[0]: control or invisible character at byte 0"},
    {"carriage return in a note", Kind::kRun, "ledger.example\\n7", "ledger.example\\r\\n7",
     "predicate.seen: control or invisible character at byte 14"},
    {"control character in a note's last line", Kind::kRun, "sig\\n", "sig\\n\\u0007",
     "predicate.seen: control or invisible character"},
    // the verdict
    {"bad digest in a verdict", Kind::kVerdict, R"({"sha256":"#2"})", R"({"sha256":"2"})",
     "predicate.inputAttestations[0].digest.sha256: not 64 lowercase hex digits"},
    {"no policy in a verdict", Kind::kVerdict, R"("policy")", R"("policies")",
     "predicate.policy: required, but absent"},
    {"no attestation in a verdict", Kind::kVerdict,
     R"([{"uri":"passport","digest":{"sha256":"#2"}}])", "[]",
     "predicate.inputAttestations: empty"},
};

BOOST_DATA_TEST_CASE(refuses_bad_field, kRefusals) {
  const std::string text = Replace(Document(sample.kind), sample.from, sample.to);
  CHECK_ERROR(Read(sample.kind, text), ErrorCode::kMalformed, sample.reason);
}

BOOST_AUTO_TEST_CASE(table_has_its_cases) { BOOST_CHECK_EQUAL(kRefusals.size(), 92); }

BOOST_AUTO_TEST_CASE(refuses_what_is_not_an_object) {
  for (const Kind kind : test::AllKinds()) {
    for (const char* text : {"[]", "1", "\"undisclosed\"", "true"}) {
      CHECK_ERROR(Read(kind, text), ErrorCode::kMalformed, "predicate: expected an object, found ");
    }
    BOOST_CHECK(!Read(kind, "{}"));
  }
}

BOOST_AUTO_TEST_CASE(a_document_of_another_kind_is_refused) {
  for (const Kind kind : test::AllKinds()) {
    for (const Kind other : test::AllKinds()) {
      BOOST_CHECK_EQUAL(Read(kind, Document(other)).has_value(), kind == other);
    }
  }
}

BOOST_AUTO_TEST_CASE(paths_start_at_the_predicate_inside_a_statement) {
  const std::string bad =
      Replace(Document(Kind::kSegment), R"("units":8,"ms":3600001)", R"("ms":1)");
  REQUIRE_VALUE(const json::Tree tree, json::Parse("{\"predicate\":" + bad + "}"));
  CHECK_ERROR(ReadPredicate(Kind::kSegment, *tree.root().Find("predicate"), HeadRule::kRequired),
              ErrorCode::kMalformed, "predicate.usage[0].units: required, but absent");
}

BOOST_AUTO_TEST_CASE(a_draft_has_no_head) {
  const std::string text = Document(Kind::kRun);
  const std::string draft = "{" + text.substr(text.find(R"("kind")"));
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kRun, draft, HeadRule::kForbidden));
  BOOST_CHECK(!predicate.head());
  BOOST_CHECK_EQUAL(Write(predicate), draft);
  CHECK_ERROR(Read(Kind::kRun, text, HeadRule::kForbidden), ErrorCode::kMalformed,
              "predicate.head: the signer adds it");
  CHECK_ERROR(Read(Kind::kRun, draft), ErrorCode::kMalformed,
              "predicate.head: required, but absent");
}

BOOST_AUTO_TEST_CASE(the_signer_sets_the_head) {
  const std::string text = Document(Kind::kRun);
  REQUIRE_VALUE(const Predicate signed_one, Read(Kind::kRun, text));
  const Head head = *signed_one.head();
  BOOST_CHECK_EQUAL(FormatTimestamp(head.created), "2024-05-01T12:00:00.000Z");
  BOOST_CHECK_EQUAL(head.nonce, "0123456789abcdef0123456789abcdef");
  BOOST_CHECK_EQUAL(head.signer.ToString(), "key:" + std::string(64, '1'));
  BOOST_CHECK_EQUAL(static_cast<int>(head.ledger.span()[0]), 0x22);
  REQUIRE_VALUE(Predicate draft,
                Read(Kind::kRun, "{" + text.substr(text.find(R"("kind")")), HeadRule::kForbidden));
  draft.SetHead(head);
  BOOST_CHECK(draft.head() == head);
  BOOST_CHECK_EQUAL(Write(draft), text);
}

BOOST_AUTO_TEST_CASE(a_signer_may_be_an_identity) {
  const std::string digits(64, '1');
  std::string text =
      Replace(Document(Kind::kRun), R"("signer":"key:#1")", R"("signer":"identity:#1")");
  text = Replace(text, R"(["key:#c"])", R"(["identity:#c","key:#c","identity:#1"])");
  REQUIRE_VALUE(const Predicate run, Read(Kind::kRun, text));
  BOOST_CHECK_EQUAL(Write(run), text);
  BOOST_CHECK(run.head()->signer.form() == SignerId::Form::kIdentity);
  BOOST_CHECK_EQUAL(run.head()->signer.ToString(), "identity:" + digits);
  std::vector<std::string> recorders;
  for (const auto recorder : ReaderOf<wire::Run>(run).getRecorders()) {
    recorders.push_back(SignerIdOf(recorder).ToString());
  }
  const std::vector<std::string> expected = {"identity:" + std::string(64, 'c'),
                                             "key:" + std::string(64, 'c'), "identity:" + digits};
  BOOST_CHECK_EQUAL_COLLECTIONS(recorders.begin(), recorders.end(), expected.begin(),
                                expected.end());
  Predicate again = Predicate::New(Kind::kRun);
  again.SetHead(*run.head());
  BOOST_CHECK(again.head() == run.head());
  REQUIRE_VALUE(const Predicate with_key, Read(Kind::kRun, Document(Kind::kRun)));
  BOOST_CHECK(with_key.head() != run.head());
}

BOOST_AUTO_TEST_CASE(a_verdict_has_no_head_and_skips_what_it_does_not_know) {
  const std::string text = Document(Kind::kVerdict);
  const std::string foreign =
      Replace(Replace(text, R"({"verifier":{)",
                      R"({"head":7,"dependencyLevels":{"SLSA":1},"verifier":{"version":{},)"),
              R"("digest":{"sha256":"#1"})", R"("digest":{"gitCommit":"x","sha256":"#1"})");
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kVerdict, foreign));
  BOOST_CHECK(!predicate.head());
  BOOST_CHECK_EQUAL(Write(predicate), text);
}

BOOST_AUTO_TEST_CASE(counts_are_exact_at_every_boundary) {
  const std::vector<std::pair<std::string, uint64_t>> spellings = {
      {"0", 0},
      {"9007199254740991", 9007199254740991u},
      {"\"9007199254740992\"", 9007199254740992u},
      {"\"9007199254740993\"", 9007199254740993u},
      {"\"18446744073709551615\"", UINT64_MAX}};
  for (const auto& [spelling, value] : spellings) {
    const std::string text = Replace(Document(Kind::kSegment), R"("9007199254740993")", spelling);
    REQUIRE_VALUE(const Predicate predicate, Read(Kind::kSegment, text));
    BOOST_CHECK_EQUAL(ReaderOf<wire::Segment>(predicate).getTokens().getValue(), value);
    BOOST_CHECK_EQUAL(Write(predicate), text);
  }
}

BOOST_AUTO_TEST_CASE(flop_is_exact_in_128_bits) {
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kSegment, Document(Kind::kSegment)));
  const auto update = ReaderOf<wire::Segment>(predicate).getFlop().getUpdate().getStated();
  const auto amount = update.getAmount().getValue();
  BOOST_CHECK_EQUAL(amount.getHigh(), UINT64_MAX);
  BOOST_CHECK_EQUAL(amount.getLow(), UINT64_MAX);
  const auto result = update.getMethods()[1].getResult().getValue();  // 2^64
  BOOST_CHECK_EQUAL(result.getHigh(), 1);
  BOOST_CHECK_EQUAL(result.getLow(), 0);
}

// S4's three states of one field, told apart by their readers and written back as they were.
BOOST_AUTO_TEST_CASE(absent_undisclosed_and_zero_are_three_things) {
  const auto energy = [](const char* member) {
    const std::string text = Replace(Document(Kind::kSegment), R"("energy_j":5000,)", member);
    REQUIRE_VALUE(Predicate predicate, Read(Kind::kSegment, text));
    BOOST_CHECK_EQUAL(Write(predicate), text);
    return predicate;
  };
  const Predicate absent = energy(""), undisclosed = energy(R"("energy_j":"undisclosed",)"),
                  zero = energy(R"("energy_j":0,)");
  BOOST_CHECK(!ReaderOf<wire::Segment>(absent).hasEnergyJ());
  BOOST_CHECK(ReaderOf<wire::Segment>(undisclosed).getEnergyJ().isUndisclosed());
  BOOST_CHECK(ReaderOf<wire::Segment>(zero).hasEnergyJ());
  BOOST_CHECK(ReaderOf<wire::Segment>(zero).getEnergyJ().isValue());
}

BOOST_AUTO_TEST_CASE(an_empty_list_is_not_an_absent_one) {
  const std::string inputs = R"("inputs":[{"type":"merged-from","model":"#3","statement":"#4",)"
                             R"("weight_ppm":500000},{"type":"distilled-from",)"
                             R"("model":"undisclosed","statement":"undisclosed"}],)";
  const std::string empty = Replace(Document(Kind::kRun), inputs, R"("inputs":[],)");
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kRun, empty));
  BOOST_CHECK_EQUAL(Write(predicate), empty);
  CHECK_ERROR(Read(Kind::kRun, Replace(Document(Kind::kRun), inputs, "")), ErrorCode::kMalformed,
              "predicate.inputs: required, but absent");
}

BOOST_AUTO_TEST_CASE(undisclosed_stands_for_whole_lists_and_figures) {
  const std::string run =
      Replace(Document(Kind::kRun), R"([{"statement":"#5","role":"train"}])", R"("undisclosed")");
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kRun, run));
  BOOST_CHECK(ReaderOf<wire::Run>(predicate).getDatasets().isUndisclosed());
  BOOST_CHECK_EQUAL(Write(predicate), run);
  REQUIRE_VALUE(const Predicate segment, Read(Kind::kSegment, Document(Kind::kSegment)));
  BOOST_CHECK(ReaderOf<wire::Segment>(segment).getFlop().getTotal().isUndisclosed());
}

BOOST_AUTO_TEST_CASE(text_may_be_as_long_as_its_limit) {
  const std::string longest =
      Replace(Document(Kind::kDataset), R"("wiki")", '"' + std::string(kMaxTextBytes, 'x') + '"');
  REQUIRE_VALUE(const Predicate predicate, Read(Kind::kDataset, longest));
  BOOST_CHECK_EQUAL(Write(predicate), longest);
}

BOOST_AUTO_TEST_CASE(an_empty_predicate_is_written_as_an_empty_object) {
  for (const Kind kind : test::AllKinds()) {
    BOOST_CHECK_EQUAL(Write(Predicate::New(kind)), "{}");
  }
}

constexpr std::string_view kDeviceDraft =
    R"({"id":"aws:i-0123456789abcdef0","vendor":7,"chip":"h100-sxm5"})";

Result<Predicate> ReadDevice(std::string_view text, std::vector<std::string_view> left_out) {
  CARNET_TRY(const json::Tree tree, json::Parse(text));
  return ReadDraft(Kind::kDevice, tree.root(), left_out);
}

BOOST_AUTO_TEST_CASE(fields_left_out_of_a_draft_are_neither_read_nor_required) {
  CHECK_ERROR(ReadDevice(kDeviceDraft, {}), ErrorCode::kMalformed, "predicate.vendor: expected");
  CHECK_ERROR(ReadDevice(kDeviceDraft, {"vendor"}), ErrorCode::kMalformed,
              "predicate.units: required, but absent");
  REQUIRE_VALUE(const Predicate device, ReadDevice(kDeviceDraft, {"units", "vendor"}));
  BOOST_CHECK_EQUAL(Write(device), R"({"id":"aws:i-0123456789abcdef0","chip":"h100-sxm5"})");
}

BOOST_AUTO_TEST_CASE(leaving_a_field_out_of_a_draft_takes_no_other) {
  CHECK_ERROR(ReadDevice(R"({"head":{}})", {"head", "id", "units", "vendor"}),
              ErrorCode::kMalformed, "predicate.head: the signer adds it");
  CHECK_ERROR(ReadDevice(R"({"colour":1})", {"colour", "id", "units", "vendor"}),
              ErrorCode::kMalformed, "predicate.colour: unknown field");
  CHECK_ERROR(ReadDevice(R"({"cluster":{"fabric_gbps":1}})", {"name", "id", "units", "vendor"}),
              ErrorCode::kMalformed, "predicate.cluster.name: required, but absent");
}

BOOST_AUTO_TEST_CASE(names_are_converted_by_one_rule) {
  BOOST_CHECK_EQUAL(JsonEnumName("fineTunedFrom"), "fine-tuned-from");
  BOOST_CHECK_EQUAL(JsonEnumName("smActive"), "sm-active");
  BOOST_CHECK_EQUAL(JsonEnumName("fp32"), "fp32");
}

}  // namespace
}  // namespace carnet::schemas
