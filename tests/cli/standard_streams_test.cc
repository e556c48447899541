// `-` in the place of a file: standard input and standard output.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";
constexpr char kSign[] = " --ledger ledger --key ";

struct Fixture {
  CliWorld world{Stage::kPassport};

  Ran Shell(const std::string& command) { return world.carnet().Shell(command); }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(standard_streams, Fixture)

BOOST_AUTO_TEST_CASE(a_passport_is_read_from_standard_input) {
  const std::string verify = "carnet verify model --passport - --trust trust";
  const Ran piped = Shell("cat " + std::string(kFile) + " | " + verify);
  CheckDone(piped);
  BOOST_CHECK(piped.out.ends_with("\ndecision     pass\n"));
  CheckDone(Shell(verify + " < " + kFile));
  BOOST_CHECK_EQUAL(Shell(": | " + verify).status, 1);
  CheckFailed(Shell(verify + " <&-"), 3, "standard input: ");
  CheckFailed(Shell(verify + " < trust"), 3, "standard input: a folder");
}

BOOST_AUTO_TEST_CASE(reading_goes_on_where_the_input_stands) {
  const Ran ran = Shell("(head -c 5 > /dev/null; carnet inspect -) < lab.pub");
  CheckFailed(ran, 1, "-: ");
}

BOOST_AUTO_TEST_CASE(files_are_described_from_standard_input) {
  BOOST_CHECK_EQUAL(Shell("carnet inspect - < lab.pub").out, world.Must({"inspect", "lab.pub"}));
  BOOST_CHECK_EQUAL(Shell("carnet ledger checkpoint ledger | carnet inspect -").status, 0);
}

BOOST_AUTO_TEST_CASE(drafts_are_read_from_standard_input) {
  CliWorld fresh(Stage::kKeysAndLedger);
  fresh.Write("device.json", CliWorld(Stage::kAttested).Read("device.json"));
  const Ran ran = fresh.carnet().Shell(std::string("carnet attest --kind device -") + kSign +
                                       "cloud.key < device.json");
  CheckDone(ran);
  CliWorld completed(Stage::kCompleted);
  const Ran issued = completed.carnet().Shell(
      "echo '{\"name\":\"model\",\"intended_deployment\":\"research\"}' | carnet passport issue "
      "model --draft - --run run1 --trust trust" +
      std::string(kSign) + "lab.key");
  CheckDone(issued);
  BOOST_CHECK(fs::exists(completed / kFile));
}

BOOST_AUTO_TEST_CASE(a_draft_beyond_its_limit_is_refused) {
  CheckFailed(Shell(std::string("head -c 5000000 /dev/zero | carnet attest --kind device -") +
                    kSign + "cloud.key"),
              1, "standard input: larger than the limit of 4194304 bytes");
}

BOOST_AUTO_TEST_CASE(a_bundle_is_written_to_standard_output_alone) {
  const Ran ran =
      Shell(std::string("carnet attest --kind device device.json --out -") + kSign + "cloud.key");
  CheckDone(ran);
  const auto statement = StatementIn(ran.out);
  BOOST_CHECK_EQUAL(statement.at("predicateType").as_string(), "urn:carnet:device:v1");
  BOOST_CHECK(ran.err.starts_with("carnet: statement "));
  BOOST_CHECK(!fs::exists(world / "-"));
}

BOOST_AUTO_TEST_CASE(a_passport_is_written_to_standard_output_alone) {
  const Ran ran =
      Shell("carnet passport issue model --draft passport.json --run run1 --trust trust --out -" +
            std::string(kSign) + "lab.key");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, world.Read(kFile));
  BOOST_CHECK(ran.err.find("wrote standard output: level 2") != ran.err.npos);
  BOOST_CHECK(ran.err.find("statement " + world.id("passport")) != ran.err.npos);
  const std::string collect =
      "carnet passport collect " + world.id("passport") + " --ledger ledger";
  BOOST_CHECK_EQUAL(Shell(collect + " --out -").out, Shell(collect).out);
}

BOOST_AUTO_TEST_CASE(checkpoints_are_read_from_standard_input) {
  const std::string note = world.Must({"ledger", "checkpoint", "ledger"});
  fs::remove(world / "ledger/guard/checkpoint");
  world.Write("note", note);
  CheckDone(Shell("carnet ledger restore-guard ledger --checkpoint - < note"));
  CheckFailed(Shell("carnet ledger restore-guard ledger --checkpoint - --checkpoint - < note"), 2,
              "standard input can be read only once");
}

