// Settings: an option, the environment, carnet.toml, what is built in; and whose carnet.toml is
// read.
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/drafts.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  // What `carnet config` says of one setting: "value from".
  std::string Of(const std::string& setting, const std::string& place = ".") const {
    const Ran ran = carnet.Shell("cd " + place + " && carnet config --json");
    CheckDone(ran);
    const auto json = boost::json::parse(ran.out);
    for (const auto& each : json.at("settings").as_array()) {
      if (each.at("name").as_string() != setting.c_str()) continue;
      return std::string(each.at("value").as_string()) + " " +
             fs::path(std::string(each.at("from").as_string())).filename().string();
    }
    return "no such setting";
  }
};

struct Precedence {
  const char* name;
  const char* option;       // given in the command
  const char* environment;  // in the setting's variable
  const char* file;         // in carnet.toml
  const char* used;         // empty: refused, as none is given
};
std::ostream& operator<<(std::ostream& out, const Precedence& value) { return out << value.name; }

const Precedence kPrecedence[] = {
    {"nothing", "", "", "", ""},
    {"option", "of-option", "", "", "of-option"},
    {"environment", "", "of-environment", "", "of-environment"},
    {"file", "", "", "of-file", "of-file"},
    {"option_and_environment", "of-option", "of-environment", "", "of-option"},
    {"option_and_file", "of-option", "", "of-file", "of-option"},
    {"environment_and_file", "", "of-environment", "of-file", "of-environment"},
    {"all_three", "of-option", "of-environment", "of-file", "of-option"},
};

struct SettingUse {
  const char* name;
  const char* variable;
  const char* command;  // names the value that it cannot open
  const char* option;
};
std::ostream& operator<<(std::ostream& out, const SettingUse& value) { return out << value.name; }

