// What may have been meant, what to type next, and how much is said.
#include <filesystem>
#include <sstream>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

struct Fixture {
  ScratchFolder folder;
  CarnetProcess carnet{folder / ""};
};

std::vector<std::string> Words(const std::string& text) {
  std::istringstream in(text);
  return {std::istream_iterator<std::string>(in), {}};
}

void CheckLines(const Ran& ran, int status, const std::string& error, const std::string& hint) {
  BOOST_CHECK_EQUAL(ran.status, status);
  BOOST_CHECK_EQUAL(ran.out, "");
  BOOST_CHECK_EQUAL(ran.err, "carnet: error: " + error + "\ncarnet: hint: " + hint + "\n");
}

struct Mistyped {
  const char* name;
  const char* arguments;
  const char* error;
  const char* hint;
};
std::ostream& operator<<(std::ostream& out, const Mistyped& each) { return out << each.name; }

const Mistyped kMistyped[] = {
    {"command", "verfy m", "there is no command \"verfy\"", "did you mean carnet verify?"},
    {"command_of_a_group", "ledger inti", "there is no command \"inti\"",
     "did you mean carnet ledger init?"},
    {"command_after_flags", "-q --verbose verfy", "there is no command \"verfy\"",
     "did you mean carnet verify?"},
    {"no_command_like_it", "bogus", "there is no command \"bogus\"", "see: carnet --help"},
    {"none_of_a_group", "ledger bogus", "there is no command \"bogus\"",
     "see: carnet ledger --help"},
    {"help_of_a_command", "help verfy", "there is no command \"verfy\"",
     "did you mean carnet verify?"},
    // --passport is required and missing: that is not what is wrong.
    {"option_before_required", "verify m --pasport p --trust t", "unknown option \"--pasport\"",
     "did you mean --passport?"},
    {"option_with_value", "verify m --pasport=p --trust t", "unknown option \"--pasport\"",
     "did you mean --passport?"},
    {"option_for_all", "digest m --verbos", "unknown option \"--verbos\"",
     "did you mean --verbose?"},
    {"no_option_like_it", "digest m --colour red", "unknown option \"--colour\"",
     "see: carnet digest --help"},
    {"short_option", "digest m -x", "unknown option \"-x\"", "see: carnet digest --help"},
    {"dashes", "keygen ---", "unknown option \"---\"", "see: carnet keygen --help"},
    {"option_of_the_program", "--bogus digest m", "unknown option \"--bogus\"",
     "see: carnet digest --help"},
    {"argument", "policy show a b", "unexpected argument \"b\"", "see: carnet policy show --help"},
    {"required", "run status", "--dir is required", "see: carnet run status --help"},
    {"kind", "attest f --kind devise --ledger l --key k",
     "--kind: devise is not one of dataset, device, allocation, run, segment, completion, passport",
     "did you mean device?"},
    {"kind_to_find", "find --kind pasport --ledger l",
     "--kind: pasport is not one of dataset, device, allocation, run, segment, completion, "
     "passport, verdict",
     "did you mean passport?"},
    {"format",
     "trace --format dto --ledger l "
     "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
     "--format: dto is not one of tree, json, dot, svg", "did you mean dot?"},
    {"shell", "completion fisch", "shell: fisch is not one of bash, zsh, fish",
     "did you mean fish?"},
    {"policy", "policy show eu-gapi",
     "no shipped policy \"eu-gapi\": there are eu-gpai, eu-systemic, hub-complete, hub-default",
     "did you mean eu-gpai?"},
    {"no_policy_like_it", "policy show bogus",
     "no shipped policy \"bogus\": there are eu-gpai, eu-systemic, hub-complete, hub-default",
     "list them with: carnet policy list"},
    {"no_ledger", "ledger info ./lgr", "./lgr/db: no database",
     "make one with: carnet ledger init ./lgr --origin log.example.org"},
    {"no_trust", "verify m --passport p --trust t", "t: no such folder",
     "add the log's trusted root, as its operator publishes it, with: carnet trust add-log "
     "trusted_root.json --trust t"},
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(hints, Fixture)

BOOST_DATA_TEST_CASE_F(Fixture, says_what_was_meant_or_what_to_type, kMistyped, mistyped) {
  const Ran ran = carnet.Run(Words(mistyped.arguments));
  BOOST_CHECK(ran.status == 2 || ran.status == 3);
  CheckLines(ran, ran.status, mistyped.error, mistyped.hint);
  BOOST_CHECK(std::filesystem::is_empty(folder / ""));
}

// What a user could copy must do what it says.
BOOST_AUTO_TEST_CASE(the_hints_run) {
  const auto follow = [&](const Ran& failed) {
    const size_t hint = failed.err.find("carnet: hint: ");
    const size_t at = failed.err.find("with: carnet ", hint);
    BOOST_REQUIRE_MESSAGE(at != std::string::npos, failed.err);
    std::string command = failed.err.substr(at + 6);
    CheckDone(carnet.Shell(command));
  };
  follow(carnet.Run({"ledger", "info", "./ledger"}));
  CheckDone(carnet.Run({"ledger", "info", "./ledger"}));
  CheckDone(carnet.Run({"ledger", "trust", "./ledger", "--out", "trusted_root.json"}));
  follow(carnet.Run({"verify", "m", "--passport", "p", "--trust", "my trust"}));
  BOOST_CHECK(std::filesystem::exists(folder / "my trust/trusted_root.json"));
  folder.Write("device.json", "{}");
  folder.Write("d.json",
               R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})");
  const std::vector<std::string> attest = {"attest",   "--kind", "device", "d.json",
                                           "--ledger", "ledger", "--key",  "lab.key"};
  follow(carnet.Run(attest));
  CheckDone(carnet.Run(attest));
}

