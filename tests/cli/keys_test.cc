// Every step of docs/keys.md, run as it is printed there, and what it changes for a verifier.
#include <filesystem>
#include <set>

#include "tests/cli/cli_world.h"
#include "tests/cli/doc_blocks.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kPassport[] = "model.passport.sigstore.jsonl";

struct Kept : CliWorld {
  explicit Kept(Stage stage = Stage::kPassport) : CliWorld(stage) {}
  void MustFollow(const std::string& name) {
    const auto blocks = BlocksOf("keys.md");
    BOOST_REQUIRE_MESSAGE(blocks.contains(name), name);
    const Ran ran = carnet().Shell("set -e\n" + blocks.at(name));
    BOOST_REQUIRE_MESSAGE(ran.status == 0, name << ": " << ran.out << ran.err);
  }
  Ran Verify(const std::string& passport = kPassport) {
    return Run({"verify", "model", "--passport", passport, "--trust", "trust"});
  }
  void CheckRefusedFor(const std::string& reason) {
    const Ran ran = Verify();
    BOOST_CHECK_EQUAL(ran.status, 1);
    BOOST_CHECK_MESSAGE(ran.out.find("the reason: " + reason + " (") != std::string::npos, ran.out);
  }
  // Another passport of the same model, by this key.
  Ran Reissue(const std::string& key) {
    Write("again.json", R"({"name":"again","intended_deployment":"research","supersedes":")" +
                            id("passport") + "\"}");
    return Sign({"passport", "issue", "model", "--draft", "again.json", "--completion",
                 id("completion"), "--trust", "trust", "--out", "again.jsonl"},
                key);
  }
  // As openssl prints it.
  std::string PublicHalf(const std::string& key, const std::string& password) {
    return MustRun("openssl pkey -pubout -passin pass:" + password + " -in " + *this / key);
  }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(keys)

BOOST_AUTO_TEST_CASE(every_step_has_a_test) {
  std::set<std::string> names;
  for (const auto& [name, block] : BlocksOf("keys.md")) names.insert(name);
  const std::set<std::string> tested = {"make",   "list",     "import", "password",
                                        "lost",   "rotate",   "stolen", "ledger-password",
                                        "retire", "list-both"};
  BOOST_CHECK(names == tested);
}

BOOST_AUTO_TEST_CASE(a_key_is_made_copied_and_listed) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  const auto blocks = BlocksOf("keys.md");
  const Ran made = carnet.Shell("set -e\n" + blocks.at("make") + blocks.at("list"));
  CheckDone(made);
  BOOST_CHECK(made.out.find("key id") != std::string::npos);
  BOOST_CHECK(fs::exists(folder / "offline/lab.key"));
  BOOST_CHECK(fs::exists(folder / "trust/parties/lab.toml"));
}

BOOST_AUTO_TEST_CASE(the_list_is_what_the_verifier_reads) {
  Kept world;
  world.MustFollow("list");
  CheckDone(world.Verify());
}

BOOST_AUTO_TEST_CASE(a_key_of_openssl_is_imported,
                     *boost::unit_test::precondition(HasProgram("openssl"))) {
  Kept world(Stage::kKeysAndLedger);
  world.MustFollow("import");
  BOOST_CHECK_EQUAL(world.Read("imported.pub"), world.PublicHalf("from-openssl.pem", "none"));
}

BOOST_AUTO_TEST_CASE(a_changed_password_changes_no_verdict) {
  Kept world;
  fs::create_directory(world / "offline");
  world.MustFollow("password");
  CheckDone(world.Verify());
  world.carnet().Set("CARNET_PASSWORD", "better");
  CheckDone(world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data"}));
  world.carnet().Set("CARNET_PASSWORD", "secret");
  CheckFailed(world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data"}), 3,
              "wrong password");
}

BOOST_AUTO_TEST_CASE(a_lost_file_comes_back_from_its_copy) {
  Kept world;
  fs::create_directory(world / "offline");
  world.MustFollow("password");
  fs::remove(world / "lab.key");
  world.MustFollow("lost");
  world.carnet().Set("CARNET_PASSWORD", "better");
  CheckDone(world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data"}));
}

BOOST_AUTO_TEST_CASE(a_ledger_goes_on_under_another_password) {
  Kept world;
  const std::string before = world.PublicHalf("ledger/key.pem", "none");
  world.MustFollow("ledger-password");
  BOOST_CHECK_EQUAL(world.PublicHalf("ledger/key.pem", "better"), before);
  const std::vector<std::string> attest = {"attest", "--kind", "device", "device.json"};
  CheckFailed(world.Sign(attest, "cloud"), 3, "set CARNET_LEDGER_PASSWORD");
  world.carnet().Set("CARNET_LEDGER_PASSWORD", "better");
  CheckDone(world.Sign(attest, "cloud"));
}

BOOST_AUTO_TEST_CASE(a_rotated_key_keeps_its_past_and_has_no_future) {
  Kept world;
  world.MustFollow("rotate");
  world.MustFollow("list-both");
  CheckDone(world.Verify());
  CheckFailed(world.Reissue("lab"), 1, "key-not-in-force");
  CheckDone(world.Reissue("lab-2"));
  CheckDone(world.Verify("again.jsonl"));
}

BOOST_AUTO_TEST_CASE(what_a_thief_signed_is_refused_and_what_was_before_is_not) {
  Kept world;
  const uint64_t size = world.TreeSize();
  world.carnet().Set("FIRST_ENTRY_OF_THE_THIEF", std::to_string(size));
  world.MustFollow("stolen");
  CheckDone(world.Verify());
  // The passport, the last entry, as the thief's.
  fs::remove(world / "lab-2.key");
  fs::remove(world / "lab-2.pub");
  world.carnet().Set("FIRST_ENTRY_OF_THE_THIEF", std::to_string(size - 1));
  world.MustFollow("stolen");
  world.CheckRefusedFor("key-not-in-force");
}

BOOST_AUTO_TEST_CASE(a_retired_key_keeps_its_past_and_a_date_takes_it_away) {
  Kept world;
  world.MustFollow("retire");
  CheckDone(world.Verify());
  CheckFailed(world.Reissue("lab"), 1, "key-not-in-force");
  std::string dated = world.Read("trust/parties/lab.toml");
  dated = dated.substr(0, dated.find("[[key.sizes]]")) + "until = \"2026-01-01\"\n";
  world.Write("trust/parties/lab.toml", dated);
  world.CheckRefusedFor("key-not-in-force");
}

BOOST_AUTO_TEST_CASE(a_key_that_is_taken_out_is_unknown) {
  Kept world;
  fs::remove(world / "trust/parties/lab.toml");
  fs::remove(world / "trust/parties/lab.pub");
  world.CheckRefusedFor("unknown-key");
}

BOOST_AUTO_TEST_SUITE_END()
