// Texts withheld, erased and given back; a damaged ledger rebuilt; a lost guard restored.
#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

const std::string kWhy = "order of a court";

}  // namespace

BOOST_AUTO_TEST_SUITE(ledger_texts)

BOOST_AUTO_TEST_CASE(a_withheld_statement_is_logged_and_its_text_is_in_the_bundle) {
  CliWorld world(Stage::kAttested);
  const std::vector<std::string> attest = {"attest",     "--kind",    "device", "device.json",
                                           "--withhold", "under NDA", "--out",  "d.sigstore.json"};
  CheckDone(world.Sign(attest, "cloud"));
  const Ran fsck = world.Run({"ledger", "fsck", "ledger"});
  CheckDone(fsck);
  BOOST_CHECK(fsck.out.ends_with("absent   the texts of 1 entries: 1 withheld, 0 erased\n"));
  CheckDone(world.Run({"inspect", "d.sigstore.json"}));
  const Ran restored = world.Run({"ledger", "restore-text", "ledger", "d.sigstore.json"});
  CheckDone(restored);
  BOOST_CHECK(restored.out.starts_with("restored  the text of statement "));
  BOOST_CHECK(world.Must({"ledger", "fsck", "ledger"}).find("absent") == std::string::npos);
  CheckFailed(world.Run({"ledger", "restore-text", "ledger", "d.sigstore.json"}), 3,
              "ledger: nothing to restore");
}

BOOST_AUTO_TEST_CASE(withholding_needs_a_file_for_the_text_and_a_reason) {
  CliWorld world(Stage::kAttested);
  const auto before = world.Files();
  CheckFailed(
      world.Sign({"attest", "--kind", "device", "device.json", "--withhold", "NDA"}, "cloud"), 2,
      "--out");
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json", "--out", "d", "--withhold",
                          std::string(1025, 'x')},
                         "cloud"),
              2, "longer than 1024 bytes");
  BOOST_CHECK(world.Files() == before);
}

BOOST_AUTO_TEST_CASE(an_erased_text_is_given_back_from_a_passport) {
  CliWorld world(Stage::kPassport);
  const std::string before =
      world.Must({"passport", "collect", world.id("passport"), "--ledger", "ledger"});
  const Ran erased =
      world.Run({"ledger", "erase-text", "ledger", world.id("dataset"), "--reason", kWhy});
  CheckDone(erased);
  BOOST_CHECK_EQUAL(erased.out,
                    "erased  the text of statement " + world.id("dataset") + ", entry 2\n");
  BOOST_CHECK(erased.err.find("copies elsewhere remain") != std::string::npos);
  const Ran again = world.Run(
      {"ledger", "erase-text", "ledger", "sha256:" + world.id("dataset"), "--reason", "other"});
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, erased.out);
  BOOST_CHECK(again.err.find("it was erased before; the reason given then stays") !=
              std::string::npos);
  CheckFailed(world.Run({"passport", "collect", world.id("passport"), "--ledger", "ledger"}), 3,
              "its text is erased since ");
  const Ran trace = world.Run({"trace", world.id("passport"), "--ledger", "ledger"});
  CheckDone(trace);
  BOOST_CHECK(trace.out.find("dataset (erased since ") != std::string::npos);
  CheckDone(world.Run({"ledger", "restore-text", "ledger", "model.passport.sigstore.jsonl"}));
  BOOST_CHECK_EQUAL(world.Must({"passport", "collect", world.id("passport"), "--ledger", "ledger"}),
                    before);
}

