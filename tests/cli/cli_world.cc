#include "tests/cli/cli_world.h"

#include <sys/stat.h>
#include <unistd.h>

#include <chrono>
#include <filesystem>
#include <sstream>

#include "core/base64.h"
#include "core/file.h"
#include "crypto/ecdsa.h"
#include "crypto/pem.h"
#include "tests/support/drafts.h"
#include "tests/support/party_keys.h"
#include "tests/support/world.h"

namespace carnet::test {
namespace {

namespace fs = std::filesystem;

constexpr uint64_t kTinyParameters = 76;

uint64_t NowMs() {
  using std::chrono::milliseconds;
  return static_cast<uint64_t>(
      std::chrono::duration_cast<milliseconds>(std::chrono::system_clock::now().time_since_epoch())
          .count());
}

std::string PassportDraft() { return drafts::Passport({.name = "model"}); }

}  // namespace

// Builds the world, stage by stage.
class WorldMaker {
 public:
  static const CliWorld& At(Stage stage) {
    static std::map<Stage, std::unique_ptr<CliWorld>> made;
    auto& world = made[stage];
    if (world == nullptr) {
      if (stage == Stage::kKeysAndLedger) {
        world.reset(new CliWorld());
      } else {
        At(static_cast<Stage>(static_cast<int>(stage) - 1));
        world = std::make_unique<CliWorld>(static_cast<Stage>(static_cast<int>(stage) - 1));
      }
      Make(stage, *world);
    }
    return *world;
  }