BOOST_AUTO_TEST_CASE(a_busy_ledger_is_waited_for) {
  CliWorld world(Stage::kAttested);
  const Ran busy = world.carnet().Shell(
      "flock ledger/lock carnet attest --kind device device.json --ledger ledger --key cloud.key "
      "--wait 0");
  CheckFailed(busy, 3, "another");
  BOOST_CHECK_MESSAGE(
      busy.err.find("carnet: hint: wait until it is free with: flock ledger/lock true\n") !=
          std::string::npos,
      busy.err);
  CheckDone(world.carnet().Shell("flock ledger/lock true"));
}

BOOST_AUTO_TEST_CASE(a_wrong_password_names_its_variable) {
  CheckDone(carnet.Run({"keygen", "--out", "lab"}));
  CheckDone(carnet.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}));
  folder.Write("d.json",
               R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})");
  carnet.Set("CARNET_PASSWORD", "wrong");
  CheckLines(carnet.Run({"attest", "--kind", "device", "d.json", "--ledger", "ledger", "--key",
                         "lab.key"}),
             3, "lab.key: wrong password, or the encrypted bytes were changed",
             "set it with: read -rs CARNET_PASSWORD && export CARNET_PASSWORD");
}

BOOST_AUTO_TEST_CASE(no_raw_bytes_reach_the_terminal) {
  for (const char* hostile : {"\x1b[31m", "\xff\xfe", "a\x07", "\xe2\x80\xae"}) {
    for (const auto& arguments : std::vector<std::vector<std::string>>{
             {hostile},
             {"ledger", hostile},
             {"digest", hostile},
             {"digest", "m", std::string("--") + hostile},
             {"digest", "m", hostile},
             {"attest", "f", "--kind", hostile, "--ledger", "l", "--key", "k"},
             {"policy", "show", hostile},
             {"ledger", "info", hostile},
             {"ledger", "info", hostile, "--json"},
             {"verify", "m", "--passport", "p", "--trust", hostile},
             {"flops", "--chip", hostile, "--days", "1"},
             {"passwd", hostile},
             {"inspect", hostile}}) {
      const Ran ran = carnet.Run(arguments);
      BOOST_CHECK_MESSAGE(ran.status >= 2, arguments[0]);
      BOOST_CHECK_MESSAGE((ran.out + ran.err).find(hostile) == std::string::npos,
                          arguments[0] << ": " << ran.err);
    }
  }
}

