#include <filesystem>
#include <set>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

std::string LineOf(const std::string& text, const std::string& name) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with(name + " ")) return line.substr(line.find_last_of(' ') + 1);
  }
  return "";
}

// Halves a database file: some row is gone.
void DamageDatabase(const CliWorld& world) {
  for (const auto& entry : fs::directory_iterator(world / "ledger/db")) {
    const auto extension = entry.path().extension();
    if (extension == ".log" || extension == ".sst") {
      fs::resize_file(entry.path(), fs::file_size(entry.path()) / 2);
    }
  }
}

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_init)

BOOST_AUTO_TEST_CASE(makes_a_ledger_with_a_key_of_its_own) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  const Ran ran = carnet.Run({"ledger", "init", "l", "--origin", "log.example.org"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.starts_with("log id  "));
  BOOST_CHECK(LineOf(ran.out, "vkey").starts_with("log.example.org+"));
  BOOST_CHECK_EQUAL(ran.err,
                    "carnet: key.pem is not encrypted: CARNET_LEDGER_PASSWORD is not set\n");
  BOOST_CHECK((fs::status(folder / "l/key.pem").permissions() & fs::perms::all) ==
              (fs::perms::owner_read | fs::perms::owner_write));
  for (const char* part : {"l/db", "l/guard/checkpoint"}) BOOST_CHECK(fs::exists(folder / part));
}