 private:
  static void Make(Stage stage, CliWorld& world) {
    switch (stage) {
      case Stage::kKeysAndLedger:
        return MakeKeysAndLedger(world);
      case Stage::kAttested:
        return AttestAll(world);
      case Stage::kOpenRun:
        world.Write("run.json", drafts::Run({.datasets = drafts::Texts{world.id("dataset")}}));
        return Keep(world, "run", world.Sign({"run", "open", "--dir", "run1", "run.json"}));
      case Stage::kRecorded:
        return Record(world);
      case Stage::kCompleted:
        return Keep(world, "completion",
                    world.Sign({"run", "complete", "--dir", "run1", "--model", "model"}));
      case Stage::kPassport:
        world.Write("passport.json", PassportDraft());
        return Keep(world, "passport",
                    world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--run",
                                "run1", "--trust", "trust"}));
    }
  }

  static void Keep(CliWorld& world, const std::string& name, const Ran& ran) {
    if (ran.status != 0) GiveUp(name + ": " + ran.err);
    world.ids_[name] = ran.out.substr(0, 64);
  }

  static void MakeKeysAndLedger(CliWorld& world) {
    world.Must({"ledger", "init", "ledger", "--origin", "log.example.org"});
    fs::create_directories(world / "trust/parties");
    world.Must({"ledger", "trust", "ledger", "--operator", "operator", "--out",
                "trust/trusted_root.json"});
    for (const auto& [party, kinds] : std::map<std::string, std::string>{
             {"lab", R"(["dataset","run","segment","completion","passport"])"},
             {"cloud", R"(["device","allocation"])"},
             {"hub", R"(["verdict"])"},
             {"stranger", ""}}) {
      const PartyKey& key = KeyNamed(party);
      world.Write(party + ".key", crypto::WritePem("PRIVATE KEY", key.key.ToPkcs8().Expose()));
      fs::permissions(world / (party + ".key"), fs::perms::owner_read | fs::perms::owner_write);
      const std::string pub = crypto::WritePem("PUBLIC KEY", key.spki());
      world.Write(party + ".pub", pub);
      if (kinds.empty()) continue;
      world.Write("trust/parties/" + party + ".pub", pub);
      world.Write("trust/parties/" + party + ".toml", "party = \"" + party +
                                                          "\"\n[[key]]\nfile = \"" + party +
                                                          ".pub\"\nkinds = " + kinds + "\n");
    }
  }

  static void AttestAll(CliWorld& world) {
    world.Write("device.json", drafts::Device());
    Keep(world, "device", world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"));
    const uint64_t now = NowMs();
    world.Write("allocation.json",
                drafts::Allocation({.holders = {"key:" + drafts::Hex(KeyNamed("lab").id())},
                                    .devices = {world.id("device")},
                                    .from_ms = now - kDayMs,
                                    .to_ms = now + kDayMs}));
    Keep(world, "allocation",
         world.Sign({"attest", "--kind", "allocation", "allocation.json"}, "cloud"));
    fs::create_directories(world / "data");
    world.Write("data/a.txt", "some text");
    world.Write("dataset.json", drafts::Dataset());
    Keep(world, "dataset",
         world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data"}));
  }

  static void Record(CliWorld& world) {
    for (const uint64_t seq : {0U, 1U}) {
      const std::string checkpoint = "ckpt/" + std::to_string(seq);
      fs::create_directories(world / checkpoint);
      world.Write(checkpoint + "/config.json", "{}\n");
      world.Write(checkpoint + "/model.safetensors", TinyWeights(static_cast<char>('a' + seq)));
      world.Write("segment.json", SegmentDraftNow(world, seq));
      Keep(world, "segment" + std::to_string(seq),
           world.Sign(
               {"run", "segment", "--dir", "run1", "segment.json", "--checkpoint", checkpoint}));
    }
    fs::copy(world / "ckpt/1", world / "model");
  }
};

CliWorld::CliWorld(Stage stage) : process_(folder_ / "") {
  const CliWorld& made = WorldMaker::At(stage);
  fs::copy(made / "", *this / "",
           fs::copy_options::recursive | fs::copy_options::overwrite_existing);
  ids_ = made.ids_;
}

std::string CliWorld::Read(const std::string& name) const {
  return ValueOf(ReadFile(*this / name, uint64_t{1} << 30), name);
}

uint64_t CliWorld::TreeSize() {
  return Json({"ledger", "info", "ledger", "--json"}).at("tree_size").to_number<uint64_t>();
}

Ran CliWorld::Sign(std::vector<std::string> arguments, const std::string& key) const {
  for (const std::string& more :
       {std::string("--ledger"), std::string("ledger"), std::string("--key"), key + ".key"}) {
    arguments.push_back(more);
  }
  return Run(arguments);
}

std::string CliWorld::Must(const std::vector<std::string>& arguments) const {
  const Ran ran = Run(arguments);
  if (ran.status != 0) GiveUp(arguments[0] + ": " + ran.err);
  return ran.out;
}

boost::json::object CliWorld::Json(const std::vector<std::string>& arguments) const {
  return boost::json::parse(Must(arguments)).as_object();
}

boost::json::object CliWorld::SignJson(std::vector<std::string> arguments,
                                       const std::string& key) const {
  arguments.push_back("--json");
  const Ran ran = Sign(std::move(arguments), key);
  if (ran.status != 0) GiveUp(ran.err);
  return boost::json::parse(ran.out).as_object();
}

std::map<std::string, std::string> CliWorld::Files() const {
  std::map<std::string, std::string> files;
  for (const auto& entry : fs::recursive_directory_iterator(*this / "")) {
    const std::string path = fs::relative(entry.path(), *this / "").string();
    if (path.find("/db/") != path.npos) continue;
    files[path] = entry.is_regular_file() ? Read(path) : "";
  }
  return files;
}

boost::json::object StatementIn(const std::string& bundle) {
  const auto parsed = boost::json::parse(bundle);
  const auto& payload = parsed.at("dsseEnvelope").at("payload").as_string();
  const auto bytes = Base64Decode({payload.data(), payload.size()});
  if (!bytes) GiveUp("payload");
  return boost::json::parse(std::string(bytes->begin(), bytes->end())).as_object();
}

std::string SegmentDraftNow(const CliWorld& world, uint64_t seq, const std::string& figure) {
  constexpr uint64_t kMs = 50;
  const uint64_t from = NowMs();
  ::usleep(kMs * 1'000);
  return drafts::Stretch({.device = world.id("device"),
                          .allocation = world.id("allocation"),
                          .stretch = seq,
                          .from_ms = from,
                          .ms = kMs,
                          .parameters = kTinyParameters,
                          .figure_json = figure});
}

std::string TinyWeights(char fill) {
  const std::string header =
      R"({"embedding.weight":{"dtype":"F32","shape":[10,4],"data_offsets":[0,160]},)"
      R"("layer.weight":{"dtype":"F32","shape":[6,6],"data_offsets":[160,304]}})";
  std::string length(8, '\0');
  for (size_t i = 0; i < 8; ++i) {
    length[i] = static_cast<char>(header.size() >> (8 * i) & 255);
  }
  return length + header + std::string(304, fill);
}

void CheckHint(const Ran& ran, const std::string& hint) {
  BOOST_CHECK_MESSAGE(ran.err.find("carnet: hint: " + hint + "\n") != std::string::npos, ran.err);
}

void CheckFailed(const Ran& ran, int status, const std::string& message) {
  BOOST_CHECK_EQUAL(ran.status, status);
  BOOST_CHECK_EQUAL(ran.out, "");
  std::istringstream lines(ran.err);
  std::string line;
  size_t errors = 0;
  while (std::getline(lines, line)) {
    BOOST_CHECK_MESSAGE(line.starts_with("carnet: "), line);
    if (!line.starts_with("carnet: error: ")) continue;
    ++errors;
    BOOST_CHECK_MESSAGE(line.find(message) != line.npos,
                        "\"" << line << "\" lacks \"" << message << "\"");
    const std::string text = line.substr(15);
    BOOST_CHECK_MESSAGE(!text.empty() && text.back() != '.', line);
    BOOST_CHECK_MESSAGE(
        text.size() < 2 || text[0] < 'A' || text[0] > 'Z' || (text[1] >= 'A' && text[1] <= 'Z'),
        line);
  }
  BOOST_CHECK_EQUAL(errors, 1U);
}

void CheckDone(const Ran& ran) {
  BOOST_CHECK_MESSAGE(ran.status == 0, "status " << ran.status << ": " << ran.err);
}

std::vector<std::string> LeafCommands(const CarnetProcess& carnet, const std::string& group) {
  const std::string help = carnet.Shell("carnet " + group + " --help").out;
  const size_t list = help.find("\nSubcommands:\n");
  if (list == help.npos) return {group};
  std::vector<std::string> leaves;
  std::istringstream lines(help.substr(list + 14));
  for (std::string line; std::getline(lines, line) && line.starts_with("  ");) {
    if (line[2] == ' ') continue;  // a description goes on
    const std::string name = line.substr(2, line.find(' ', 2) - 2);
    if (group.empty() && name == "help") continue;
    for (const std::string& leaf : LeafCommands(carnet, group.empty() ? name : group + " " + name))
      leaves.push_back(leaf);
  }
  return leaves;
}

std::string NamesIn(const boost::json::value& object) {
  std::set<std::string> names;
  for (const auto& member : object.as_object()) names.emplace(member.key());
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : " ") + name;
  return text;
}

}  // namespace carnet::test
