// `carnet init`: everything is made or nothing, and the commands that it prints work in their
// order.
#include <sys/stat.h>

#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/drafts.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};

  std::string Read(const std::string& name) const {
    std::ifstream in(folder / name, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  // As Python reads it.
  boost::json::value Toml(const std::string& name) const {
    return boost::json::parse(
        MustRun("python3 -c 'import json,sys,tomllib; "
                "print(json.dumps(tomllib.load(open(sys.argv[1],\"rb\"))))' " +
                (folder / name)));
  }
  std::string SignerOf(const std::string& pub) const {
    return "key:" +
           MustRun("openssl pkey -pubin -in " + (folder / pub) + " -outform DER | sha256sum")
               .substr(0, 64);
  }
  Ran Init(const std::string& arguments) const { return carnet.Shell("carnet init " + arguments); }
};

// The commands after "next:", each with its comment.
std::vector<std::string> NextCommands(const Ran& made) {
  CheckDone(made);
  std::vector<std::string> commands;
  std::istringstream lines(made.out.substr(made.out.find("next:\n") + 6));
  for (std::string line; std::getline(lines, line) && line.starts_with("  ");)
    commands.push_back(line.substr(2));
  return commands;
}

void CheckNextCommandsWork(const Fixture& fixture, const Ran& made) {
  const auto commands = NextCommands(made);
  BOOST_REQUIRE_EQUAL(commands.size(), 4U);
  BOOST_CHECK(commands[0].starts_with("cd "));
  std::string before = commands[0];
  for (size_t i = 1; i < commands.size(); ++i) {
    BOOST_TEST_CONTEXT(commands[i]) {
      BOOST_CHECK(commands[i].starts_with("carnet "));
      CheckDone(fixture.carnet.Shell(before + "\n" + commands[i]));
    }
  }
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(init, Fixture)

BOOST_AUTO_TEST_CASE(a_lab_gets_key_ledger_trust_and_project_file) {
  const Ran made =
      Init("lab --party example-lab --name 'Example \"Lab\"' --origin log.example.org");
  CheckDone(made);
  BOOST_CHECK(made.err.find("made lab.key lab.pub ledger trust carnet.toml\n") != made.err.npos);
  BOOST_CHECK(made.err.find("localhost") == made.err.npos);
  BOOST_CHECK_EQUAL(made.out.substr(0, 8 + 68), "signer  " + SignerOf("lab.pub"));
  BOOST_CHECK(Read("lab.key").starts_with("-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----\n"));
  const auto project = Toml("carnet.toml");
  BOOST_CHECK_EQUAL(NamesIn(project), "key ledger party policy trust");
  BOOST_CHECK_EQUAL(project.at("ledger").as_string(), "ledger");
  BOOST_CHECK_EQUAL(project.at("key").as_string(), "lab.key");
  BOOST_CHECK_EQUAL(project.at("trust").as_string(), "trust");
  BOOST_CHECK_EQUAL(project.at("policy").as_string(), "hub-default");
  BOOST_CHECK_EQUAL(project.at("party").at("id").as_string(), "example-lab");
  BOOST_CHECK_EQUAL(project.at("party").at("name").as_string(), "Example \"Lab\"");
  const auto party = Toml("trust/parties/example-lab.toml");
  BOOST_CHECK_EQUAL(party.at("party").as_string(), "example-lab");
  BOOST_CHECK_EQUAL(boost::json::serialize(party.at("key").at(0).at("kinds")),
                    R"(["dataset","run","segment","completion","passport"])");
  BOOST_CHECK_EQUAL(Read("trust/parties/example-lab.pub"), Read("lab.pub"));
  const auto log = boost::json::parse(Read("trust/trusted_root.json")).at("tlogs").at(0);
  BOOST_CHECK_EQUAL(log.at("baseUrl").as_string(), "https://log.example.org");
  BOOST_CHECK_EQUAL(log.at("operator").as_string(), "example-lab");
  const auto info = boost::json::parse(carnet.Run({"ledger", "info", "--json"}).out);
  BOOST_CHECK(made.out.find(std::string(info.at("log_id").as_string())) != made.out.npos);
}

BOOST_AUTO_TEST_CASE(without_a_password_the_key_is_plain_and_only_the_owners) {
  carnet.Unset("CARNET_PASSWORD");
  CheckFailed(Init("lab --party lab"), 3, "set CARNET_PASSWORD");
  BOOST_CHECK(fs::is_empty(folder / ""));
  const Ran made = Init("lab --party lab --no-password");
  CheckDone(made);
  BOOST_CHECK(made.err.find("the private key is not encrypted") != made.err.npos);
  MustRun("openssl pkey -in " + (folder / "lab.key") + " -noout");
  struct stat status {};
  BOOST_REQUIRE_EQUAL(::stat((folder / "lab.key").c_str(), &status), 0);
  BOOST_CHECK_EQUAL(status.st_mode & 0777, 0600U);
  CheckDone(carnet.Run({"trust", "check"}));
}

BOOST_AUTO_TEST_CASE(who_has_machines_of_its_own_may_attest_them) {
  CheckDone(Init("lab --party it --no-password --own-devices"));
  BOOST_CHECK_EQUAL(
      boost::json::serialize(Toml("trust/parties/it.toml").at("key").at(0).at("kinds")),
      R"(["dataset","device","run","segment","completion","passport"])");
  CheckDone(Init("cloud --dir cloud --party it --no-password --own-devices"));
  BOOST_CHECK_EQUAL(
      boost::json::serialize(Toml("cloud/trust/parties/it.toml").at("key").at(0).at("kinds")),
      R"(["device","allocation"])");
}

BOOST_AUTO_TEST_CASE(the_ledgers_key_is_encrypted_under_its_own_password) {
  carnet.Set("CARNET_LEDGER_PASSWORD", "of the ledger");
  CheckDone(Init("lab --party lab --no-password"));
  BOOST_CHECK(Read("ledger/key.pem").starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
}

struct RoleCase {
  const char* role;
  const char* made;
  const char* kinds;
};
std::ostream& operator<<(std::ostream& out, const RoleCase& value) { return out << value.role; }
const RoleCase kRoleCases[] = {
    {"cloud", "made cloud.key cloud.pub trust carnet.toml\n", R"(["device","allocation"])"},
    {"hub", "made hub.key hub.pub trust carnet.toml\n", R"(["verdict"])"},
    {"auditor", "made auditor.key auditor.pub trust carnet.toml\n", R"(["verdict"])"},
};

BOOST_DATA_TEST_CASE_F(Fixture, others_get_no_ledger_unless_they_ask, kRoleCases, expected) {
  const std::string role = expected.role;
  const Ran made = Init(role + " --party it --no-password");
  CheckDone(made);
  BOOST_CHECK_MESSAGE(made.err.find(expected.made) != made.err.npos, made.err);
  BOOST_CHECK(Toml("carnet.toml").as_object().if_contains("ledger") == nullptr);
  BOOST_CHECK_EQUAL(
      boost::json::serialize(Toml("trust/parties/it.toml").at("key").at(0).at("kinds")),
      expected.kinds);
  CheckDone(Init(role + " --dir with --party it --no-password --with-ledger --origin b.example"));
  BOOST_CHECK_EQUAL(Toml("with/carnet.toml").at("ledger").as_string(), "ledger");
  CheckDone(carnet.Shell("cd with && carnet ledger info && carnet trust check"));
}

BOOST_AUTO_TEST_CASE(another_projects_ledger_is_named_as_seen_from_the_new_one) {
  CheckDone(Init("lab --dir lab --party lab --no-password"));
  CheckFailed(Init("cloud --dir made/by/nobody --party c --no-password"), 3, "made/by/nobody");
  CheckDone(Init("cloud --dir cloud --party c --no-password --ledger lab/ledger"));
  BOOST_CHECK_EQUAL(Toml("cloud/carnet.toml").at("ledger").as_string(), "../lab/ledger");
  const auto log = boost::json::parse(Read("cloud/trust/trusted_root.json")).at("tlogs").at(0);
  BOOST_CHECK(log.as_object().if_contains("operator") == nullptr);  // the cloud does not run it
  CheckDone(carnet.Shell("cd cloud && carnet ledger info"));
  CheckFailed(Init("hub --dir hub --party h --no-password --ledger nowhere"), 3, "nowhere");
  BOOST_CHECK(!fs::exists(folder / "hub"));
}

BOOST_AUTO_TEST_CASE(the_next_commands_of_a_lab_work) {
  const Ran made = Init("lab --dir lab --party lab --no-password");
  CheckDone(Init("cloud --dir cloud --party cloud --no-password"));
  fs::copy(folder / "cloud/cloud.pub", folder / "lab/cloud.pub");
  folder.Write("lab/data/a.txt", "some text");
  CheckNextCommandsWork(*this, made);
}

BOOST_AUTO_TEST_CASE(the_next_commands_of_a_cloud_work) {
  CheckDone(Init("lab --dir lab --party lab --no-password"));
  for (const char* ledger : {"", " --ledger lab/ledger"}) {
    fs::remove_all(folder / "cloud");
    const Ran made = Init(std::string("cloud --dir cloud --party cloud --no-password") + ledger);
    folder.Write("cloud/allocation.json", drafts::Allocation({.holders = {SignerOf("lab/lab.pub")},
                                                              .from_ms = 1'700'000'000'000,
                                                              .to_ms = 1'900'000'000'000}));
    CheckNextCommandsWork(*this, made);
  }
}

BOOST_AUTO_TEST_CASE(the_next_commands_of_hub_and_auditor_work) {
  CheckDone(Init("lab --dir lab --party lab --no-password"));
  for (const std::string role : {"hub", "auditor"}) {
    const Ran made = Init(role + " --dir " + role + " --party it --no-password");
    fs::copy(folder / "lab/lab.pub", folder / (role + "/lab.pub"));
    fs::copy(folder / "lab/trust/trusted_root.json", folder / (role + "/trusted_root.json"));
    CheckNextCommandsWork(*this, made);
    const std::string other = role + "2";
    const Ran named =
        Init(role + " --dir " + other + " --party it --no-password --ledger lab/ledger");
    fs::copy(folder / "lab/lab.pub", folder / (other + "/lab.pub"));
    CheckNextCommandsWork(*this, named);
  }
}

BOOST_DATA_TEST_CASE_F(Fixture, whatever_is_in_the_way_is_named_and_kept,
                       boost::unit_test::data::make(std::vector<std::string>{
                           "lab.key", "lab.pub", "ledger", "trust", "carnet.toml"}),
                       name) {
  folder.Write(name, "there before");
  CheckFailed(Init("lab --party lab --no-password"), 3, name + ": exists already");
  fs::remove(folder / name);
  fs::create_symlink("nowhere", folder / name);
  CheckFailed(Init("lab --party lab --no-password"), 3, name + ": exists already");
  fs::remove(folder / name);
  BOOST_CHECK(fs::is_empty(folder / ""));
}

// A key is encrypted for a tenth of a second, in which others may write the same names.
BOOST_AUTO_TEST_CASE(what_another_command_makes_meanwhile_stays) {
  carnet.Set("CARNET_PASSWORD", "secret");
  for (int delay = 0; delay < 200; delay += 20) {
    for (const char* name : {"lab.key", "lab.pub", "ledger", "carnet.toml"}) {
      const ScratchFolder place;
      const Ran ran = carnet.Shell(
          "cd " + place / "." + " && (carnet init lab --party x >init.out 2>&1 & sleep 0." +
          (delay < 100 ? "0" : "") + std::to_string(delay) + "; ln -sT /dev/null " + name +
          " 2>/dev/null && echo made; wait)");
      BOOST_CHECK_EQUAL(ran.status, 0);
      if (ran.out == "made\n") BOOST_CHECK_MESSAGE(fs::is_symlink(place / name), name << delay);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_ledger_whose_path_the_file_cannot_hold_is_refused_before_anything_is_made) {
  CheckDone(Init("lab --dir lab --party lab --no-password"));
  for (const char* path : {"a\tb", "a\xff", "a\xe2\x80\x8d"}) {
    fs::rename(folder / "lab", folder / path);
    CheckFailed(carnet.Run({"init", "cloud", "--dir", "cloud", "--party", "c", "--no-password",
                            "--ledger", folder / path + "/ledger"}),
                3, "the path of the ledger is not text that carnet.toml can hold");
    BOOST_CHECK(!fs::exists(folder / "cloud"));
    fs::rename(folder / path, folder / "lab");
  }
}

BOOST_AUTO_TEST_CASE(the_hint_for_an_empty_password_has_all_that_was_given) {
  carnet.Set("CARNET_PASSWORD", "");
  const Ran empty = Init(
      "lab --party x --name 'A Lab' --dir 'my lab' --origin log.example.org "
      "--own-devices");
  CheckFailed(empty, 3, "CARNET_PASSWORD is set, but empty");
  CheckHint(empty,
            "for a key without a password: carnet init lab --dir 'my lab' --party x --name "
            "'A Lab' --origin log.example.org --own-devices --no-password");
}

BOOST_AUTO_TEST_CASE(variables_that_go_before_the_new_file_are_named) {
  carnet.Set("CARNET_LEDGER", "elsewhere");
  const Ran made = Init("lab --party lab --no-password");
  CheckDone(made);
  BOOST_CHECK(made.err.find("warning: CARNET_LEDGER is set, and goes before carnet.toml") !=
              made.err.npos);
}

struct WrongInit {
  const char* name;
  const char* arguments;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const WrongInit& value) { return out << value.name; }
const WrongInit kWrongInits[] = {
    {"role", "bank --party a", "bank is not one of lab, cloud, hub, auditor"},
    {"no_party", "lab", "--party is required"},
    {"party_is_a_path", "lab --party ../a", "expected letters, digits, dots, dashes"},
    {"party_is_hidden", "lab --party .a", "expected letters, digits, dots, dashes"},
    {"party_is_a_toml_file", "lab --party a.toml", "without .toml"},
    {"name", "lab --party a --name '\x1b[31m'", "--name"},
    {"origin", "lab --party a --origin https://log", "--origin"},
    {"origin_without_a_ledger", "hub --party a --origin log.example", "--with-ledger"},
    {"two_ledgers", "hub --party a --with-ledger --ledger b", "excludes"},
    {"origin_of_anothers_ledger", "lab --party a --ledger b --origin log", "excludes"},
};

BOOST_DATA_TEST_CASE_F(Fixture, wrong_usage_makes_nothing, kWrongInits, wrong) {
  CheckFailed(Init(wrong.arguments), 2, wrong.message);
  BOOST_CHECK(fs::is_empty(folder / ""));
}

#ifdef CARNET_FAULT_SHIM
// Each of its system calls that writes fails once; the key in place before is never touched.
BOOST_AUTO_TEST_CASE(after_any_failed_call_nothing_is_left) {
  int calls = 0;
  for (constexpr int kMostCalls = 300; calls < kMostCalls; ++calls) {
    const ScratchFolder place;
    const ScratchFolder counts;
    CarnetProcess process(place / "");
    process.Set("LD_PRELOAD", CARNET_FAULT_SHIM);
    process.Set("CARNET_FAULT_AT", std::to_string(calls + 1));
    process.Set("CARNET_FAULT", "eio");
    process.Set("CARNET_FAULT_COUNT", counts / "count");
    const Ran ran = process.Run({"init", "lab", "--dir", "new", "--party", "lab", "--no-password"});
    std::ifstream count(counts / "count");
    int made = 0;
    count >> made;
    if (made <= calls) break;
    if (ran.status == 0) continue;  // what failed was not needed
    BOOST_CHECK_EQUAL(ran.status, 3);
    BOOST_CHECK_MESSAGE(fs::is_empty(place / ""), "call " << calls + 1 << ": " << ran.err);
  }
  BOOST_CHECK_GT(calls, 20);
  BOOST_CHECK_LT(calls, 300);
}
#endif

BOOST_AUTO_TEST_SUITE_END()