const SettingUse kUses[] = {
    {"ledger", "CARNET_LEDGER", "carnet ledger info", ""},
    {"ledger", "CARNET_LEDGER",
     "carnet passport collect "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "--ledger"},
    {"trust", "CARNET_TRUST", "carnet trust check", "--trust"},
    {"key", "CARNET_KEY", "carnet attest --kind device device.json --ledger nowhere", "--key"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(config, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, an_option_goes_before_the_environment_and_that_before_the_file,
                       boost::unit_test::data::make(kPrecedence) *
                           boost::unit_test::data::make(kUses),
                       given, use) {
  folder.Write("device.json", drafts::Device());
  if (*given.file != 0) {
    folder.Write("carnet.toml", std::string(use.name) + " = \"" + given.file + "\"\n");
  }
  if (*given.environment != 0) carnet.Set(use.variable, given.environment);
  std::string command = use.command;
  if (*given.option != 0) command += std::string(" ") + use.option + " " + given.option;
  const Ran ran = carnet.Shell(command);
  if (*given.used == 0) {
    CheckFailed(ran, 2, std::string(use.variable) + " or `" + use.name + "` in carnet.toml");
  } else {
    CheckFailed(ran, 3, given.used);
  }
}

BOOST_AUTO_TEST_CASE(config_says_where_each_value_comes_from) {
  folder.Write("carnet.toml",
               "ledger = \"log\"\nguard = \"/else/guard\"\nkey = \"lab.key\"\n"
               "policy = \"policies/own.toml\"\n[party]\nid = \"lab\"\nname = \"Example Lab\"\n");
  fs::create_directories(folder / "below/it");
  carnet.Set("CARNET_KEY", "other.key");
  const std::string here = fs::canonical(folder / "").string() + "/";
  BOOST_CHECK_EQUAL(Of("ledger"), "log carnet.toml");
  BOOST_CHECK_EQUAL(Of("ledger", "below/it"), here + "log carnet.toml");
  BOOST_CHECK_EQUAL(Of("guard", "below"), "/else/guard carnet.toml");
  BOOST_CHECK_EQUAL(Of("key"), "other.key CARNET_KEY");
  BOOST_CHECK_EQUAL(Of("trust"), " not given");
  BOOST_CHECK_EQUAL(Of("policy", "below"), here + "policies/own.toml carnet.toml");
  carnet.Set("CARNET_POLICY", "eu-gpai");
  BOOST_CHECK_EQUAL(Of("policy"), "eu-gpai CARNET_POLICY");
  carnet.Set("CARNET_POLICY", "");
  folder.Write("carnet.toml", "policy = \"our-hub\"\n");
  BOOST_CHECK_EQUAL(Of("policy", "below"), "our-hub carnet.toml");  // an id is no path
  fs::remove(folder / "carnet.toml");
  BOOST_CHECK_EQUAL(Of("policy"), "hub-default built in");
}

BOOST_AUTO_TEST_CASE(config_shows_file_and_party) {
  folder.Write("carnet.toml", "[party]\nid = \"lab\"\nname = \"Example \\\"Lab\\\"\"\n");
  const Ran ran = carnet.Run({"config"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("party   lab \"Example \\\"Lab\\\"\"\n") != ran.out.npos);
  const auto json = boost::json::parse(carnet.Run({"config", "--json"}).out);
  BOOST_CHECK_EQUAL(NamesIn(json), "file party settings");
  BOOST_CHECK_EQUAL(json.at("party").at("id").as_string(), "lab");
  BOOST_CHECK_EQUAL(json.at("party").at("name").as_string(), "Example \"Lab\"");
  BOOST_CHECK_EQUAL(NamesIn(json.at("settings").at(0)), "from name value");
}

BOOST_AUTO_TEST_CASE(the_guard_of_the_file_goes_with_the_ledger_of_the_file) {
  CheckDone(carnet.Run({"ledger", "init", "one", "--origin", "localhost"}));
  folder.Write("carnet.toml", "ledger = \"one\"\nguard = \"nowhere\"\n");
  const Ran of_file = carnet.Run({"ledger", "fsck"});
  BOOST_CHECK_EQUAL(of_file.status, 1);
  BOOST_CHECK(of_file.out.find("guard: nowhere/checkpoint: ") != of_file.out.npos);
  CheckDone(carnet.Run({"ledger", "fsck", "one"}));
  carnet.Set("CARNET_LEDGER", "one");
  CheckDone(carnet.Run({"ledger", "fsck"}));
  const Ran of_option = carnet.Run({"ledger", "fsck", "--guard", "elsewhere"});
  BOOST_CHECK(of_option.out.find("guard: elsewhere/checkpoint: ") != of_option.out.npos);
}

struct WrongFile {
  const char* name;
  const char* text;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const WrongFile& value) { return out << value.name; }

const WrongFile kWrongFiles[] = {
    {"unknown_key", "ledger = \"l\"\nledgers = \"l\"\n", "carnet.toml:2: ledgers: unknown key"},
    {"unknown_key_of_party", "[party]\nid = \"a\"\nemail = \"b\"\n",
     "carnet.toml:3: party.email: unknown key"},
    {"not_a_string", "trust = 1\n", "carnet.toml:1: trust: must be a string"},
    {"empty", "trust = \"\"\n", "carnet.toml:1: trust: is empty"},
    {"party_without_id", "[party]\nname = \"a\"\n", "carnet.toml:1: party.id: is missing"},
    {"guard_without_ledger", "guard = \"g\"\n",
     "carnet.toml:1: guard: is given without its ledger"},
    {"invisible_character", "key = \"a\\u200bb\"\n", "carnet.toml:1: key: contains a control"},
    {"no_toml", "ledger: here\n", "carnet.toml:1: "},
};

BOOST_DATA_TEST_CASE_F(Fixture, a_wrong_file_is_named_with_its_line, kWrongFiles, wrong) {
  folder.Write("carnet.toml", wrong.text);
  CheckFailed(carnet.Run({"trust", "check"}), 3, wrong.message);
  CheckFailed(carnet.Run({"trust", "check", "--config", "carnet.toml"}), 3, wrong.message);
  // Whoever says everything needs no file.
  CheckFailed(carnet.Run({"trust", "check", "--trust", "nowhere"}), 3, "nowhere: no such folder");
}

BOOST_AUTO_TEST_CASE(a_file_too_large_is_refused) {
  folder.Write("carnet.toml", std::string((1 << 20) + 1, '#'));
  CheckFailed(carnet.Run({"trust", "check"}), 3, "larger than 1048576 bytes");
}

BOOST_AUTO_TEST_CASE(a_named_file_is_read_wherever_it_is_called_from) {
  folder.Write("project/own.toml", "trust = \"here\"\n");
  folder.Write("carnet.toml", "trust = \"there\"\n");
  CheckFailed(carnet.Run({"trust", "check", "--config", "project/own.toml"}), 3, "project/here");
  carnet.Set("CARNET_CONFIG", "project/own.toml");
  CheckFailed(carnet.Run({"trust", "check"}), 3, "project/here");
  CheckFailed(carnet.Run({"trust", "check", "--config", "carnet.toml"}), 3, "there: ");
  CheckFailed(carnet.Run({"trust", "check", "--config", "missing.toml"}), 3, "missing.toml");
  CheckFailed(carnet.Run({"trust", "check", "--config", "none"}), 2, "no trust is given");
  carnet.Set("CARNET_CONFIG", "none");
  CheckFailed(carnet.Run({"trust", "check"}), 2, "no trust is given");
}

BOOST_AUTO_TEST_CASE(the_nearest_file_counts_and_none_above_home) {
  folder.Write("carnet.toml", "trust = \"above\"\n");
  fs::create_directories(folder / "home/project/below");
  const auto trust = [&](const char* place) { return Of("trust", place); };
  const std::string here = fs::canonical(folder / "").string();
  BOOST_CHECK_EQUAL(trust("home/project"), here + "/above carnet.toml");
  carnet.Set("HOME", folder / "home");
  BOOST_CHECK_EQUAL(trust("home/project"), " not given");
  folder.Write("home/carnet.toml", "trust = \"of-home\"\n");
  BOOST_CHECK_EQUAL(trust("home/project/below"), here + "/home/of-home carnet.toml");
  folder.Write("home/project/carnet.toml", "trust = \"own\"\n");
  BOOST_CHECK_EQUAL(trust("home/project/below"), here + "/home/project/own carnet.toml");
  BOOST_CHECK_EQUAL(trust("home/project"), "own carnet.toml");
}

BOOST_AUTO_TEST_SUITE_END()

// What a stranger could have written chooses nothing.
BOOST_FIXTURE_TEST_SUITE(strangers_config, Fixture)

BOOST_AUTO_TEST_CASE(a_file_that_everybody_may_change_is_passed_over) {
  folder.Write("below/carnet.toml", "trust = \"below\"\n");
  BOOST_REQUIRE_EQUAL(::chmod((folder / "below/carnet.toml").c_str(), 0666), 0);
  const Ran found = carnet.Shell("cd below && carnet trust check");
  CheckFailed(found, 2, "no trust is given");
  BOOST_CHECK(found.err.find("warning: carnet.toml is not read: everybody may change it (mode "
                             "0666)") != found.err.npos);
  CheckFailed(carnet.Run({"trust", "check", "--config", "below/carnet.toml"}), 3,
              "carnet.toml: is not read: everybody may change it (mode 0666)");
  // The one above it is taken, as if it were not there.
  folder.Write("carnet.toml", "trust = \"above\"\n");
  CheckFailed(carnet.Shell("cd below && carnet trust check"), 3, "/above: ");
}

BOOST_AUTO_TEST_CASE(a_link_is_not_read) {
  const std::string other = folder.Write("elsewhere/other.toml", "trust = \"t\"\n");
  fs::create_symlink(other, folder / "carnet.toml");
  const Ran found = carnet.Run({"trust", "check"});
  CheckFailed(found, 2, "no trust is given");
  BOOST_CHECK(found.err.find("carnet.toml is not read: it is a link") != found.err.npos);
  // Whoever names it means it.
  CheckFailed(carnet.Run({"trust", "check", "--config", "carnet.toml"}), 3, "t: no such folder");
}

BOOST_AUTO_TEST_CASE(a_folder_or_a_pipe_of_that_name_is_not_read) {
  fs::create_directory(folder / "carnet.toml");
  const Ran of_folder = carnet.Run({"trust", "check"});
  CheckFailed(of_folder, 2, "no trust is given");
  BOOST_CHECK(of_folder.err.find("it is not a regular file") != of_folder.err.npos);
  fs::remove(folder / "carnet.toml");
  BOOST_REQUIRE_EQUAL(::mkfifo((folder / "carnet.toml").c_str(), 0600), 0);
  CheckFailed(carnet.Run({"trust", "check"}), 2, "no trust is given");
}

boost::test_tools::assertion_result IsRoot(boost::unit_test::test_unit_id) {
  boost::test_tools::assertion_result root(::geteuid() == 0);
  if (!root) root.message() << "only root can give a file to somebody else";
  return root;
}

BOOST_AUTO_TEST_CASE(a_file_of_another_user_is_not_read, *boost::unit_test::precondition(&IsRoot)) {
  const std::string file = folder.Write("carnet.toml", "trust = \"t\"\n");
  BOOST_REQUIRE_EQUAL(::chown(file.c_str(), 12345, 12345), 0);
  const Ran found = carnet.Run({"trust", "check"});
  CheckFailed(found, 2, "no trust is given");
  BOOST_CHECK(found.err.find("carnet.toml is not read: it belongs to another user") !=
              found.err.npos);
  CheckFailed(carnet.Run({"trust", "check", "--config", "carnet.toml"}), 3,
              "is not read: it belongs to another user");
}

BOOST_AUTO_TEST_CASE(verify_says_which_file_gave_trust_and_policy) {
  const CliWorld world(Stage::kPassport);
  world.Write("carnet.toml", "trust = \"trust\"\npolicy = \"eu-gpai\"\n");
  const std::vector<std::string> verify = {"verify", "model", "--passport",
                                           "model.passport.sigstore.jsonl"};
  const Ran ran = world.Run(verify);
  CheckDone(ran);
  BOOST_CHECK(ran.err.find("/carnet.toml gave trust trust and policy eu-gpai\n") != ran.err.npos);
  BOOST_CHECK(ran.out.find("eu-gpai: ") != ran.out.npos);
  auto quiet = verify;
  quiet.emplace_back("--quiet");
  BOOST_CHECK_EQUAL(world.Run(quiet).err, ran.err);
  auto given = verify;
  given.insert(given.end(), {"--trust", "trust", "--policy", "hub-default"});
  const Ran silent = world.Run(given);
  CheckDone(silent);
  BOOST_CHECK_EQUAL(silent.err, "");
}

BOOST_AUTO_TEST_CASE(a_model_that_is_not_there_is_the_reason_and_nothing_else) {
  const CliWorld world(Stage::kPassport);
  world.Write("carnet.toml", "trust = \"trust\"\n");
  const Ran ran = world.Run({"verify", "nope", "--passport", "model.passport.sigstore.jsonl"});
  CheckFailed(ran, 3, "nope: ");
  BOOST_CHECK_EQUAL(ran.err.find("is not read"), ran.err.npos);
}

// The folder of a proof may be a stranger's; that there is a model in it nobody has said.
BOOST_AUTO_TEST_CASE(a_file_beside_a_proof_gives_its_verifier_nothing) {
  const CliWorld world(Stage::kCompleted);
  world.Must({"ledger", "proof", world.id("run"), "--ledger", "ledger", "--out", "x.tlog-proof"});
  world.Write("carnet.toml", "trust = \"trust\"\n");
  const auto shell = [&](const std::string& command) {
    CarnetProcess process(world / "");
    return process.Shell(command);
  };
  const std::string beside =
      "carnet.toml is not read: it lies in the folder of the proof, and may have come with it\n";
  for (const char* proof : {"x.tlog-proof", "- < x.tlog-proof"}) {
    const Ran ran = shell(std::string("carnet verify-proof ") + proof);
    CheckFailed(ran, 2, "a key of the log is required");
    BOOST_CHECK_MESSAGE(ran.err.find(beside) != ran.err.npos, ran.err);
  }
  CheckFailed(shell("carnet verify-proof x.tlog-proof --config carnet.toml"), 3,
              "carnet.toml: is not read: it lies in the folder of the proof");
  CheckDone(
      shell("mkdir received && mv x.tlog-proof received && carnet verify-proof "
            "received/x.tlog-proof"));
}

BOOST_AUTO_TEST_CASE(a_file_that_came_with_the_model_gives_verify_nothing) {
  const CliWorld world(Stage::kPassport);
  const auto in_model = [&](const std::string& arguments) {
    CarnetProcess process(world / "");
    return process.Shell("cd model && carnet verify " + arguments +
                         " --passport ../model.passport.sigstore.jsonl");
  };
  world.Write("model/carnet.toml", "trust = \"../trust\"\npolicy = \"eu-gpai\"\n");
  for (const char* model :
       {".", "../model", "model.safetensors", "./././", "../model/config.json"}) {
    const Ran ran = in_model(model);
    CheckFailed(ran, 2, "no trust is given: --trust, CARNET_TRUST or `trust` in carnet.toml");
    BOOST_CHECK_MESSAGE(
        ran.err.find("carnet.toml is not read: it lies in or beside the model") != ran.err.npos,
        ran.err);
  }
  CheckFailed(in_model(". --config carnet.toml"), 3,
              "carnet.toml: is not read: it lies in or beside the model");
  fs::create_directory_symlink(world / "model", world / "link");
  CheckFailed(world.Run({"verify", "link", "--passport", "p", "--config", "model/carnet.toml"}), 3,
              "is not read: it lies in or beside the model");
  fs::create_symlink(world / "model/carnet.toml", world / "named.toml");
  CheckFailed(world.Run({"verify", "model", "--passport", "p", "--config", "named.toml"}), 3,
              "is not read: it lies in or beside the model");
  // A file that is a link, or leads over several, came with all their folders.
  fs::create_directories(world / "dl/sub");
  fs::copy(world / "model/model.safetensors", world / "dl/sub/one.safetensors");
  fs::create_symlink("sub/one.safetensors", world / "dl/one.safetensors");
  fs::create_symlink("../dl/one.safetensors", world / "model/two.safetensors");
  for (const char* place : {"dl", "dl/sub"}) {
    world.Write(std::string(place) + "/carnet.toml", "trust = \"trust\"\n");
    for (const char* model : {"one.safetensors", "two.safetensors"}) {
      CarnetProcess process(world / "");
      const Ran ran = process.Shell("cd " + std::string(place) + " && carnet verify " +
                                    (world / (*model == 'o' ? "dl/" : "model/")) + model +
                                    " --passport ../model.passport.sigstore.jsonl");
      CheckFailed(ran, 2, "no trust is given");
      BOOST_CHECK_MESSAGE(
          ran.err.find("is not read: it lies in or beside the model") != ran.err.npos, ran.err);
    }
    fs::remove(world / (std::string(place) + "/carnet.toml"));
  }
  fs::remove(world / "model/two.safetensors");
  // One's own, above it, is taken; the stranger's is now a file of the model like any other.
  world.Write("carnet.toml", "trust = \"trust\"\n");
  const Ran own = in_model(".");
  BOOST_CHECK_EQUAL(own.status, 1);
  BOOST_CHECK(own.err.find(fs::canonical(world / "").string() + "/carnet.toml gave trust ") !=
              own.err.npos);
  BOOST_CHECK(own.out.find("other-model") != own.out.npos ||
              own.out.find("files-differ-tensors-agree") != own.out.npos);
}

BOOST_AUTO_TEST_CASE(a_file_that_nobody_named_chooses_no_policy_for_given_trust) {
  const CliWorld world(Stage::kPassport);
  world.Write("carnet.toml", "trust = \"other\"\npolicy = \"missing.toml\"\n");
  std::vector<std::string> verify = {
      "verify", "model", "--passport", "model.passport.sigstore.jsonl", "--trust", "trust"};
  CheckDone(world.Run(verify));
  verify.insert(verify.end(), {"--config", "carnet.toml"});
  CheckFailed(world.Run(verify), 3, "missing.toml");
}

BOOST_AUTO_TEST_CASE(verify_takes_its_key_from_the_file_but_no_ledger) {
  const CliWorld world(Stage::kPassport);
  world.Write("carnet.toml", "ledger = \"ledger\"\nkey = \"hub.key\"\ntrust = \"trust\"\n");
  const std::vector<std::string> verify = {
      "verify", "model", "--passport", "model.passport.sigstore.jsonl", "--vsa", "vsa.json"};
  CliWorld counted(Stage::kPassport);
  CheckDone(world.Run(verify));
  const auto info = world.Json({"ledger", "info", "--json"});
  BOOST_CHECK_EQUAL(info.at("tree_size").to_number<uint64_t>(), counted.TreeSize());
  BOOST_CHECK(world.Read("vsa.json").find("tlogEntries") == std::string::npos ||
              world.Read("vsa.json").find("inclusionProof") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(commands_that_record_need_no_options_in_a_project) {
  const CliWorld world(Stage::kAttested);
  world.Write("carnet.toml", "ledger = \"ledger\"\nkey = \"lab.key\"\ntrust = \"trust\"\n");
  world.Write("run.json", drafts::Run({.datasets = drafts::Texts{world.id("dataset")}}));
  CheckDone(world.Run({"run", "open", "--dir", "run1", "run.json"}));
  CheckDone(world.Run({"run", "abort", "--dir", "run1", "--reason", "tried out"}));
  CheckDone(world.Run({"trace", world.id("dataset")}));
}

BOOST_AUTO_TEST_SUITE_END()
