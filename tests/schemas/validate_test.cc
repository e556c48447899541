#include "schemas/validate.h"

#include "schemas/readers.h"
#include "tests/schemas/documents.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

using test::Document;
using test::Expand;
using test::Read;
using test::Replace;

constexpr std::string_view kAfterHead = R"("nonce":"0123456789abcdef0123456789abcdef"},)";

// The head of a document, and a body of its own.
std::string WithBody(Kind kind, std::string_view body) {
  const std::string text = Document(kind);
  return text.substr(0, text.find(kAfterHead) + kAfterHead.size()) + Expand(body) + "}";
}

std::string Cpu(std::string_view id) {
  return WithBody(Kind::kDevice,
                  R"("id":")" + std::string(id) +
                      R"(","units":1,"vendor":"amd","cpu":{"model":"epyc","cores":2,)"
                      R"("f32_lanes":8,"fma_units":2,"nominal_hz":2400000000,)"
                      R"("maximum_hz":3700000000,"used_hz":2400000000})");
}

struct Accepted {
  const char* name;
  Kind kind;
  std::string text;
};
std::ostream& operator<<(std::ostream& out, const Accepted& a) { return out << a.name; }

constexpr std::string_view kAborted =
    R"("run":"#3","last":[],"outcome":"aborted","reason":"power","segments":[],"tokens":0,)"
    R"("flop":{},"run_id":"#4")";
constexpr std::string_view kPool =
    R"("holders":["key:#1"],"pool":"a3","window":{"from":"2024-01-01T00:00:00.000Z",)"
    R"("to":"2024-02-01T00:00:00.000Z"})";

constexpr std::string_view kData = R"([{"statement":"#5","role":"train"}])";

