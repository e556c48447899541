#include "tests/api/streamed_models.h"

#include <unistd.h>

#include <filesystem>

#include "tests/api/recorded.h"
#include "tests/support/drafts.h"
#include "tests/support/scratch_folder.h"
#include "tests/support/vectors.h"

namespace carnet::test {
namespace {

namespace fs = std::filesystem;

uint64_t NowMs() { return static_cast<uint64_t>(Now().time_since_epoch().count()); }

std::string Little(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}

std::string Safetensors(const std::string& header, size_t bytes, char fill) {
  return Little(header.size(), 8) + header + std::string(bytes, fill);
}

std::string OneFile(char fill) {
  return Safetensors(R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]},)"
                     R"("layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[160,304]}})",
                     304, fill);
}

std::string Gguf() {
  const auto text = [](const std::string& value) { return Little(value.size(), 8) + value; };
  const std::string shape4x10 = Little(2, 4) + Little(4, 8) + Little(10, 8);
  const std::string shape6x6 = Little(2, 4) + Little(6, 8) + Little(6, 8);
  std::string file = "GGUF" + Little(3, 4) + Little(2, 8) + Little(0, 8);
  file += text("token_embd.weight") + shape4x10 + Little(0, 4) + Little(0, 8);
  file += text("output.weight") + shape6x6 + Little(0, 4) + Little(160, 8);
  file += std::string((32 - file.size() % 32) % 32, '\0');
  return file + std::string(304, 'g') + std::string(16, '\0');
}

std::map<std::string, Files> Contents() {
  const std::string config = "{}\n";
  std::map<std::string, Files> models;
  models["safetensors"] = {{"config.json", config},
                           {"model.safetensors", OneFile('s')},
                           {"README.md", "# A page\n"},
                           {"sub/.gitattributes", "* text\n"},
                           {"tokenizer.json", "{\"a\":1}"}};
  models["sharded"] = {
      {"config.json", config},
      {"model.safetensors.index.json",
       R"({"weight_map":{"embedding.weight":"a.safetensors","layer.weight":"b.safetensors"}})"},
      {"a.safetensors",
       Safetensors(R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]}})",
                   160, 'a')},
      {"b.safetensors",
       Safetensors(R"({"layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[0,144]}})", 144,
                   'b')}};
  models["gguf"] = {{"model.gguf", Gguf()}};
  models["torch"] = {{"config.json", config},
                     {"pytorch_model.bin", Slurp(SourceFolder() / "tests/artifact/torch/zip.pt")}};
  models["no-weights"] = {{"config.json", config}, {"model.onnx", std::string(100, 'o')}};
  models["tuned"] = {{"config.json", config}, {"model.safetensors", OneFile('t')}};
  return models;
}

class Recording {
 public:
  Recording()
      : lab_(Must(Key::Load(Recorded::Get() / "lab.key", kPassword))),
        cloud_(Must(Key::Load(Recorded::Get() / "cloud.key", kPassword))),
        ledger_(Must(Ledger::Open(Recorded::Get() / "ledger"))),
        gate_(HubGate()) {
    allocation_ = Must(Attest(ledger_, cloud_, "allocation",
                              drafts::Allocation({.holders = {lab_.id()},
                                                  .devices = {Recorded::Get().device},
                                                  .from_ms = NowMs() - 3'600'000,
                                                  .to_ms = NowMs() + 86'400'000}),
                              Now()))
                      .statement;
    for (const auto& [name, files] : Contents()) {
      const std::string folder = folder_ / name;
      for (const auto& [path, content] : files) folder_.Write(name + "/" + path, content);
      if (name != "tuned") models_[name] = {folder, Record(name, folder, {}).passport};
    }
    const auto base = Must(Model::Read(folder_ / "safetensors"));
    const std::string edge =
        drafts::Edge("fine-tuned-from", base.digest(), statements_.at("safetensors"));
    models_["tuned"] = {folder_ / "tuned", Record("tuned", folder_ / "tuned", {edge}).passport};
  }

  const std::map<std::string, PassportedModel>& models() const { return models_; }

 private:
  IssuedPassport Record(const std::string& name, const std::string& folder,
                        const drafts::Texts& inputs) {
    const Model model = Must(Model::Read(folder));
    uint64_t parameters = 0;
    for (const WeightSet& set : model.weight_sets()) parameters += set.elements;
    const bool stated = parameters == 0;  // no weight file says it
    if (stated) parameters = 76;
    RunRecorder run = Must(RunRecorder::Open(folder_ / ("run-" + name), lab_, ledger_));
    Must(run.OpenRun(drafts::Run({.kind = inputs.empty() ? "pre-training" : "fine-tune",
                                  .inputs = inputs,
                                  .datasets = drafts::Texts{Recorded::Get().dataset}}),
                     Now()));
    const std::string draft = drafts::Stretch({.device = Recorded::Get().device,
                                               .allocation = allocation_,
                                               .from_ms = NowMs(),
                                               .ms = 50,
                                               .parameters = parameters});
    ::usleep(50'000);
    Must(run.Segment(draft, 0, model, Now()));
    const char* const draft_of_completion = stated ? R"({"parameters":{"total":76}})" : "{}";
    const std::string completion = Must(run.Complete(draft_of_completion, model, Now())).statement;
    IssuedPassport issued =
        Must(IssuePassport(ledger_, lab_, gate_, model, drafts::Passport({}), completion, Now()));
    statements_[name] = issued.statement;
    return issued;
  }

  const ScratchFolder folder_;
  const Key lab_, cloud_;
  const Ledger ledger_;
  const Gate gate_;
  std::string allocation_;
  std::map<std::string, std::string> statements_;  // of passports, by model
  std::map<std::string, PassportedModel> models_;
};

}  // namespace

const Gate& HubGate() {
  static const Gate gate(Must(Trust::Load(Recorded::Get() / "trust")),
                         Must(Policy::Shipped("hub-default", Now())));
  return gate;
}

const std::map<std::string, PassportedModel>& PassportedModels() {
  static const Recording recording;
  return recording.models();
}

Files FilesIn(const std::string& folder) {
  Files files;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) {
      files[fs::relative(entry.path(), folder).string()] = Slurp(entry.path());
    }
  }
  return files;
}

Result<Verdict> Send(StreamingGate& gate, const Files& files, size_t chunk) {
  for (const auto& [path, content] : files) {
    auto file = gate.Add(path);
    if (!file) return file.error();
    for (std::string_view rest = content; !rest.empty();) {
      const std::string_view part = rest.substr(0, chunk == 0 ? rest.size() : chunk);
      if (const auto taken = file->Write(part); !taken) return taken.error();
      rest.remove_prefix(part.size());
    }
    if (const auto closed = file->Close(); !closed) return closed.error();
  }
  return gate.Finish();
}

}  // namespace carnet::test
