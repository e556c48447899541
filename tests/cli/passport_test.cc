#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kCompleted};

  Fixture() {
    world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
  }

  Ran Issue(std::vector<std::string> more = {}, const std::string& trust = "trust") {
    more.insert(more.begin(), {"passport", "issue", "model", "--draft", "passport.json", "--run",
                               "run1", "--trust", trust});
    return world.Sign(more);
  }
  // No file is written, whatever was logged.
  void CheckRefused(const std::function<Ran()>& command, int status, const std::string& message) {
    const auto files = world.Files();
    CheckFailed(command(), status, message);
    auto after = world.Files();
    after["ledger/guard/checkpoint"] = files.at("ledger/guard/checkpoint");
    BOOST_CHECK(after == files);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(passport_issue, Fixture)

BOOST_AUTO_TEST_CASE(writes_the_passport_under_the_models_name) {
  const Ran ran = Issue();
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "carnet: wrote " + std::string(kFile) + ": level 2 (complete)\n");
  BOOST_CHECK_EQUAL(ran.out.size(), 65U);
  const std::string file = world.Read(kFile);
  BOOST_CHECK_EQUAL(LinesOf(file).size(), 8U);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const auto json = world.SignJson({"passport", "issue", "model", "--draft", "passport.json",
                                    "--completion", world.id("completion"), "--trust", "trust"});
  BOOST_CHECK_EQUAL(NamesIn(json), "attestations file level statement");
  BOOST_CHECK_EQUAL(json.at("file").as_string(), kFile);
  BOOST_CHECK_EQUAL(json.at("attestations").to_number<int>(), 8);
  BOOST_CHECK_EQUAL(json.at("level").to_number<int>(), 2);
}

BOOST_AUTO_TEST_CASE(a_name_that_is_no_file_name_becomes_one) {
  world.Write("passport.json", R"({"name":"../a model/1","intended_deployment":"research"})");
  CheckDone(Issue());
  BOOST_CHECK(fs::exists(world / "..-a-model-1.passport.sigstore.jsonl"));
}

BOOST_AUTO_TEST_CASE(a_repeated_call_gives_the_same_statement) {
  const Ran first = Issue();
  const uint64_t size = world.TreeSize();
  for (const std::vector<std::string>& more : {std::vector<std::string>{}, {"--force"}}) {
    const Ran second = Issue(more);
    CheckDone(second);
    BOOST_CHECK_EQUAL(second.out, first.out);
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
  world.Write("mine.jsonl", "mine");
  CheckRefused(
      [&] {
        return Issue({"--out", "mine.jsonl"});
      },
      3, "mine.jsonl: the file already exists (--force overwrites it)");
}

BOOST_AUTO_TEST_CASE(what_the_gate_refuses_leaves_no_file) {
  world.Write("passport.json",
              R"({"name":"model","intended_deployment":"none","parameters":{"total":1}})");
  CheckRefused([&] { return Issue(); }, 1, "the gate refuses the passport: ");
  CheckRefused([&] { return Issue({"--out", "nowhere/p.jsonl"}); }, 3, "nowhere/p.jsonl");
}

BOOST_AUTO_TEST_CASE(a_key_that_trust_does_not_know_is_refused) {
  fs::remove(world / "trust/parties/lab.toml");
  fs::remove(world / "trust/parties/lab.pub");
  CheckRefused([&] { return Issue(); }, 1, "unknown-key (R5)");
}

BOOST_AUTO_TEST_CASE(bad_drafts_are_refused_by_file_and_field) {
  const uint64_t size = world.TreeSize();
  for (const auto& [draft, message] : std::vector<std::pair<std::string, std::string>>{
           {"{", "passport.json:1:2: ends too early"},
           {"[]", "passport.json:1:1: "},
           {R"({"intended_deployment":"x"})", "passport.json:1:1: name: required"},
           {R"({"name":"model"})", "passport.json:1:1: intended_deployment"},
           {R"({"name":"model","intended_deployment":"x","model":""})",
            "passport.json:1:43: model: is set by carnet"},
           {R"({"name":"model","intended_deployment":"x","flop":{"cumulative":"1"}})",
            "passport.json:1:43: flop: may contain only `edges`"}}) {
    world.Write("passport.json", draft);
    CheckRefused([&] { return Issue(); }, 1, message);
  }
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(what_the_caller_answers_for_could_not_be_done) {
  const uint64_t size = world.TreeSize();
  CheckRefused([&] { return Issue({}, "nowhere"); }, 3, "nowhere");
  world.Write("trust/parties/lab.toml", "party = ");
  CheckRefused([&] { return Issue(); }, 3, "lab.toml");
  CheckRefused([&] { return Issue({"--policy", "nobodys"}); }, 3, "");
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--run",
                           "run7", "--trust", "trust"});
      },
      3, "run7: no such run directory");
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "nothing", "--draft", "passport.json", "--run",
                           "run1", "--trust", "trust"});
      },
      3, "lab.toml");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(an_unknown_completion_is_not_there) {
  const std::string nowhere(64, '7');
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--completion",
                           nowhere, "--trust", "trust"});
      },
      3, nowhere + " is not in this ledger");
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--completion",
                           world.id("run"), "--trust", "trust"});
      },
      1, "is not a completion");
}

BOOST_AUTO_TEST_CASE(another_passport_must_supersede) {
  CheckDone(Issue());
  world.Write("passport.json",
              R"({"name":"model","version":"2","intended_deployment":"research"})");
  CheckRefused([&] { return Issue({"--out", "second.jsonl"}); }, 1, "a second passport");
  CheckRefused(
      [&] {
        return Issue({"--out", "second.jsonl", "--dry-run"});
      },
      1, "a second one must state `supersedes`");
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(passport_collect, Fixture)

BOOST_AUTO_TEST_CASE(collects_what_issue_wrote) {
  const Ran issued = Issue();
  const std::string id = issued.out.substr(0, 64);
  const Ran ran = world.Run({"passport", "collect", id, "--ledger", "ledger"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.out, world.Read(kFile));
  CheckDone(world.Run({"passport", "collect", id, "--ledger", "ledger", "--out", "p.jsonl"}));
  BOOST_CHECK_EQUAL(world.Read("p.jsonl"), ran.out);
  CheckRefused(
      [&] {
        return world.Run({"passport", "collect", id, "--ledger", "ledger", "--out", "p.jsonl"});
      },
      3, "p.jsonl: the file already exists");
}

BOOST_AUTO_TEST_CASE(what_is_not_in_the_ledger_is_named) {
  const std::string nowhere(64, '7');
  CheckRefused(
      [&] {
        return world.Run({"passport", "collect", nowhere, "--ledger", "ledger", "--out", "p"});
      },
      3, "sha256:" + nowhere);
}

BOOST_AUTO_TEST_SUITE_END()
