// Every example of `carnet <command> --help`, run as it is printed, in the order of the story.
#include <chrono>
#include <filesystem>
#include <set>
#include <sstream>

#include "tests/cli/cli_world.h"
#include "tests/support/party_keys.h"
#include "tests/support/test_services.h"
#include "tests/support/test_sigstore.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

// The text after "Example:".
std::string ExampleOf(const CarnetProcess& carnet, const std::string& command) {
  const std::string help = carnet.Shell("carnet " + command + " --help").out;
  const size_t at = help.find("\nExample:\n  ");
  BOOST_REQUIRE_MESSAGE(at != help.npos, command);
  std::istringstream lines(help.substr(at + 12));
  std::string example, line;
  while (std::getline(lines, line) && !line.empty()) {
    const size_t first = line.find_first_not_of(' ');
    example += (example.empty() ? "" : " ") + line.substr(first == line.npos ? 0 : first);
  }
  return example;
}

std::string Replaced(std::string text, const std::string& from, const std::string& to) {
  const size_t at = text.find(from);
  BOOST_REQUIRE_MESSAGE(at != text.npos, from << " is not in " << text);
  return text.replace(at, from.size(), to);
}

// Which examples have run.
class Story {
 public:
  void Run(const CarnetProcess& carnet, const std::string& command) {
    Run(carnet, command, ExampleOf(carnet, command));
  }
  // With what cannot be known in advance, such as a digest, put in.
  void Run(const CarnetProcess& carnet, const std::string& command, const std::string& example) {
    BOOST_CHECK_MESSAGE(ran_.insert(command).second, command << " has run before");
    const Ran ran = carnet.Shell(example);
    BOOST_CHECK_MESSAGE(ran.status == 0, example << ": " << ran.err);
  }
  const std::set<std::string>& ran() const { return ran_; }

 private:
  std::set<std::string> ran_;
};

void PlayOperator(Story& story) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  fs::create_directory(folder / "trust");
  for (const char* command :
       {"keygen", "passwd", "ledger init", "ledger info", "ledger checkpoint", "ledger fsck",
        "ledger compact", "ledger trust", "policy list", "policy show"}) {
    story.Run(carnet, command);
  }
  for (const char* made : {"lab.key", "lab.pub", "ledger/key.pem", "trust/trusted_root.json"}) {
    BOOST_CHECK_MESSAGE(fs::exists(folder / made), made);
  }
}

void PlayBeginning(Story& story) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  CheckDone(
      carnet.Shell("carnet init hub --dir theirs --party them --no-password --with-ledger "
                   "--origin theirs.example"));
  CheckDone(carnet.Run({"keygen", "--out", "cloud"}));
  fs::copy(folder / "theirs/trust/trusted_root.json", folder / "trusted_root.json");
  for (const char* command : {"init", "config", "trust add", "trust add-identity", "trust add-log",
                              "trust check", "policy new", "policy check"}) {
    story.Run(carnet, command);
  }
}

void PlayRecorder(Story& story) {
  CliWorld world(Stage::kAttested);
  story.Run(world.carnet(), "draft");
  story.Run(world.carnet(), "attest");
  const Ran signed_elsewhere = world.carnet().Shell(
      "carnet keygen --out cosign && carnet attest --kind device device.json --ledger ledger --key "
      "cosign.key --out device.sigstore.json --force");
  BOOST_REQUIRE_MESSAGE(signed_elsewhere.status == 0, signed_elsewhere.err);
  story.Run(world.carnet(), "ledger append");
  CliWorld open(Stage::kOpenRun);
  story.Run(open.carnet(), "run open");  // repeated: harmless
  story.Run(open.carnet(), "run status");
  fs::create_directories(open / "ckpt/0");
  fs::create_directory(open / "model");
  for (const char* file : {"ckpt/0/model.safetensors", "model/model.safetensors"}) {
    open.Write(file, TinyWeights('x'));
  }
  open.Write("segment.json", SegmentDraftNow(open, 0));
  story.Run(open.carnet(), "run segment");
  story.Run(open.carnet(), "run complete");
  CliWorld diverged(Stage::kOpenRun);
  story.Run(diverged.carnet(), "run abort");
}

void PlayPublisher(Story& story) {
  CliWorld world(Stage::kCompleted);
  world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
  story.Run(world.carnet(), "digest");
  story.Run(world.carnet(), "check");
  story.Run(world.carnet(), "passport issue");
}

void PlayHubAndAuditor(Story& story) {
  CliWorld world(Stage::kPassport);
  const CarnetProcess& carnet = world.carnet();
  for (const char* command : {"verify", "inspect", "flops", "chips"}) story.Run(carnet, command);
  fs::create_directory(world / "models");
  fs::copy(world / "model", world / "models/model", fs::copy_options::recursive);
  fs::copy(world / "model.passport.sigstore.jsonl", world / "models");
  story.Run(carnet, "verify-all");
  world.Write("job.json", R"({"kind":"fine-tune","datasets":"undisclosed","initial":"inputs",)"
                          R"("opened_by":"team","authorised_by":"head",)"
                          R"("intended_deployment":"research"})");
  story.Run(carnet, "admit");
  story.Run(carnet, "trace",
            Replaced(ExampleOf(carnet, "trace"), "sha256:4f1c…", "sha256:" + world.id("passport")));
  for (const char* asked : {"find", "show"})
    story.Run(carnet, asked, Replaced(ExampleOf(carnet, asked), "91ab12cd", world.id("dataset")));
  fs::remove(world / "model.passport.sigstore.jsonl");
  story.Run(carnet, "passport collect",
            Replaced(ExampleOf(carnet, "passport collect"), "91ab…", world.id("passport")));
  BOOST_CHECK(fs::exists(world / "model.passport.sigstore.jsonl"));
}