BOOST_AUTO_TEST_CASE(two_documents_on_one_stream_are_wrong_usage) {
  const std::string sign = kSign;
  for (const std::string& command :
       {"attest --kind device device.json --json --out -" + sign + "cloud.key",
        "passport issue model --draft passport.json --run run1 --trust trust --json --out -" +
            sign + "lab.key"}) {
    const Ran ran = Shell("carnet " + command);
    BOOST_CHECK_EQUAL(ran.status, 2);
    const auto failed = boost::json::parse(ran.out);
    BOOST_CHECK_EQUAL(failed.at("error").at("message").as_string(),
                      "--out - and --json are two documents");
  }
  CheckFailed(Shell("carnet verify model --trust trust --vsa - --key lab.key"), 2, "--vsa: a file");
  CheckFailed(
      Shell("carnet attest --kind device device.json --withhold x --out -" + sign + "cloud.key"), 2,
      "--withhold keeps the only text");
  CheckFailed(Shell("carnet verify model model --passport - --passport - --trust trust"), 2,
              "standard input can be read only once");
}

BOOST_AUTO_TEST_CASE(keys_and_models_are_never_read_from_standard_input) {
  for (const std::string command :
       {"digest -", "verify - --trust trust",
        "run complete --dir run1 --model - --ledger ledger --key lab.key",
        "attest --kind device device.json --ledger ledger --key -", "keygen --in -",
        "keygen --out -",
        "passport issue model --parent-model - --draft passport.json --run run1 "
        "--trust trust --ledger ledger --key lab.key"}) {
    CheckFailed(Shell("carnet " + command + " < lab.key"), 2,
                "- is standard input, which this cannot be; a file of that name is ./-");
  }
}

BOOST_AUTO_TEST_CASE(proofs_and_their_checkpoints_are_read_from_standard_input) {
  world.Write("kept", world.Must({"ledger", "checkpoint", "ledger"}));
  const std::string trust = " --trust trust";
  const std::string prove = "carnet ledger consistency kept kept --ledger ledger --out -";
  CheckDone(Shell("carnet ledger proof " + world.id("run") +
                  " --ledger ledger | carnet verify-proof -" + trust));
  CheckDone(Shell("carnet ledger consistency - kept --ledger ledger < kept"));
  CheckDone(Shell(prove + " | carnet verify-consistency kept --proof -" + trust));
  CheckDone(
      Shell(prove + " > proof; carnet verify-consistency - --proof proof --trust trust < kept"));
  const char* twice = "- is given more than once";
  CheckFailed(Shell("carnet ledger consistency - - --ledger ledger < kept"), 2, twice);
  CheckFailed(Shell("carnet verify-consistency - --proof -" + trust + " < kept"), 2, twice);
  CheckFailed(Shell("carnet verify-proof - --entry -" + trust + " < kept"), 2, twice);
  CheckFailed(Shell("carnet verify-proof -" + trust + " < kept"), 1, "standard input: ");
}

BOOST_AUTO_TEST_CASE(a_proof_is_written_to_standard_output_alone) {
  world.Write("kept", world.Must({"ledger", "checkpoint", "ledger"}));
  const std::string prove = "carnet ledger consistency 3 kept --ledger ledger --out ";
  CheckDone(Shell(prove + "proof"));
  for (const char* out : {"-", "/dev/stdout"}) {
    const Ran ran = Shell(prove + out);
    CheckDone(ran);
    BOOST_CHECK_EQUAL(ran.out, world.Read("proof"));
    BOOST_CHECK_MESSAGE(ran.err.starts_with("carnet: consistent: the older tree (size 3) "),
                        ran.err);
    BOOST_CHECK(ran.err.find("\ncarnet: newer  size ") != ran.err.npos);
    const Ran both = Shell(prove + out + " --json");
    BOOST_CHECK_EQUAL(both.status, 2);
    BOOST_CHECK(both.err.find("--out - and --json are two documents") != both.err.npos);
  }
}

BOOST_AUTO_TEST_SUITE_END()
