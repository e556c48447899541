// Every example of `carnet <command> --help`, run as it is printed, in the order of the story.
#include <filesystem>
#include <sstream>

#include "tests/cli/cli_world.h"
#include "tests/support/party_keys.h"

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

Ran RunExample(CliWorld& world, const std::string& command) {
  return world.carnet().Shell(ExampleOf(world.carnet(), command));
}

void CheckExamples(CliWorld& world, const std::vector<std::string>& commands) {
  for (const std::string& command : commands) {
    const Ran ran = RunExample(world, command);
    BOOST_CHECK_MESSAGE(ran.status == 0, command << ": " << ran.err);
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(examples)

BOOST_AUTO_TEST_CASE(examples_of_the_operator) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  fs::create_directory(folder / "trust");
  for (const char* command :
       {"keygen", "ledger init", "ledger info", "ledger checkpoint", "ledger fsck",
        "ledger compact", "ledger trust", "policy list", "policy show"}) {
    const Ran ran = carnet.Shell(ExampleOf(carnet, command));
    BOOST_CHECK_MESSAGE(ran.status == 0, command << ": " << ran.err);
  }
  for (const char* made : {"lab.key", "lab.pub", "ledger/key.pem", "trust/trusted_root.json"}) {
    BOOST_CHECK_MESSAGE(fs::exists(folder / made), made);
  }
}

BOOST_AUTO_TEST_CASE(examples_of_a_beginning) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  CheckDone(
      carnet.Shell("carnet init hub --dir theirs --party them --no-password --with-ledger "
                   "--origin theirs.example"));
  CheckDone(carnet.Run({"keygen", "--out", "cloud"}));
  fs::copy(folder / "theirs/trust/trusted_root.json", folder / "trusted_root.json");
  for (const char* command : {"init", "config", "trust add", "trust add-log", "trust check",
                              "policy new", "policy check"}) {
    const Ran ran = carnet.Shell(ExampleOf(carnet, command));
    BOOST_CHECK_MESSAGE(ran.status == 0, command << ": " << ran.err);
  }
}

BOOST_AUTO_TEST_CASE(examples_of_the_recorder) {
  CliWorld world(Stage::kAttested);
  CheckExamples(world, {"draft", "attest"});
  CliWorld open(Stage::kOpenRun);
  CheckExamples(open, {"run open", "run status"});  // repeated: harmless
  fs::create_directories(open / "ckpt/0");
  fs::create_directory(open / "model");
  for (const char* file : {"ckpt/0/model.safetensors", "model/model.safetensors"}) {
    open.Write(file, TinyWeights('x'));
  }
  open.Write("segment.json", SegmentDraftNow(open, 0));
  CheckExamples(open, {"run segment", "run complete"});
  CliWorld diverged(Stage::kOpenRun);
  CheckExamples(diverged, {"run abort"});
}

BOOST_AUTO_TEST_CASE(examples_of_the_publisher) {
  CliWorld world(Stage::kCompleted);
  world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
  CheckExamples(world, {"digest", "passport issue"});
}

BOOST_AUTO_TEST_CASE(examples_of_hub_and_auditor) {
  CliWorld world(Stage::kPassport);
  CheckExamples(world, {"verify", "inspect", "flops", "chips"});
  // Digests cannot be known in advance.
  const std::string traced = Replaced(ExampleOf(world.carnet(), "trace"), "sha256:4f1c…",
                                      "sha256:" + world.id("passport"));
  CheckDone(world.carnet().Shell(traced));
  for (const char* asked : {"find", "show"}) {
    CheckDone(world.carnet().Shell(
        Replaced(ExampleOf(world.carnet(), asked), "91ab12cd", world.id("dataset"))));
  }
  fs::remove(world / "model.passport.sigstore.jsonl");
  const std::string collected =
      Replaced(ExampleOf(world.carnet(), "passport collect"), "91ab…", world.id("passport"));
  CheckDone(world.carnet().Shell(collected));
  BOOST_CHECK(fs::exists(world / "model.passport.sigstore.jsonl"));
}

BOOST_AUTO_TEST_CASE(examples_of_proofs) {
  CliWorld world(Stage::kPassport);
  world.Write("old.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  CheckExamples(world, {"attest"});
  world.Write("new.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  CheckExamples(world, {"ledger consistency", "verify-consistency"});
  CheckDone(world.carnet().Shell(
      Replaced(ExampleOf(world.carnet(), "ledger proof"), "91ab12cd", world.id("run"))));
  CheckExamples(world, {"verify-proof"});
}

BOOST_AUTO_TEST_CASE(examples_of_repair) {
  CliWorld world(Stage::kPassport);
  CheckExamples(world, {"ledger rebuild"});
  fs::rename(world / "ledger/guard/checkpoint", world / "from-a-witness.txt");
  CheckExamples(world, {"ledger restore-guard"});
  const std::string collected =
      "carnet passport collect " + world.id("passport") + " --ledger ledger > device.sigstore.json";
  CheckDone(world.carnet().Shell(collected));
  const std::string erased =
      Replaced(ExampleOf(world.carnet(), "ledger erase-text"), "91ab…", world.id("device"));
  CheckDone(world.carnet().Shell(erased));
  CheckExamples(world, {"ledger restore-text"});
}

BOOST_AUTO_TEST_SUITE_END()