void PlayModelSigner(Story& story) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  folder.Write("model/weights.bin", "weights");
  const Ran made = carnet.Shell(
      "openssl ecparam -name prime256v1 -genkey -noout -out lab.key && chmod 600 lab.key && "
      "openssl ec -in lab.key -pubout -out lab.pub && "
      "openssl req -x509 -new -key lab.key -subj /CN=ca -days 9 -out ca.pem -addext "
      "keyUsage=digitalSignature,keyCertSign && cp ca.pem lab.pem");
  BOOST_REQUIRE_MESSAGE(made.status == 0, made.err);
  for (const char* command : {"oms digest", "oms sign key", "oms verify key"}) {
    story.Run(carnet, command);
  }
  fs::remove(folder / "model.sig");
  for (const char* command : {"oms sign certificate", "oms verify certificate"}) {
    story.Run(carnet, command);
  }
  fs::remove(folder / "model.sig");
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  const TestServices services(carnet::TimestampMs(
      static_cast<uint64_t>(std::chrono::duration_cast<std::chrono::seconds>(since).count()) *
      1'000));
  folder.Write("trusted_root.json", services.sigstore.root.Json());
  folder.Write("signing_config.json", services.SigningConfig());
  folder.Write("token.jwt", services.IdentityToken());
  for (const char* command : {"oms sign sigstore", "oms verify sigstore"}) {
    story.Run(carnet, command);
  }
}

void PlayProofs(Story& story) {
  CliWorld world(Stage::kPassport);
  const CarnetProcess& carnet = world.carnet();
  world.Write("old.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  CheckDone(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"));
  world.Write("new.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  story.Run(carnet, "ledger consistency");
  story.Run(carnet, "verify-consistency");
  story.Run(carnet, "ledger proof",
            Replaced(ExampleOf(carnet, "ledger proof"), "91ab12cd", world.id("run")));
  story.Run(carnet, "verify-proof");
}

void PlayRepair(Story& story) {
  CliWorld world(Stage::kPassport);
  const CarnetProcess& carnet = world.carnet();
  story.Run(carnet, "ledger rebuild");
  fs::rename(world / "ledger/guard/checkpoint", world / "from-a-witness.txt");
  story.Run(carnet, "ledger restore-guard");
  const std::string collected =
      "carnet passport collect " + world.id("passport") + " --ledger ledger > device.sigstore.json";
  CheckDone(carnet.Shell(collected));
  story.Run(carnet, "ledger erase-text",
            Replaced(ExampleOf(carnet, "ledger erase-text"), "91ab…", world.id("device")));
  story.Run(carnet, "ledger restore-text");
}

void PlayBlobs(Story& story) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  TestSigstore sigstore;
  folder.Write("model.bin", kTestArtifact);
  CheckDone(carnet.Run({"keygen", "--out", "lab"}));
  story.Run(carnet, "sign-blob");
  folder.Write("trusted_root.json", sigstore.root.Json());
  folder.Write("model.sigstore.json", sigstore.Sign().Json());
  story.Run(carnet, "verify-blob");
  const std::string statement =
      Replaced(TestSigstore::Statement(), kTestPredicateType, "https://slsa.dev/provenance/v1");
  folder.Write("model.sigstore.json", sigstore
                                          .Sign({.signer = TestSigner::kKey,
                                                 .content = TestContent::kAttestation,
                                                 .stamped = false,
                                                 .statement = statement})
                                          .Json());
  folder.Write("lab.pub", sigstore.key.PublicPem());
  story.Run(carnet, "verify-attestation");
}

// Into this folder instead of the system's; the manual without `man` where there is none.
void PlayTexts(Story& story) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  story.Run(carnet, "completion",
            Replaced(ExampleOf(carnet, "completion"), "/etc/bash_completion.d/carnet", "carnet"));
  BOOST_CHECK(fs::file_size(folder / "carnet") > 0);
  std::string manual = ExampleOf(carnet, "manual");
  if (RunCommand("command -v man").status != 0) manual = Replaced(manual, "man -l -", "cat");
  story.Run(carnet, "manual", manual);
}

}  // namespace

BOOST_AUTO_TEST_SUITE(examples)

// A new command that no chapter plays, or whose help has no example, fails here.
BOOST_AUTO_TEST_CASE(the_example_of_every_command_runs) {
  Story story;
  PlayOperator(story);
  PlayBeginning(story);
  PlayRecorder(story);
  PlayPublisher(story);
  PlayHubAndAuditor(story);
  PlayProofs(story);
  PlayRepair(story);
  PlayModelSigner(story);
  PlayBlobs(story);
  PlayTexts(story);
  const ScratchFolder folder;
  const auto leaves = LeafCommands(CarnetProcess(folder / ""));
  const std::set<std::string> commands(leaves.begin(), leaves.end());
  BOOST_CHECK_EQUAL_COLLECTIONS(story.ran().begin(), story.ran().end(), commands.begin(),
                                commands.end());
}

BOOST_AUTO_TEST_SUITE_END()