BOOST_AUTO_TEST_CASE(what_cannot_be_erased_is_named) {
  CliWorld world(Stage::kAttested);
  CheckFailed(world.Run({"ledger", "erase-text", "ledger", std::string(64, '0'), "--reason", kWhy}),
              3, "statement " + std::string(64, '0') + ": is not logged");
  CheckFailed(world.Run({"ledger", "erase-text", "ledger", world.id("device")}), 2, "--reason");
  CheckFailed(world.Run({"ledger", "erase-text", "ledger", "device", "--reason", kWhy}), 2,
              "\"device\" is not a digest: expected 64 lowercase hex digits");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(ledger_repair)

BOOST_AUTO_TEST_CASE(a_ledger_is_rebuilt_beside_what_it_was) {
  CliWorld world(Stage::kPassport);
  const std::string info = world.Must({"ledger", "info", "ledger"});
  const Ran rebuilt = world.Run({"ledger", "rebuild", "ledger"});
  CheckDone(rebuilt);
  const std::string size = std::to_string(world.TreeSize());
  BOOST_CHECK_EQUAL(rebuilt.out, "rebuilt  " + size + " entries; their root is the last signed " +
                                     "checkpoint's, of size " + size + "\n");
  BOOST_CHECK(rebuilt.err.find("the database as it was is in ledger/db.damaged") !=
              std::string::npos);
  BOOST_CHECK(fs::exists(world / "ledger/db.damaged/CURRENT"));
  BOOST_CHECK_EQUAL(world.Must({"ledger", "info", "ledger"}), info);
  CheckDone(world.Run({"ledger", "fsck", "ledger"}));
}

// Nothing is left of the database, not even the log's name and key.
BOOST_AUTO_TEST_CASE(a_passport_supplies_entries_that_are_lost) {
  CliWorld world(Stage::kPassport);
  const std::string info = world.Must({"ledger", "info", "ledger"});
  for (const auto& file : fs::directory_iterator(world / "ledger/db"))
    if (file.path().extension() == ".log" || file.path().extension() == ".sst")
      fs::resize_file(file.path(), 0);
  CheckFailed(world.Run({"ledger", "rebuild", "ledger"}), 1,
              "8 of the 8 entries under the last signed checkpoint are lost: 0, 1, 2, 3, 4, 5, 6, "
              "7; bundles with their receipts can supply them");
  const Ran rebuilt =
      world.Run({"ledger", "rebuild", "ledger", "--from", "model.passport.sigstore.jsonl"});
  CheckDone(rebuilt);
  BOOST_CHECK(rebuilt.out.find(
                  "supplied 8 of them from bundles, with their texts: 0, 1, 2, 3, 4, 5, 6, 7\n") !=
              std::string::npos);
  BOOST_CHECK_EQUAL(world.Must({"ledger", "info", "ledger"}), info);
  CheckDone(world.Run({"ledger", "fsck", "ledger"}));
}

BOOST_AUTO_TEST_CASE(a_lost_guard_is_restored_and_what_is_given_up_is_said) {
  CliWorld world(Stage::kAttested);
  const std::string note = world.Read("ledger/guard/checkpoint");
  fs::remove_all(world / "ledger/guard");
  CheckFailed(world.Sign({"attest", "--kind", "device", "device.json"}, "cloud"), 3,
              "no checkpoint");
  const Ran restored = world.Run({"ledger", "restore-guard", "ledger"});
  CheckDone(restored);
  BOOST_CHECK_EQUAL(restored.out, "guard  ledger/guard\nsize   3 signed, 3 in the database\n");
  BOOST_CHECK(restored.err.find("given up: whether this log has signed a later checkpoint") !=
              std::string::npos);
  BOOST_CHECK_EQUAL(world.Read("ledger/guard/checkpoint"), note);
  CheckFailed(world.Run({"ledger", "restore-guard", "ledger"}), 1, "the guard is there");
  fs::remove_all(world / "ledger/guard");
  world.Write("foreign", "log.example.org\n9\nAAAA\n\n— log.example.org AAAA\n");
  CheckFailed(world.Run({"ledger", "restore-guard", "ledger", "--checkpoint", "foreign"}), 1,
              "a checkpoint for the guard");
}

BOOST_AUTO_TEST_SUITE_END()
