// Every step of docs/operations.md, run as it is printed there.
#include <filesystem>
#include <set>

#include "tests/cli/cli_world.h"
#include "tests/cli/doc_blocks.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

std::map<std::string, std::string> Blocks() { return BlocksOf("operations.md"); }

// A world and what an operator has beside it.
struct Operated : CliWorld {
  explicit Operated(Stage stage = Stage::kPassport) : CliWorld(stage) {
    fs::create_directory(*this / "backup");
  }
  Ran Follow(const std::string& name) {
    const auto blocks = Blocks();
    BOOST_REQUIRE_MESSAGE(blocks.contains(name), name);
    return carnet().Shell("set -e\n" + blocks.at(name));
  }
  void MustFollow(const std::string& name) {
    const Ran ran = Follow(name);
    BOOST_CHECK_MESSAGE(ran.status == 0, name << ": " << ran.out << ran.err);
  }
  std::string Root() { return Must({"ledger", "info", "ledger"}); }
  void LogOneMore() { CheckDone(Sign({"attest", "--kind", "device", "device.json"}, "cloud")); }
};

}  // namespace

BOOST_AUTO_TEST_SUITE(operations)

BOOST_AUTO_TEST_CASE(every_step_has_a_test) {
  std::set<std::string> names;
  for (const auto& [name, block] : Blocks()) names.insert(name);
  const std::set<std::string> tested = {"backup",   "restore", "restore-newer", "move",
                                        "fsck",     "rebuild", "restore-guard", "new-log",
                                        "withhold", "erase",   "restore-text"};
  BOOST_CHECK(names == tested);
}

BOOST_AUTO_TEST_CASE(a_backup_of_today_is_restored) {
  Operated world;
  const std::string root = world.Root();
  for (int night = 0; night < 2; ++night) world.MustFollow("backup");
  BOOST_CHECK(!fs::exists(world / "backup/db/db"));
  world.MustFollow("restore");
  BOOST_CHECK_EQUAL(world.Root(), root);
  world.LogOneMore();
}

BOOST_AUTO_TEST_CASE(a_backup_of_yesterday_is_refused_until_receipts_make_it_whole) {
  Operated world(Stage::kPassport);
  const std::string root = world.Root();
  // As if taken before the last entry, the passport.
  CliWorld yesterday(Stage::kCompleted);
  fs::copy(yesterday / "ledger/db", world / "backup/db", fs::copy_options::recursive);
  const Ran restored = world.Follow("restore");
  BOOST_CHECK_EQUAL(restored.status, 1);
  BOOST_CHECK(restored.out.find("is older than the signed checkpoint") != std::string::npos);
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"), 1,
              "older than the last signed checkpoint");
  world.MustFollow("restore-newer");
  BOOST_CHECK_EQUAL(world.Root(), root);
  world.LogOneMore();
}

BOOST_AUTO_TEST_CASE(a_moved_ledger_goes_on_in_one_place_alone) {
  Operated world;
  world.MustFollow("move");
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"), 3, "key.pem");
  CheckDone(world.Run(
      {"attest", "--kind", "device", "device.json", "--ledger", "moved", "--key", "cloud.key"}));
}

BOOST_AUTO_TEST_CASE(checks_and_rebuilding_work_as_printed) {
  Operated world;
  world.MustFollow("fsck");
  const std::string root = world.Root();
  world.MustFollow("rebuild");
  BOOST_CHECK_EQUAL(world.Root(), root);
  BOOST_CHECK(fs::exists(world / "ledger/db.damaged"));
}

BOOST_AUTO_TEST_CASE(a_lost_guard_is_restored_from_a_kept_checkpoint) {
  Operated world;
  world.MustFollow("backup");
  fs::remove_all(world / "ledger/guard");
  world.MustFollow("restore-guard");
  world.LogOneMore();
}

BOOST_AUTO_TEST_CASE(without_its_key_a_log_can_be_read_and_another_begun) {
  Operated world;
  fs::remove(world / "ledger/key.pem");
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"), 3, "key.pem");
  CheckDone(world.Run({"ledger", "fsck", "ledger"}));
  CheckDone(world.Run({"passport", "collect", world.id("passport"), "--ledger", "ledger"}));
  world.MustFollow("new-log");
}

BOOST_AUTO_TEST_CASE(texts_are_withheld_erased_and_given_back) {
  Operated world;
  world.MustFollow("withhold");
  world.carnet().Set("STATEMENT", world.id("dataset"));
  world.MustFollow("erase");
  world.MustFollow("restore-text");
  const Ran fsck = world.Run({"ledger", "fsck", "ledger"});
  BOOST_CHECK(fsck.out.find("0 withheld, 1 erased") != std::string::npos);
}

BOOST_AUTO_TEST_SUITE_END()