BOOST_AUTO_TEST_CASE(a_folder_that_holds_something_is_refused_and_stays) {
  CliWorld world(Stage::kKeysAndLedger);
  const auto before = world.Files();
  CheckFailed(world.Run({"ledger", "init", "ledger", "--origin", "log.example.org"}), 1,
              "ledger: the folder is not empty");
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(the_key_is_encrypted_under_a_password) {
  const ScratchFolder folder;
  CarnetProcess carnet(folder / "");
  carnet.Set("CARNET_LEDGER_PASSWORD", "of the ledger");
  const Ran ran = carnet.Run({"ledger", "init", "l", "--origin", "log.example.org"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "");
  CheckDone(carnet.Run({"keygen", "--out", "k"}));
  folder.Write("device.json",
               R"({"id":"aws:i-0123456789abcdef0","units":1,"vendor":"AWS","chip":"h100-sxm5"})");
  const std::vector<std::string> attest = {"attest",   "--kind", "device", "device.json",
                                           "--ledger", "l",      "--key",  "k.key"};
  carnet.Unset("CARNET_LEDGER_PASSWORD");
  CheckFailed(carnet.Run(attest), 3, "CARNET_LEDGER_PASSWORD");
  carnet.Set("CARNET_LEDGER_PASSWORD", "another");
  CheckFailed(carnet.Run(attest), 3, "l/key.pem: wrong password");
  carnet.Set("CARNET_LEDGER_PASSWORD", "of the ledger");
  CheckDone(carnet.Run(attest));
}

BOOST_AUTO_TEST_CASE(the_guard_may_live_elsewhere) {
  const ScratchFolder folder;
  const CarnetProcess carnet(folder / "");
  CheckDone(carnet.Run({"ledger", "init", "l", "--origin", "log.example.org", "--guard", "g"}));
  BOOST_CHECK(fs::exists(folder / "g/checkpoint"));
  CheckDone(carnet.Run({"ledger", "fsck", "l", "--guard", "g"}));
  CheckDone(carnet.Run({"ledger", "fsck", "l"}));
  fs::rename(folder / "g", folder / "moved");
  const Ran moved = carnet.Run({"ledger", "fsck", "l"});
  BOOST_CHECK_EQUAL(moved.status, 1);
  BOOST_CHECK(moved.out.find("(if it is kept elsewhere, give its folder: --guard)\n") !=
              std::string::npos);
  CheckDone(carnet.Run({"ledger", "fsck", "l", "--guard", "moved"}));
  CheckDone(carnet.Run({"ledger", "info", "l"}));
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledger_reading)

BOOST_AUTO_TEST_CASE(info_and_checkpoint_say_the_same) {
  CliWorld world(Stage::kAttested);
  const auto json = world.Json({"ledger", "info", "ledger", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json), "checkpoint log_id origin root tree_size vkey");
  BOOST_CHECK_EQUAL(json.at("origin").as_string(), "log.example.org");
  BOOST_CHECK_EQUAL(json.at("tree_size").to_number<int>(), 3);
  const std::string text = world.Must({"ledger", "info", "ledger"});
  for (const auto& [name, field] : std::vector<std::pair<std::string, std::string>>{
           {"origin", "origin"}, {"log id", "log_id"}, {"vkey", "vkey"}, {"root", "root"}}) {
    BOOST_CHECK_EQUAL(LineOf(text, name), std::string(json.at(field).as_string()));
  }
  const std::string checkpoint = world.Must({"ledger", "checkpoint", "ledger"});
  BOOST_CHECK_EQUAL(checkpoint, std::string(json.at("checkpoint").as_string()));
  BOOST_CHECK(checkpoint.starts_with("log.example.org\n3\n"));
  BOOST_CHECK_EQUAL(checkpoint, world.Read("ledger/guard/checkpoint"));
}

BOOST_AUTO_TEST_CASE(what_is_no_ledger_could_not_be_read) {
  CliWorld world(Stage::kKeysAndLedger);
  const auto before = world.Files();
  for (const char* command : {"info", "checkpoint", "fsck", "trust"}) {
    CheckFailed(world.Run({"ledger", command, "nowhere"}), 3, "nowhere");
    CheckFailed(world.Run({"ledger", command, "trust"}), 3, "trust/db: no database");
  }
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(fsck_is_clean_or_names_the_damage) {
  CliWorld world(Stage::kAttested);
  const Ran clean = world.Run({"ledger", "fsck", "ledger"});
  CheckDone(clean);
  BOOST_CHECK(clean.out.starts_with("clean    "));
  const auto json = world.Json({"ledger", "fsck", "ledger", "--json"});
  BOOST_CHECK_EQUAL(NamesIn(json), "clean erased findings from rows_checked to tree_size withheld");
  BOOST_CHECK(json.at("clean").as_bool());
  fs::remove(world / "ledger/guard/checkpoint");
  const Ran damaged = world.Run({"ledger", "fsck", "ledger"});
  BOOST_CHECK_EQUAL(damaged.status, 1);
  BOOST_CHECK(damaged.out.starts_with("damaged  guard"));
  const Ran as_json = world.Run({"ledger", "fsck", "ledger", "--json"});
  BOOST_CHECK_EQUAL(as_json.status, 1);
  BOOST_CHECK(!boost::json::parse(as_json.out).at("clean").as_bool());
  BOOST_CHECK_EQUAL(boost::json::parse(as_json.out).at("findings").as_array().size(), 1U);
}

BOOST_AUTO_TEST_CASE(fsck_names_a_path_that_is_not_text) {
  CliWorld world(Stage::kAttested);
  const Ran ran = world.Run({"ledger", "fsck", "ledger", "--guard", "no\xff", "--json"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto findings = boost::json::parse(ran.out).at("findings").as_array();
  BOOST_REQUIRE_EQUAL(findings.size(), 1U);
  BOOST_CHECK(findings[0].as_string().find("no\\xff") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_damaged_database_is_no_clean_one) {
  CliWorld world(Stage::kAttested);
  DamageDatabase(world);
  const Ran ran = world.Run({"ledger", "fsck", "ledger"});
  BOOST_CHECK_MESSAGE(ran.status == 1 || ran.status == 3, ran.status << ran.out << ran.err);
  const Ran attest = world.Sign({"attest", "--kind", "device", "device.json"}, "cloud");
  BOOST_CHECK_EQUAL(attest.status, 1);
  BOOST_CHECK_EQUAL(attest.out, "");
}

BOOST_AUTO_TEST_CASE(a_ledger_older_than_its_last_checkpoint_is_refused) {
  CliWorld old(Stage::kAttested);
  CliWorld world(Stage::kCompleted);
  fs::remove_all(world / "ledger/db");
  // Another world made the same way: the same ledger at an earlier time.
  fs::copy(old / "ledger/db", world / "ledger/db", fs::copy_options::recursive);
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"), 1,
              "older than the last signed checkpoint");
}

BOOST_AUTO_TEST_CASE(a_second_writer_could_not_be_served) {
  CliWorld world(Stage::kAttested);
  const Ran ran = world.carnet().Shell(
      "exec 9> ledger/lock && flock 9 && carnet attest --kind device device.json --ledger ledger "
      "--key cloud.key 9>&-");
  CheckFailed(ran, 3, "another writer");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledger_trust)

BOOST_AUTO_TEST_CASE(writes_a_trusted_root_in_sigstores_format) {
  CliWorld world(Stage::kKeysAndLedger);
  const auto root = world.Json({"ledger", "trust", "ledger", "--operator", "operator"});
  BOOST_CHECK_EQUAL(root.at("mediaType").as_string(),
                    "application/vnd.dev.sigstore.trustedroot.v0.2+json");
  const auto nameless = world.Json({"ledger", "trust", "ledger"});
  BOOST_CHECK_EQUAL(nameless.at("mediaType").as_string(),
                    "application/vnd.dev.sigstore.trustedroot+json;version=0.1");
  BOOST_CHECK_EQUAL(root.at("tlogs").at(0).at("baseUrl").as_string(), "https://log.example.org");
  BOOST_CHECK_EQUAL(root.at("tlogs").at(0).at("operator").as_string(), "operator");
}

BOOST_AUTO_TEST_CASE(never_overwrites_without_force) {
  CliWorld world(Stage::kKeysAndLedger);
  const auto before = world.Files();
  CheckFailed(world.Run({"ledger", "trust", "ledger", "--out", "trust/trusted_root.json"}), 3,
              "trust/trusted_root.json: the file already exists (--force overwrites it)");
  CheckFailed(world.Run({"ledger", "trust", "ledger", "--out", "nowhere/root.json"}), 3,
              "nowhere/root.json");
  BOOST_CHECK(world.Files() == before);
  const Ran forced =
      world.Run({"ledger", "trust", "ledger", "--out", "trust/trusted_root.json", "--force"});
  CheckDone(forced);
  BOOST_CHECK_EQUAL(forced.out, "");
  BOOST_CHECK(world.Files() != before);  // without operator
}

BOOST_AUTO_TEST_SUITE_END()