BOOST_AUTO_TEST_CASE(a_draft_has_line_and_column) {
  CliWorld world(Stage::kKeysAndLedger);
  const auto attest = [&](const std::string& draft) {
    world.Write("device.json", draft);
    return world.Sign({"attest", "--kind", "device", "device.json"}, "cloud");
  };
  CheckFailed(attest("{\n  \"id\": \"aws:i-0123456789abcdef0\",\n  \"unts\": 1\n}\n"), 1,
              "device.json:3:3: unts: unknown field; did you mean \"units\"?");
  CheckFailed(attest("{\n  \"id\": \"x\",\n}\n"), 1, "device.json:3:1: invalid JSON");
  CheckFailed(attest("{\"units\":1,\n \"units\":2}"), 1,
              "device.json:2:2: units: key appears more than once");
  world.Write("run.json", "{\n\t\"kind\": \"pretraining\"\n}");
  CheckFailed(world.Sign({"run", "open", "--dir", "r", "run.json"}), 1,
              "run.json:2:2: kind: unknown value \"pretraining\"; did you mean \"pre-training\"?; "
              "known: pre-training, fine-tune, reinforcement-learning, distillation, merge, "
              "quantisation, adapter, ablation");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(verbosity)

BOOST_AUTO_TEST_CASE(quiet_has_no_notes_but_errors_and_warnings) {
  const ScratchFolder folder;
  CarnetProcess carnet(folder / "");
  const Ran quiet = carnet.Run({"-q", "keygen", "--out", "lab"});
  CheckDone(quiet);
  BOOST_CHECK_EQUAL(quiet.err, "");
  BOOST_CHECK(quiet.out.starts_with("key:"));
  CheckFailed(carnet.Run({"keygen", "--out", "lab", "--quiet"}), 3, "lab.key: the file exists");
  std::filesystem::permissions(folder / "lab.key", std::filesystem::perms(0644));
  const Ran warned = carnet.Run({"keygen", "--in", "lab.key", "--out", "copy", "-q"});
  CheckDone(warned);
  BOOST_CHECK(warned.err.starts_with("carnet: warning: lab.key: others can read"));
}

BOOST_AUTO_TEST_CASE(verbose_tells_what_is_opened_before_and_after_the_command) {
  CliWorld world(Stage::kPassport);
  const std::vector<std::string> verify = {
      "verify", "model", "--passport", "model.passport.sigstore.jsonl", "--trust", "trust"};
  const Ran plain = world.Run(verify);
  for (const bool before : {true, false}) {
    auto arguments = verify;
    arguments.insert(before ? arguments.begin() : arguments.end(), before ? "-v" : "--verbose");
    const Ran ran = world.Run(arguments);
    CheckDone(ran);
    BOOST_CHECK_EQUAL(ran.out, plain.out);
    for (const char* detail :
         {" s] read trust directory trust: 3 keys, 1 logs\n",
          " s] read policy hub-default: sha256:", " s] read model.passport.sigstore.jsonl: ",
          " s] read model: 2 files, ", " s] judged 8 attestations\n",
          " s] ended with status 0 after "}) {
      BOOST_CHECK_MESSAGE(ran.err.find(detail) != std::string::npos, detail << ran.err);
    }
  }
  BOOST_CHECK_EQUAL(plain.err, "");
}

BOOST_AUTO_TEST_CASE(between_group_and_command_too) {
  CliWorld world(Stage::kKeysAndLedger);
  BOOST_CHECK(world.Run({"ledger", "-v", "info", "ledger"}).err.find("tree size 0") !=
              std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
