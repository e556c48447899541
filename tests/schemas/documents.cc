#include "tests/schemas/documents.h"

#include <boost/test/unit_test.hpp>

#include "json/reader.h"

namespace carnet::schemas::test {
namespace {

constexpr std::string_view kHead =
    R"({"head":{"signer":"key:#1","ledger":"#2","created":"2024-05-01T12:00:00.000Z",)"
    R"("nonce":"0123456789abcdef0123456789abcdef"},)";

constexpr std::string_view kFlop =
    R"({"amount":"340282366920938463463374607431768211455","method":"hardware","methods":[)"
    R"({"method":"hardware","result":"3165","basis":"sm-active","terms":[{"units":8,"ms":1000,)"
    R"("peak":"989400000000000","utilisation_ppm":1000000}]},)"
    R"({"method":"architecture","result":"18446744073709551616","tokens":10,"parameters":5,)"
    R"("classes":[{"treatment":"frozen-under-training","parameters":5,"tensors":["h.*.weight"]},)"
    R"({"treatment":"lookup","parameters":0,"tables":[{"tensor":"wte.weight","role":"token",)"
    R"("rows":50257,"columns":768}]}],)"
    R"("attention_per_token":"0"},)"
    R"({"method":"declared","result":"7","source":"profiler"}],"precision":"bf16",)"
    R"("sequence_length":2048,"recomputation_excluded":true,"padding_excluded":false,)"
    R"("power_cap_w":700,"margin_ppm":300000})";

// The data digest is the SHA-256 of `printf '%s  %s\n' 77…7 a.txt 88…8 b/c.txt`.
std::string Dataset() {
  return R"("name":"wiki","version":"2","modality":["text","code"],)"
         R"("size":{"bytes":9007199254740991,"records":"9007199254740992","tokens":"undisclosed"},)"
         R"("sources":[{"kind":"synthetic","description":"poems","uri":"https://example.com/p",)"
         R"("generator":"#3","generator_public":false,"generation_flop":)" +
         std::string(kFlop) +
         R"(},{"kind":"synthetic","generator_model":"#4","generation_flop":"undisclosed"},)"
         R"({"kind":"public"}],"collected":{"from":"2020-01-01T00:00:00.000Z",)"
         R"("to":"2021-01-01T00:00:00.000Z"},"licence":"CC-BY-4.0","geography":["EU"],)"
         R"("derived_from":["#5"],"processing":["deduplicated"],"data":)"
         R"("4fe667b252074ab6775f6febbf360ce307518858b21cc7e77e82af4d1ebcd107","data_basis":"files",)"
         R"("files":[{"path":"a.txt","sha256":"#7","bytes":9007199254740979},)"
         R"({"path":"b/c.txt","sha256":"#8","bytes":12}]})";
}

// The id is the SHA-256 of `printf 'nvidia:gpu:<uuid 0>\nnvidia:gpu:<uuid 1>\n'`.
constexpr std::string_view kDevice =
    R"("id":"group:e166a2a41c29f894041e8e67ba7c5806ce77e0260cf527863b784131d1cf9a4f","members":["nvidia:gpu:00000000-0000-0000-0000-000000000000",)"
    R"("nvidia:gpu:00000000-0000-0000-0000-000000000001"],"units":2,"vendor":"nvidia",)"
    R"("chip":"h100-sxm","host":"undisclosed","cluster":{"name":"c1","fabric_gbps":400,)"
    R"("dense_peak":"1978800000000000"},"acquired":{"on":"2023-01-01T00:00:00.000Z",)"
    R"("licence":"undisclosed"},"location":{"jurisdiction":"DE","method":"contract",)"
    R"("asserted_by":"operator"},"evidence":[{"type":"nvidia-gpu-attestation","digest":"#9",)"
    R"("binds":"uuid"}],"declared_peaks":{"peaks":[{"precision":"bf16",)"
    R"("flops":"50000000000000"},{"precision":"fp8","flops":"100000000000000"}],)"
    R"("source":"data sheet of 2026"}})";

constexpr std::string_view kAllocation =
    R"("holders":["key:#1","key:#a","identity:#1"],"seller":"#b","buyer":"undisclosed","beneficial_owner":"#c",)"
    R"("kyc":{"status":"not-done","by":"undisclosed","on":"2024-01-01T00:00:00.000Z",)"
    R"("until":"2025-01-01T00:00:00.000Z"},"parent":"#d","devices":["#e","#f"],)"
    R"("window":{"from":"2024-01-01T00:00:00.000Z","to":"2024-12-31T23:59:59.999Z"},)"
    R"("device_ms":3600000,"jurisdictions":{"buyer":"US","site":"undisclosed"},)"
    R"("purpose":"training","authorised_by":"sales"})";

constexpr std::string_view kRun =
    R"("kind":"fine-tune","inputs":[{"type":"merged-from","model":"#3","statement":"#4",)"
    R"("weight_ppm":500000},{"type":"distilled-from","model":"undisclosed",)"
    R"("statement":"undisclosed"}],"datasets":[{"statement":"#5","role":"train"}],)"
    R"("code":{"uri":"https://example.com/r","revision":"abc","digest":"#6"},)"
    R"("configuration":"#7","environment":"torch 1.13.1","initial":"undisclosed",)"
    R"("seed_commitment":"#8","data_order_commitment":"#9","devices":["#a"],)"
    R"("allocations":["#b"],"recorders":["key:#c"],"lanes":2,"opened_by":"undisclosed",)"
    R"("authorised_by":"board","intended_deployment":"chat","planned_flop":"1000000",)"
    R"("seen":"ledger.example\n7\nAAAA\n\n— ledger.example sig\n","retrospective":true})";

std::string Segment() {
  return R"("run":"#3","lane":1,"seq":2,"previous":"#4","weights_from":"#5",)"
         R"("after":{"index":9,"root":"#6"},"steps":{"from":0,"to":100},)"
         R"("tokens":"9007199254740993","time":{"from":"2024-05-01T10:00:00.000Z",)"
         R"("to":"2024-05-01T11:00:00.001Z"},"flop":{"update":)" +
         std::string(kFlop) +
         R"(,"total":"undisclosed"},"usage":[{"device":"#7","allocation":"#8","units":8,)"
         R"("ms":3600001},{"device":"#7","units":1,"ms":0}],"precision":["bf16","fp32"],)"
         R"("model":"#9","tensor_roots":[{"set":"model.safetensors","root":"#a"}],)"
         R"("energy_j":5000,"metrics":[{"name":"loss","value":"2.46"}]})";
}

constexpr std::string_view kCompletion =
    R"("run":"#3","last":["#4","#5"],"after":{"index":12,"root":"#6"},"outcome":"completed",)"
    R"("segments":[3,4],"tokens":1000,"flop":{"update":"10","total":"undisclosed"},"model":"#7",)"
    R"("tensor_roots":[{"set":"model.safetensors","root":"#8"}],)"
    R"("converted":{"tool":"convert.py","reason":"opaque checkpoint"},)"
    R"("parameters":{"total":46702792704,"active":12879925248,"experts":{"count":8,)"
    R"("active_per_token":2,"tensors":["model.layers.*.experts.{expert}.*.weight"]}}})";

// The model digest is the SHA-256 of
// `printf '%s  %s\n' aa…a config.json bb…b weights/model.safetensors`.
constexpr std::string_view kPassport =
    R"("completion":"#3","after":{"index":13,"root":"#4"},)"
    R"("model":"5e1b17a7191c5a033d39c252ad440579f2a15057b4c93f64aeef28863f43b9c1",)"
    R"("files":[{"path":"config.json","sha256":"#a","bytes":10},)"
    R"({"path":"weights/model.safetensors","sha256":"#b","bytes":"18446744073709551615"}],)"
    R"("tensor_roots":[{"set":"weights/model.safetensors","root":"#c"}],"oms_root":"#d",)"
    R"("name":"tiny","version":"1","parameters":{"total":867000,"active":867000},)"
    R"("flop":{"parameter_update":"undisclosed","cumulative":"12","edges":["fine-tuned-from",)"
    R"("synthetic-data-from"]},"intended_deployment":"research","restrictions":["no weapons"],)"
    R"("evaluations":[{"name":"mmlu","by":"us","result":"0.25","uri":"https://example.com/e"}],)"
    R"("inference_flop_per_token":"1734000","licence":"apache-2.0","supersedes":"#e",)"
    R"("parent_tensors":[{"leaves":["#f","#1"]},{"leaves":["#2"]}],)"
    R"("not_covered":["README.md","*.png"]})";

constexpr std::string_view kVerdict =
    R"({"verifier":{"id":"https://carnet.example/verifier"},)"
    R"("timeVerified":"2024-05-02T00:00:00.000Z","resourceUri":"model:tiny",)"
    R"("policy":{"uri":"hub-default","digest":{"sha256":"#1"}},)"
    R"("inputAttestations":[{"uri":"passport","digest":{"sha256":"#2"}}],)"
    R"("verificationResult":"PASSED","verifiedLevels":[],"slsaVersion":"1.0",)"
    R"("carnet_at":"2024-05-01T00:00:00.000Z","carnet_checkpoint":{"size":12,"root":"#3"},)"
    R"("carnet_included":[{"uri":"hub-default","digest":{"sha256":"#4"}}],)"
    R"("carnet_chips":[{"uri":"urn:carnet:chips:trust","digest":{"sha256":"#5"}}]})";

std::string Body(Kind kind) {
  switch (kind) {
    case Kind::kDataset:
      return Dataset();
    case Kind::kDevice:
      return std::string(kDevice);
    case Kind::kAllocation:
      return std::string(kAllocation);
    case Kind::kRun:
      return std::string(kRun);
    case Kind::kSegment:
      return Segment();
    case Kind::kCompletion:
      return std::string(kCompletion);
    case Kind::kPassport:
      return std::string(kPassport);
    case Kind::kVerdict:
      return std::string(kVerdict);
  }
  CARNET_CHECK(false);
}

}  // namespace

std::string Expand(std::string_view text) {
  std::string expanded;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '#') {
      expanded.append(64, text[++i]);
    } else {
      expanded += text[i];
    }
  }
  return expanded;
}

const std::vector<Kind>& AllKinds() {
  static const std::vector<Kind> kinds = [] {
    std::vector<Kind> all;
    for (const KindRow& row : kKinds) all.push_back(row.kind);
    return all;
  }();
  return kinds;
}

std::string Document(Kind kind) {
  return Expand(kind == Kind::kVerdict ? Body(kind) : std::string(kHead) + Body(kind));
}

std::string Replace(std::string text, std::string_view from, std::string_view to) {
  const std::string wanted = Expand(from);
  const size_t at = text.find(wanted);
  BOOST_REQUIRE_MESSAGE(at != std::string::npos, "no \"" << wanted << "\" in " << text);
  BOOST_REQUIRE_MESSAGE(text.find(wanted, at + 1) == std::string::npos,
                        wanted << " appears more than once");
  return text.replace(at, wanted.size(), Expand(to));
}

Result<Predicate> Read(Kind kind, std::string_view text, HeadRule rule) {
  CARNET_TRY(const json::Tree tree, json::Parse(text));
  return ReadPredicate(kind, tree.root(), rule);
}

}  // namespace carnet::schemas::test
