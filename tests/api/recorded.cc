#include "tests/api/recorded.h"

#include <stdlib.h>
#include <unistd.h>

#include <ctime>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace carnet::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kSegment{50};

std::string Text(Time time) {
  const auto since = time.time_since_epoch().count();
  const std::time_t seconds = since / 1000;
  char text[40];
  const size_t length =
      std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", std::gmtime(&seconds));
  std::snprintf(text + length, sizeof text - length, ".%03dZ", static_cast<int>(since % 1000));
  return text;
}

// A safetensors file of 76 numbers.
std::string Weights(char fill) {
  const std::string header =
      R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]},)"
      R"("layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[160,304]}})";
  return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header +
         std::string(304, fill);
}

// 6 x 76 parameters x 1,000 tokens, by two methods.
std::string SegmentDraft(uint64_t seq, Time from, const std::string& device,
                         const std::string& allocation) {
  const std::string figure =
      R"({"amount":"456000","method":"architecture","methods":[{"method":"architecture",)"
      R"("result":"456000","tokens":1000,"parameters":76,"classes":[{"treatment":"trained",)"
      R"("parameters":76}]},{"method":"counter","result":"460000","source":"dispatch counter"}],)"
      R"("precision":"fp32","recomputation_excluded":true,"padding_excluded":true})";
  std::ostringstream draft;
  draft << R"({"steps":{"from":)" << 10 * seq << R"(,"to":)" << 10 * (seq + 1)
        << R"(},"tokens":1000,"time":{"from":")" << Text(from) << R"(","to":")"
        << Text(from + kSegment) << R"("},"flop":{"update":)" << figure << R"(,"total":)" << figure
        << R"(},"usage":[{"device":")" << device << R"(","allocation":")" << allocation
        << R"(","units":1,"ms":50}],"precision":["fp32"]})";
  return draft.str();
}

}  // namespace

const Recorded& Recorded::Get() {
  static const Recorded recorded;
  return recorded;
}

Recorded::Recorded() : issued{"", "", {}}, state{} {
  folder = (fs::temp_directory_path() / "carnet-XXXXXX").string();
  if (::mkdtemp(folder.data()) == nullptr) std::abort();
  const Key lab = Must(Key::Generate(*this / "lab", kPassword));
  const Key cloud = Must(Key::Generate(*this / "cloud", kPassword));
  Must(Ledger::Create(*this / "ledger", "log.example.org"));
  const Ledger ledger = Must(Ledger::Open(*this / "ledger"));
  MakeTrust(lab, cloud);

  device = Must(Attest(ledger, cloud, "device",
                       R"({"id":"tpm:ek:)" + std::string(64, 'c') +
                           R"(","units":1,"vendor":"Intel","cpu":{"model":"Xeon","cores":2,)"
                           R"("f32_lanes":16,"fma_units":2,"nominal_hz":3000000000,)"
                           R"("used_hz":3000000000}})",
                       Now()))
               .statement;
  const std::string allocation =
      Must(Attest(ledger, cloud, "allocation",
                  R"({"holders":[")" + lab.id() + R"("],"devices":[")" + device +
                      R"("],"window":{"from":")" + Text(Now() - std::chrono::hours(24)) +
                      R"(","to":")" + Text(Now() + std::chrono::hours(24)) + R"("}})",
                  Now()))
          .statement;
  Write("data/a.txt", "some text");
  dataset = Must(Attest(ledger, lab, "dataset", R"({"name":"texts","sources":[{"kind":"public"}]})",
                        Now(), "", Must(Model::Read(*this / "data"))))
                .statement;
  RecordRun(ledger, lab, allocation);
}

Recorded::~Recorded() {
  std::error_code ignored;
  fs::remove_all(folder, ignored);
}

void Recorded::MakeTrust(const Key& lab, const Key& cloud) {
  Write("trust/trusted_root.json",
        Must(LedgerReader::Open(*this / "ledger")).TrustedRoot("operator"));
  Write("trust/parties/lab.pub", lab.public_key());
  Write("trust/parties/lab.toml",
        "party = \"lab\"\n[[key]]\nfile = \"lab.pub\"\n"
        "kinds = [\"dataset\", \"run\", \"segment\", \"completion\", \"passport\"]\n");
  Write("trust/parties/cloud.pub", cloud.public_key());
  Write("trust/parties/cloud.toml",
        "party = \"cloud\"\n[[key]]\nfile = \"cloud.pub\"\nkinds = [\"device\", \"allocation\"]\n");
}

void Recorded::RecordRun(const Ledger& ledger, const Key& lab, const std::string& allocation) {
  RunRecorder recorder = Must(RunRecorder::Open(*this / "run", lab, ledger));
  run = Must(recorder.OpenRun(R"({"kind":"pre-training","inputs":[],"datasets":[{"statement":")" +
                                  dataset + R"(","role":"train"}],"initial":"random",)" +
                                  R"("opened_by":"the lab","authorised_by":"the board",)" +
                                  R"("intended_deployment":"research"})",
                              Now()))
            .statement;
  for (const uint64_t seq : {0U, 1U}) {
    const std::string checkpoint = "ckpt/" + std::to_string(seq);
    Write(checkpoint + "/config.json", "{}\n");
    Write(checkpoint + "/model.safetensors", Weights(static_cast<char>('a' + seq)));
    const std::string draft = SegmentDraft(seq, Now(), device, allocation);
    ::usleep(static_cast<unsigned>(kSegment.count()) * 1000);
    segments.push_back(
        Must(recorder.Segment(draft, 0, Must(Model::Read(*this / checkpoint)), Now())));
  }
  fs::copy(*this / "ckpt/1", *this / "model");
  const Model files = Must(Model::Read(*this / "model"));
  model = files.digest();
  completion = Must(recorder.Complete("{}", files, Now())).statement;
  const Gate gate(Must(Trust::Load(*this / "trust")), Must(Policy::Shipped("hub-default", Now())));
  issued = Must(IssuePassport(ledger, lab, gate, files,
                              R"({"name":"model","intended_deployment":"research"})", completion,
                              Now()));
  passport = issued.statement;
  Write("passport.jsonl", issued.passport);
  state = Must(RunRecorder::ReadState(*this / "run"));
}

void Recorded::Write(const std::string& name, const std::string& content) const {
  fs::create_directories(fs::path(*this / name).parent_path());
  std::ofstream(*this / name, std::ios::binary) << content;
}

std::string Recorded::Read(const std::string& name) const {
  std::ostringstream text;
  text << std::ifstream(*this / name, std::ios::binary).rdbuf();
  return text.str();
}

}  // namespace carnet::test
