#include "tests/api/recorded.h"

#include <stdlib.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/support/drafts.h"

namespace carnet::test {
namespace {

namespace fs = std::filesystem;

constexpr std::chrono::milliseconds kSegment{50};

uint64_t Ms(Time time) { return static_cast<uint64_t>(time.time_since_epoch().count()); }

// A safetensors file of 76 numbers.
std::string Weights(char fill) {
  const std::string header =
      R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]},)"
      R"("layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[160,304]}})";
  return std::string(1, static_cast<char>(header.size())) + std::string(7, '\0') + header +
         std::string(304, fill);
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

  device = Must(Attest(ledger, cloud, "device", drafts::Device(), Now())).statement;
  const std::string allocation =
      Must(Attest(ledger, cloud, "allocation",
                  drafts::Allocation({.holders = {lab.id()},
                                      .devices = {device},
                                      .from_ms = Ms(Now() - std::chrono::hours(24)),
                                      .to_ms = Ms(Now() + std::chrono::hours(24))}),
                  Now()))
          .statement;
  Write("data/a.txt", "some text");
  dataset = Must(Attest(ledger, lab, "dataset", drafts::Dataset(), Now(), "",
                        Must(Model::Read(*this / "data"))))
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
  run = Must(recorder.OpenRun(drafts::Run({.datasets = drafts::Texts{dataset}}), Now())).statement;
  for (const uint64_t seq : {0U, 1U}) {
    const std::string checkpoint = "ckpt/" + std::to_string(seq);
    Write(checkpoint + "/config.json", "{}\n");
    Write(checkpoint + "/model.safetensors", Weights(static_cast<char>('a' + seq)));
    const std::string draft = drafts::Stretch({.device = device,
                                               .allocation = allocation,
                                               .stretch = seq,
                                               .from_ms = Ms(Now()),
                                               .ms = static_cast<uint64_t>(kSegment.count()),
                                               .parameters = 76});
    ::usleep(static_cast<unsigned>(kSegment.count()) * 1000);
    segments.push_back(
        Must(recorder.Segment(draft, 0, Must(Model::Read(*this / checkpoint)), Now())));
  }
  fs::copy(*this / "ckpt/1", *this / "model");
  const Model files = Must(Model::Read(*this / "model"));
  model = files.digest();
  completion = Must(recorder.Complete("{}", files, Now())).statement;
  const Gate gate(Must(Trust::Load(*this / "trust")), Must(Policy::Shipped("hub-default", Now())));
  issued = Must(IssuePassport(ledger, lab, gate, files, drafts::Passport({}), completion, Now()));
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