const std::vector<Accepted> kAccepted = {
    {"declared cpu", Kind::kDevice, Cpu("declared:key:#1:laptop-2.lab")},
    {"declared by an identity", Kind::kDevice,
     Replace(Cpu("declared:identity:#1:laptop"), R"("signer":"key:#1")",
             R"("signer":"identity:#1")")},
    {"label of 64", Kind::kDevice, Cpu("declared:key:#1:#a")},
    {"amd chip", Kind::kDevice, Cpu("amd:sev:#1#2")},
    {"amd chip, Turin", Kind::kDevice, Cpu("amd:sev:0123456789abcdef")},
    {"intel platform", Kind::kDevice, Cpu("intel:pck:0123456789abcdef0123456789abcdef")},
    {"tpm", Kind::kDevice, Cpu("tpm:ek:#5")},
    {"instance", Kind::kDevice, Cpu("aws:i-0123456789abcdef0")},
    {"one id for several units", Kind::kDevice,
     WithBody(
         Kind::kDevice,
         R"("id":"aws:i-0123456789abcdef0","units":8,"vendor":"nvidia","chip":"undisclosed")")},
    {"allocation of a pool", Kind::kAllocation, WithBody(Kind::kAllocation, kPool)},
    {"a recorder's key and an identity of its bytes", Kind::kRun,
     Replace(Document(Kind::kRun), R"(["key:#c"])", R"(["key:#c","identity:#c"])")},
    {"aborted before its first segment", Kind::kCompletion, WithBody(Kind::kCompletion, kAborted)},
    {"sources undisclosed", Kind::kDataset,
     WithBody(Kind::kDataset,
              R"("name":"d","size":{"bytes":"undisclosed"},"sources":"undisclosed","data":"#1",)"
              R"("data_basis":"manifest")")},
    {"bytes undisclosed beside files", Kind::kDataset,
     Replace(Document(Kind::kDataset), R"("size":{"bytes":9007199254740991,)",
             R"("size":{"bytes":"undisclosed",)")},
    {"data undisclosed", Kind::kRun, Replace(Document(Kind::kRun), kData, R"("undisclosed")")},
    {"conversion without data", Kind::kRun,
     Replace(Replace(Document(Kind::kRun), kData, "[]"), R"("fine-tune")", R"("quantisation")")},
    {"active parameters beside an undisclosed total", Kind::kPassport,
     Replace(Document(Kind::kPassport), R"("total":867000)", R"("total":"undisclosed")")},
    {"same device in two allocations", Kind::kSegment,
     Replace(Document(Kind::kSegment), R"({"device":"#7","units":1,"ms":0})",
             R"({"device":"#7","allocation":"#9","units":1,"ms":0})")},
};

BOOST_DATA_TEST_CASE(accepts_every_honest_form, kAccepted) {
  const auto read = Read(sample.kind, Expand(sample.text));
  BOOST_CHECK_MESSAGE(read.has_value(), (read ? "" : read.error().message));
}

struct Refusal {
  const char* name;
  Kind kind;
  std::string text;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Refusal& r) { return out << r.name; }

std::string Changed(Kind kind, std::string_view from, std::string_view to) {
  return Replace(Document(kind), from, to);
}

const std::string kUuid = "nvidia:gpu:00000000-0000-0000-0000-00000000000";

const std::vector<Refusal> kRefusals = {
    // dataset
    {"generator of public data", Kind::kDataset,
     Changed(Kind::kDataset, R"({"kind":"public"})", R"({"kind":"public","generator":"#1"})"),
     "predicate.sources[2].generator: not allowed on a source that is not synthetic"},
    {"generator model of crawled data", Kind::kDataset,
     Changed(Kind::kDataset, R"({"kind":"public"})",
             R"({"kind":"crawled","generator_model":"undisclosed"})"),
     "predicate.sources[2].generator_model: not allowed"},
    {"publicness of licensed data", Kind::kDataset,
     Changed(Kind::kDataset, R"({"kind":"public"})",
             R"({"kind":"licensed","generator_public":true})"),
     "predicate.sources[2].generator_public: not allowed"},
    {"generation FLOP of users' data", Kind::kDataset,
     Changed(Kind::kDataset, R"({"kind":"public"})",
             R"({"kind":"user","generation_flop":"undisclosed"})"),
     "predicate.sources[2].generation_flop: not allowed"},
    {"generator and its model", Kind::kDataset,
     Changed(Kind::kDataset, R"("generator":"#3")", R"("generator":"#3","generator_model":"#4")"),
     "predicate.sources[0].generator_model: not allowed together with generator"},
    {"no sources", Kind::kDataset,
     WithBody(Kind::kDataset,
              R"("name":"d","size":{"bytes":1},"sources":[],"data":"#1","data_basis":"manifest")"),
     "predicate.sources: empty"},
    {"data that are not the files", Kind::kDataset, Changed(Kind::kDataset, "4fe667b2", "4fe667b3"),
     "predicate.data: not the digest of the files"},
    {"other size than the files'", Kind::kDataset,
     Changed(Kind::kDataset, R"("bytes":12)", R"("bytes":13)"),
     "predicate.size.bytes: not the sum of the files' bytes"},
    {"files not in order", Kind::kDataset,
     Changed(Kind::kDataset, R"("path":"a.txt")", R"("path":"c.txt")"),
     "predicate.files[1].path: not in order"},
    {"file twice", Kind::kDataset, Changed(Kind::kDataset, R"("a.txt")", R"("b/c.txt")"),
     "predicate.files[1].path: appears more than once"},
    {"climbing path", Kind::kDataset, Changed(Kind::kDataset, R"("a.txt")", R"("../a.txt")"),
     "predicate.files[0].path: has a . or .. component"},
    // device
    {"unknown form of id", Kind::kDevice, Cpu("serial:123"),
     "predicate.id: not a canonical device"},
    {"id in capitals", Kind::kDevice, Cpu("tpm:ek:#A"), "predicate.id: not a canonical id after"},
    {"uuid as nvidia-smi prints it", Kind::kDevice, Cpu("GPU-5B3CA1D0-0000-4000-8000-0000000000FF"),
     "predicate.id: not a canonical device id: write "
     "nvidia:gpu:5b3ca1d0-0000-4000-8000-0000000000ff"},
    {"MIG instance", Kind::kDevice, Cpu("MIG-ce861fb0-a248-58ce-a9a8-f9adbc22a66a"),
     "predicate.id: a MIG instance is a part of a GPU; write the GPU's id, nvidia:gpu:<uuid>"},
    {"uuid with prefix", Kind::kDevice, Cpu("nvidia:gpu:gpu-00000000-0000-0000-0000-000000000001"),
     "predicate.id: not a canonical id after"},
    {"uuid with a dash too few", Kind::kDevice,
     Cpu("nvidia:gpu:000000000000-0000-0000-000000000001a"),
     "predicate.id: not a canonical id after"},
    {"short chip id", Kind::kDevice, Cpu("amd:sev:#1"), "predicate.id: not a canonical id after"},
    {"declared without label", Kind::kDevice, Cpu("declared:key:#1:"),
     "predicate.id: not a canonical id after"},
    {"declared with a capital", Kind::kDevice, Cpu("declared:key:#1:Laptop"),
     "predicate.id: not a canonical id after"},
    {"label of 65", Kind::kDevice, Cpu("declared:key:#1:#aa"),
     "predicate.id: not a canonical id after"},
    {"declared under another's key", Kind::kDevice, Cpu("declared:key:#9:laptop"),
     "predicate.id: declared by "
     "key:9999999999999999999999999999999999999999999999999999999999999999"
     ", which is not the signer"},
    {"declared under an identity of the key's bytes", Kind::kDevice,
     Cpu("declared:identity:#1:laptop"), "predicate.id: declared by identity:1111"},
    {"declared under another's identity", Kind::kDevice,
     Replace(Cpu("declared:identity:#9:laptop"), R"("signer":"key:#1")",
             R"("signer":"identity:#1")"),
     "predicate.id: declared by identity:9999"},
    {"declared under no signer id", Kind::kDevice, Cpu("declared:mail:#1:laptop"),
     "predicate.id: not a canonical id after"},
    {"declared under an identity in capitals", Kind::kDevice, Cpu("declared:identity:#A:laptop"),
     "predicate.id: not a canonical id after"},
    {"no unit", Kind::kDevice, Replace(Cpu("tpm:ek:#5"), R"("units":1)", R"("units":0)"),
     "predicate.units: must be at least 1"},
    {"cpu of two units", Kind::kDevice, Replace(Cpu("tpm:ek:#5"), R"("units":1)", R"("units":2)"),
     "predicate.units: must be 1 for a cpu"},
    {"chip and cpu", Kind::kDevice,
     Replace(Cpu("tpm:ek:#5"), R"("vendor":"amd")", R"("vendor":"amd","chip":"mi300x")"),
     "predicate.chip: exactly one of chip and cpu is required"},
    {"peaks of a cpu", Kind::kDevice,
     Replace(Cpu("tpm:ek:#5"), R"("vendor":"amd")",
             R"("vendor":"amd","declared_peaks":{"peaks":[{"precision":"bf16","flops":"1"}],)"
             R"("source":"a sheet"})"),
     "predicate.declared_peaks: not allowed for a cpu"},
    {"peaks of an undisclosed chip", Kind::kDevice,
     Changed(Kind::kDevice, R"("chip":"h100-sxm")", R"("chip":"undisclosed")"),
     "predicate.declared_peaks: not allowed where the chip is undisclosed"},
    {"a peak of nothing", Kind::kDevice,
     Changed(Kind::kDevice, R"("flops":"100000000000000")", R"("flops":"0")"),
     "predicate.declared_peaks.peaks[1].flops: must be above 0"},
    {"two peaks in one precision", Kind::kDevice,
     Changed(Kind::kDevice, R"("precision":"fp8")", R"("precision":"bf16")"),
     "predicate.declared_peaks.peaks[1].precision: appears more than once"},
    {"neither chip nor cpu", Kind::kDevice, Changed(Kind::kDevice, R"("chip":"h100-sxm",)", ""),
     "exactly one of chip and cpu is required"},
    {"members outside a group", Kind::kDevice,
     Replace(Cpu("tpm:ek:#5"), R"("units":1)", R"("members":["tpm:ek:#5"],"units":1)"),
     "predicate.members: not allowed outside a group"},
    {"group without members", Kind::kDevice,
     Changed(Kind::kDevice, R"("members":[")" + kUuid + R"(0",")" + kUuid + R"(1"],)", ""),
     "predicate.members: required in a group"},
    {"members not in order", Kind::kDevice,
     Changed(Kind::kDevice, '"' + kUuid + R"(0",")" + kUuid + R"(1")",
             '"' + kUuid + R"(1",")" + kUuid + R"(0")"),
     "predicate.members[1]: not in order"},
    {"member twice", Kind::kDevice, Changed(Kind::kDevice, kUuid + "1", kUuid + "0"),
     "predicate.members[1]: not in order, or appears more than once"},
    {"member that is a group", Kind::kDevice, Changed(Kind::kDevice, kUuid + "1", "group:#1"),
     "predicate.members[1]: not a canonical device id"},
    {"other members than hashed", Kind::kDevice, Changed(Kind::kDevice, kUuid + "1", kUuid + "2"),
     "predicate.id: not the hash of the members"},
    {"more members than units", Kind::kDevice,
     Changed(Kind::kDevice, R"("units":2)", R"("units":1)"),
     "predicate.units: must be the number of members"},
    {"more units than members", Kind::kDevice,
     Changed(Kind::kDevice, R"("units":2)", R"("units":3)"),
     "predicate.units: must be the number of members"},
    // allocation
    {"devices and pool", Kind::kAllocation,
     Changed(Kind::kAllocation, R"("devices":["#e","#f"])", R"("devices":["#e"],"pool":"a3")"),
     "predicate.pool: not allowed together with devices"},
    {"holder twice", Kind::kAllocation, Changed(Kind::kAllocation, "key:#a", "key:#1"),
     "predicate.holders[1]: appears more than once"},
    {"identity twice among holders", Kind::kAllocation,
     Changed(Kind::kAllocation, "key:#a", "identity:#1"),
     "predicate.holders[2]: appears more than once"},
    // run
    {"no lane", Kind::kRun, Changed(Kind::kRun, R"("lanes":2)", R"("lanes":0)"),
     "predicate.lanes: must be at least 1"},
    {"pre-training without data", Kind::kRun,
     Replace(Changed(Kind::kRun, kData, "[]"), R"("fine-tune")", R"("pre-training")"),
     "predicate.datasets: empty in a run that trains"},
    {"fine-tuning without data", Kind::kRun, Changed(Kind::kRun, kData, "[]"),
     "predicate.datasets: empty in a run that trains"},
    {"reinforcement learning without data", Kind::kRun,
     Replace(Changed(Kind::kRun, kData, "[]"), R"("fine-tune")", R"("reinforcement-learning")"),
     "predicate.datasets: empty in a run that trains"},
    {"distillation without data", Kind::kRun,
     Replace(Changed(Kind::kRun, kData, "[]"), R"("fine-tune")", R"("distillation")"),
     "predicate.datasets: empty in a run that trains"},
    {"adapter without data", Kind::kRun,
     Replace(Changed(Kind::kRun, kData, "[]"), R"("fine-tune")", R"("adapter")"),
     "predicate.datasets: empty in a run that trains"},
    {"recorder twice", Kind::kRun, Changed(Kind::kRun, R"(["key:#c"])", R"(["key:#c","key:#c"])"),
     "predicate.recorders[1]: appears more than once"},
    {"identity twice among recorders", Kind::kRun,
     Changed(Kind::kRun, R"(["key:#c"])", R"(["identity:#c","key:#c","identity:#c"])"),
     "predicate.recorders[2]: appears more than once"},
    {"merge weight on another edge", Kind::kRun,
     Changed(Kind::kRun, R"("merged-from")", R"("adapter-on")"),
     "predicate.inputs[0].weight_ppm: not allowed except on a merged-from edge"},
    // segment
    {"previous at seq 0", Kind::kSegment, Changed(Kind::kSegment, R"("seq":2)", R"("seq":0)"),
     "predicate.previous: not allowed at seq 0"},
    {"no previous above seq 0", Kind::kSegment, Changed(Kind::kSegment, R"("previous":"#4",)", ""),
     "predicate.previous: required above seq 0"},
    {"no receipt at seq 0", Kind::kSegment,
     Changed(Kind::kSegment,
             R"("seq":2,"previous":"#4","weights_from":"#5","after":{"index":9,"root":"#6"})",
             R"("seq":0)"),
     "predicate.after: required at seq 0"},
    {"no unit used", Kind::kSegment, Changed(Kind::kSegment, R"("units":1)", R"("units":0)"),
     "predicate.usage[1].units: must be at least 1"},
    {"device and allocation twice", Kind::kSegment,
     Changed(Kind::kSegment, R"({"device":"#7","units":1,"ms":0})",
             R"({"device":"#7","allocation":"#8","units":1,"ms":0})"),
     "predicate.usage[1]: appears more than once"},
    {"device without allocation twice", Kind::kSegment,
     Changed(Kind::kSegment, R"("device":"#7","allocation":"#8")", R"("device":"#7")"),
     "predicate.usage[1]: appears more than once"},
    {"precision twice", Kind::kSegment,
     Changed(Kind::kSegment, R"(["bf16","fp32"])", R"(["bf16","fp32","bf16"])"),
     "predicate.precision[2]: appears more than once"},
    {"weight set twice", Kind::kSegment,
     Changed(Kind::kSegment, R"([{"set":"model.safetensors","root":"#a"}])",
             R"([{"set":"m","root":"#a"},{"set":"m","root":"#b"}])"),
     "predicate.tensor_roots[1].set: appears more than once"},
    // completion
    {"fewer segment counts than lanes", Kind::kCompletion,
     Changed(Kind::kCompletion, "[3,4]", "[3]"),
     "predicate.segments: must have one number for each item of last"},
    {"completed without model", Kind::kCompletion,
     Changed(Kind::kCompletion, R"("model":"#7",)", ""),
     "predicate.model: required in a completed run"},
    {"completed with a reason", Kind::kCompletion,
     Changed(Kind::kCompletion, R"("completed")", R"("completed","reason":"done")"),
     "predicate.reason: not allowed in a completed run"},
    {"completed with a run's id", Kind::kCompletion,
     Changed(Kind::kCompletion, R"("model":"#7")", R"("model":"#7","run_id":"#1")"),
     "predicate.run_id: not allowed in a completed run"},
    {"weight set twice in a completion", Kind::kCompletion,
     Changed(Kind::kCompletion, R"([{"set":"model.safetensors","root":"#8"}])",
             R"([{"set":"m","root":"#a"},{"set":"m","root":"#b"}])"),
     "predicate.tensor_roots[1].set: appears more than once"},
    {"aborted without reason", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"("reason":"power",)", ""),
     "predicate.reason: required in an aborted run"},
    {"aborted without the run's id", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"(,"run_id":"#4")", ""),
     "predicate.run_id: required in an aborted run"},
    {"aborted with a model", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"("run_id")", R"("model":"#1","run_id")"),
     "predicate.model: not allowed in an aborted run"},
    {"aborted with tensor roots", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"("run_id")", R"("tensor_roots":[],"run_id")"),
     "predicate.tensor_roots: not allowed in an aborted run"},
    {"aborted and converted", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"("run_id")",
             R"("converted":{"tool":"t","reason":"r"},"run_id")"),
     "predicate.converted: not allowed in an aborted run"},
    {"aborted with parameters", Kind::kCompletion,
     Replace(WithBody(Kind::kCompletion, kAborted), R"("run_id")",
             R"("parameters":{"total":1},"run_id")"),
     "predicate.parameters: not allowed in an aborted run"},
    {"no experts", Kind::kCompletion, Changed(Kind::kCompletion, R"("count":8)", R"("count":0)"),
     "predicate.parameters.experts.count: must be at least 1"},
    {"no active expert", Kind::kCompletion,
     Changed(Kind::kCompletion, R"("active_per_token":2)", R"("active_per_token":0)"),
     "predicate.parameters.experts.active_per_token: must be from 1 to count"},
    {"more active experts than there are", Kind::kCompletion,
     Changed(Kind::kCompletion, R"("active_per_token":2)", R"("active_per_token":9)"),
     "predicate.parameters.experts.active_per_token: must be from 1 to count"},
    {"experts numbered in two places", Kind::kCompletion,
     Changed(Kind::kCompletion, "{expert}.*", "{expert}.{expert}"),
     "predicate.parameters.experts.tensors[0]: expected a tensor name with `*` and at most one"},
    {"misspelt expert", Kind::kCompletion, Changed(Kind::kCompletion, "{expert}", "{experts}"),
     "predicate.parameters.experts.tensors[0]: expected a tensor name"},
    {"fewer active parameters without experts", Kind::kCompletion,
     Changed(Kind::kCompletion,
             R"(,"experts":{"count":8,"active_per_token":2,)"
             R"("tensors":["model.layers.*.experts.{expert}.*.weight"]})",
             ""),
     "predicate.parameters.experts: required where active is below total"},
    // passport
    {"model digest of other files", Kind::kPassport,
     Changed(Kind::kPassport, R"("path":"config.json","sha256":"#a")",
             R"("path":"config.json","sha256":"#c")"),
     "predicate.model: not the digest of the files"},
    {"file renamed", Kind::kPassport, Changed(Kind::kPassport, R"("config.json")", R"("config")"),
     "predicate.model: not the digest of the files"},
    {"files out of order", Kind::kPassport,
     Changed(Kind::kPassport, R"("config.json")", R"("zonfig.json")"),
     "predicate.files[1].path: not in order"},
    {"edge type twice", Kind::kPassport,
     Changed(Kind::kPassport, R"("synthetic-data-from")", R"("fine-tuned-from")"),
     "predicate.flop.edges[1]: appears more than once"},
    {"more active parameters than all", Kind::kPassport,
     Changed(Kind::kPassport, R"("active":867000)", R"("active":867001)"),
     "predicate.parameters.active: more than total"},
    {"weight set twice in a passport", Kind::kPassport,
     Changed(Kind::kPassport, R"([{"set":"weights/model.safetensors","root":"#c"}])",
             R"([{"set":"m","root":"#a"},{"set":"m","root":"#b"}])"),
     "predicate.tensor_roots[1].set: appears more than once"},
};

BOOST_DATA_TEST_CASE(refuses_fields_that_contradict, kRefusals) {
  CHECK_ERROR(Read(sample.kind, Expand(sample.text)), ErrorCode::kMalformed, sample.reason);
}

BOOST_AUTO_TEST_CASE(tables_have_their_cases) {
  BOOST_CHECK_EQUAL(kAccepted.size(), 18);
  BOOST_CHECK_EQUAL(kRefusals.size(), 85);
}

BOOST_AUTO_TEST_CASE(a_draft_may_declare_a_device_before_its_signer_is_known) {
  const std::string text = Cpu("declared:key:#9:laptop");
  const std::string draft = "{" + text.substr(text.find(kAfterHead) + kAfterHead.size());
  BOOST_CHECK(Read(Kind::kDevice, Expand(draft), HeadRule::kForbidden));
}

}  // namespace
}  // namespace carnet::schemas
