// What an auditor is told of a ledger that is not what it was: rolled back, or with a part of its
// database lost. Never that something is not there, and never with status 0.
#include <filesystem>
#include <fstream>
#include <set>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  CliWorld world{Stage::kCompleted};
  const uint64_t size = world.TreeSize();

  void Copy(const std::string& from, const std::string& to) const {
    fs::copy(world / from, world / to, fs::copy_options::recursive);
  }
  void Grow(const std::string& nonce) {
    CheckDone(world.Sign({"attest", "--kind", "dataset", "dataset.json", "--files", "data",
                          "--nonce", "0000000000000000000000000000000" + nonce}));
  }
  Ran Prove(const std::string& older, const std::string& newer,
            const std::string& ledger = "ledger") {
    return world.Run({"ledger", "consistency", older, newer, "--ledger", ledger});
  }
  std::string RolledBack(uint64_t now, uint64_t was, const std::string& file) const {
    return "the ledger has " + std::to_string(now) + " entries, fewer than the " +
           std::to_string(was) + " that its checkpoint " + file +
           " states: it was rolled back, or this is an older copy";
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(damaged_ledger, Fixture)

BOOST_AUTO_TEST_CASE(a_ledger_that_has_less_than_it_signed_was_rolled_back) {
  Copy("ledger", "older");
  world.Write("older.checkpoint", world.Must({"ledger", "checkpoint", "older"}));
  Grow("1");
  world.Write("between.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  Grow("2");
  world.Write("kept.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  const std::string words = RolledBack(size, size + 2, "kept.checkpoint");
  for (const std::string& newer :
       {std::string("older.checkpoint"), std::to_string(size), std::to_string(size + 2),
        std::to_string(size + 5), std::string("kept.checkpoint")})
    CheckFailed(Prove("kept.checkpoint", newer, "older"), 1, words);
  CheckFailed(Prove("3", "kept.checkpoint", "older"), 1, words);
  CheckFailed(Prove(std::to_string(size + 1), "kept.checkpoint", "older"), 1, words);
  CheckFailed(Prove("between.checkpoint", "kept.checkpoint", "older"), 1,
              RolledBack(size, size + 1, "between.checkpoint"));
  // Of a ledger that has both it is a slip.
  CheckFailed(Prove("kept.checkpoint", "older.checkpoint"), 2,
              "kept.checkpoint is later than older.checkpoint: expected the older one first");
  CheckFailed(Prove("3", std::to_string(size + 9)), 3, "no tree of size ");
  CheckDone(Prove("older.checkpoint", "kept.checkpoint"));
}

BOOST_AUTO_TEST_CASE(a_proof_that_ends_before_what_was_kept_shows_a_rollback) {
  world.Write("older.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  CheckDone(world.Run(
      {"ledger", "consistency", "3", "older.checkpoint", "--ledger", "ledger", "--out", "proof"}));
  Grow("1");
  world.Write("kept.checkpoint", world.Must({"ledger", "checkpoint", "ledger"}));
  CheckFailed(
      world.Run({"verify-consistency", "kept.checkpoint", "--proof", "proof", "--trust", "trust"}),
      1,
      "proof: its checkpoint has " + std::to_string(size) + " entries, fewer than the " +
          std::to_string(size + 1) + " that kept.checkpoint states: the log was rolled back");
}

// The database has one log of RocksDB's for each command that wrote.
BOOST_AUTO_TEST_CASE(what_is_lost_is_never_reported_as_absent) {
  const std::string run = world.id("run");
  std::set<std::string> logs;
  for (const auto& file : fs::directory_iterator(world / "ledger/db"))
    if (file.path().extension() == ".log" && file.file_size() > 0)
      logs.insert(file.path().filename());
  BOOST_REQUIRE_GT(logs.size(), 3);
  logs.erase(std::prev(logs.end()));  // without it the guard's checkpoint is ahead
  logs.erase(logs.begin());           // of the ledger's making, without an entry
  for (const std::string& log : logs) {
    fs::remove_all(world / "cut");
    Copy("ledger", "cut");
    fs::remove(world / ("cut/db/" + log));
    for (std::vector<std::string> asked :
         std::vector<std::vector<std::string>>{{"ledger", "proof", run},
                                               {"trace", run},
                                               {"show", run},
                                               {"find", "--kind", "run", "--since-size", "0"},
                                               {"passport", "collect", run},
                                               {"ledger", "consistency", "1", "3"}}) {
      asked.insert(asked.end(), {"--ledger", "cut"});
      const Ran ran = world.Run(asked);
      CheckFailed(ran, 1, ": the row is missing: a part of the database is lost");
      BOOST_CHECK_MESSAGE(ran.err.find("with: carnet ledger rebuild cut\n") != ran.err.npos,
                          ran.err);
    }
  }
}

BOOST_AUTO_TEST_CASE(fsck_says_what_to_type_next) {
  const std::string log = [&] {
    std::set<std::string> logs;
    for (const auto& file : fs::directory_iterator(world / "ledger/db"))
      if (file.path().extension() == ".log" && file.file_size() > 200) logs.insert(file.path());
    return *std::next(logs.begin());
  }();
  {
    std::fstream file(log, std::ios::in | std::ios::out | std::ios::binary);
    file.seekp(60);
    file.put('\xff');
    file.put('\x00');
    file.put('\xff');
  }
  const Ran ran = world.Run({"ledger", "fsck", "ledger"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK_MESSAGE(
      ran.out.ends_with("\ndamaged  the database cannot be opened: no row was checked\n"), ran.out);
  BOOST_CHECK_EQUAL(
      ran.err,
      "carnet: hint: make it anew, or see which entries are lost, with: carnet ledger "
      "rebuild ledger\n");
  fs::remove(log);
  const Ran lacking = world.Run({"ledger", "fsck", "ledger"});
  BOOST_CHECK_EQUAL(lacking.status, 1);
  BOOST_CHECK_MESSAGE(lacking.out.find(": is missing\n") != lacking.out.npos, lacking.out);
  BOOST_CHECK(lacking.err.find("carnet ledger rebuild ledger\n") != lacking.err.npos);
  const Ran rebuilt = world.Run({"ledger", "rebuild", "ledger"});
  CheckFailed(rebuilt, 1, " are lost: ");
  BOOST_CHECK_MESSAGE(rebuilt.err.ends_with("with: carnet ledger rebuild ledger --from "
                                            "model.passport.sigstore.jsonl\n"),
                      rebuilt.err);
  // A guard has another remedy.
  fs::remove_all(world / "whole");
  CheckDone(world.Run({"ledger", "init", "whole", "--origin", "whole.example.org"}));
  fs::remove(world / "whole/guard/checkpoint");
  const Ran guard = world.Run({"ledger", "fsck", "whole"});
  BOOST_CHECK_EQUAL(guard.status, 1);
  BOOST_CHECK(guard.out.starts_with("damaged  guard: "));
  BOOST_CHECK(guard.err.find("rebuild") == guard.err.npos);
  fs::remove(world / "whole/db/CURRENT");
  CheckFailed(world.Run({"ledger", "fsck", "whole"}), 3, "no database");
  BOOST_CHECK(
      world.Run({"ledger", "fsck", "whole"}).err.ends_with("with: carnet ledger rebuild whole\n"));
}

BOOST_AUTO_TEST_SUITE_END()
