#include <filesystem>

#include "tests/cli/cli_world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

struct Fixture {
  CliWorld world{Stage::kRecorded};

  Ran Complete(std::vector<std::string> more = {}, const std::string& key = "lab") {
    more.insert(more.begin(), {"run", "complete", "--dir", "run1", "--model", "model"});
    return world.Sign(more, key);
  }
  Ran Segment(const std::string& draft, const std::string& checkpoint,
              std::vector<std::string> more = {}, const std::string& key = "lab") {
    more.insert(more.begin(),
                {"run", "segment", "--dir", "run1", draft, "--checkpoint", checkpoint});
    return world.Sign(more, key);
  }
  boost::json::object Status() { return world.Json({"run", "status", "--dir", "run1", "--json"}); }
  void CheckRefused(const std::function<Ran()>& command, int status, const std::string& message) {
    const auto files = world.Files();
    const uint64_t size = world.TreeSize();
    CheckFailed(command(), status, message);
    BOOST_CHECK(world.Files() == files);
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(run, Fixture)

BOOST_AUTO_TEST_CASE(status_tells_text_and_json) {
  const auto json = Status();
  BOOST_CHECK_EQUAL(NamesIn(json), "lanes outcome run segments unlogged_steps");
  BOOST_CHECK_EQUAL(json.at("outcome").as_string(), "open");
  BOOST_CHECK_EQUAL(json.at("run").as_string(), world.id("run"));
  BOOST_CHECK_EQUAL(json.at("segments").at(0).to_number<int>(), 2);
  const auto& lane = json.at("lanes").at(0).as_object();
  BOOST_CHECK_EQUAL(NamesIn(lane), "checkpoint next_step segments");
  // As `carnet digest` has it, which the tests of digest hold against coreutils.
  const auto digest = world.Json({"digest", "ckpt/1", "--json"}).at("model").as_string();
  BOOST_CHECK_EQUAL(lane.at("checkpoint").as_string(), digest);
  const std::string text = world.Must({"run", "status", "--dir", "run1"});
  BOOST_CHECK_EQUAL(text, "outcome   open\nrun       " + world.id("run") +
                              "\nlane 0    2 segments; go on from step " +
                              std::to_string(lane.at("next_step").to_number<uint64_t>()) +
                              ", with checkpoint sha256:" + std::string(digest) + "\n");
  const Ran done = Complete();
  CheckDone(done);
  const auto completed = Status();
  BOOST_CHECK_EQUAL(completed.at("outcome").as_string(), "completed");
  BOOST_CHECK_EQUAL(std::string(completed.at("completion").as_string()) + "\n", done.out);
}

BOOST_AUTO_TEST_CASE(json_of_each_step_has_the_documented_fields) {
  const auto completed = world.SignJson({"run", "complete", "--dir", "run1", "--model", "model"});
  BOOST_CHECK_EQUAL(NamesIn(completed), "index repeated statement step");
  BOOST_CHECK_EQUAL(completed.at("step").as_string(), "completion");
  const auto opened = world.SignJson({"run", "open", "--dir", "run1", "run.json"});
  BOOST_CHECK_EQUAL(opened.at("statement").as_string(), world.id("run"));
  BOOST_CHECK(opened.at("repeated").as_bool());
}

BOOST_AUTO_TEST_CASE(a_repeated_call_is_harmless_and_says_so) {
  const uint64_t size = world.TreeSize();
  const Ran again = Segment("segment.json", "ckpt/1");
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, world.id("segment1") + "\n");
  BOOST_CHECK_EQUAL(again.err, "carnet: segment-0-1 was already recorded\n");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(a_lost_receipt_is_fetched_again) {
  fs::remove(world / "run1/segment-0-1.sigstore.json");
  BOOST_CHECK(world.Must({"run", "status", "--dir", "run1"})
                  .ends_with("unlogged  segment-0-1 is signed but has no receipt: repeat the "
                             "command\n"));
  const uint64_t size = world.TreeSize();
  CheckDone(Segment("segment.json", "ckpt/1"));
  BOOST_CHECK(fs::exists(world / "run1/segment-0-1.sigstore.json"));
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(contradictions_are_refused) {
  world.Write("other.json", R"({"kind":"ablation","inputs":[],"datasets":"undisclosed",)"
                            R"("initial":"random","opened_by":"a","authorised_by":"b",)"
                            R"("intended_deployment":"c"})");
  CheckRefused(
      [&] {
        return world.Sign({"run", "open", "--dir", "run1", "other.json"});
      },
      1, "step \"run\" was already recorded");
  CheckRefused([&] { return Segment("segment.json", "ckpt/0", {}, "stranger"); }, 1,
               "among its recorders");
  CheckRefused(
      [&] {
        return Segment("segment.json", "ckpt/0", {"--lane", "1"});
      },
      1, "lane 1: must be below 1, the run's number of lanes");
  CheckDone(Complete());
  CheckRefused([&] { return Segment("segment.json", "ckpt/0"); }, 1, "the run is closed");
  CheckRefused(
      [&] {
        return world.Sign({"run", "abort", "--dir", "run1", "--reason", "late"});
      },
      1, "step \"completion\" was already recorded");
}

BOOST_AUTO_TEST_CASE(a_wrong_final_model_is_refused_while_it_can_be_mended) {
  CheckRefused(
      [&] {
        return world.Sign({"run", "complete", "--dir", "run1", "--model", "ckpt/0"});
      },
      1, "is not the last checkpoint");
  CheckDone(Complete());
}

BOOST_AUTO_TEST_CASE(tokens_that_are_undisclosed_tell_no_figure) {
  fs::copy(world / "ckpt/1", world / "ckpt/2", fs::copy_options::recursive);
  world.Write("ckpt/2/vocab.txt", "a");
  std::vector<std::string> call = {
      "run",      "segment",        "--dir",        "run1",
      "--set",    "steps.to=9000",  "--set",        "tokens=undisclosed",
      "--set",    "precision=fp32", "--checkpoint", "ckpt/2",
      "--dry-run"};
  const Ran refused = world.Sign(call);
  BOOST_CHECK_EQUAL(refused.status, 1);
  BOOST_CHECK_MESSAGE(
      refused.err.find("segment: 1 field is not filled in:\n  --set flop=") != refused.err.npos,
      refused.err);
  BOOST_CHECK(refused.err.find("tokens that are undisclosed tell none") != refused.err.npos);
  for (const char* figure : {"flop.update=undisclosed", "flop.total=undisclosed"}) {
    call.insert(call.end(), {"--set", figure});
  }
  CheckDone(world.Sign(call));
}

BOOST_AUTO_TEST_CASE(bad_drafts_are_refused_by_step_and_field) {
  world.Write("bad.json", R"({"seq":7})");
  CheckRefused([&] { return Segment("bad.json", "ckpt/0"); }, 1,
               "bad.json:1:2: seq: is set by carnet");
  CheckRefused([&] { return Complete({"bad.json"}); }, 1, "bad.json:1:2: seq: unknown field");
  world.Write("broken.json", "{");
  CheckRefused([&] { return Segment("broken.json", "ckpt/0"); }, 1,
               "broken.json:1:2: ends too early");
  CheckRefused(
      [&] {
        return world.Sign({"run", "open", "--dir", "run2", "bad.json"});
      },
      1, "bad.json:1:2: seq: unknown field");
}

BOOST_AUTO_TEST_CASE(what_is_not_there_could_not_be_done) {
  CheckRefused([&] { return Segment("missing.json", "ckpt/0"); }, 3, "missing.json");
  CheckRefused([&] { return Segment("segment.json", "ckpt/7"); }, 3, "ckpt/7");
  CheckRefused([&] { return Segment("segment.json", "ckpt/0", {}, "missing"); }, 3, "missing.key");
  for (const std::vector<std::string>& rest :
       {std::vector<std::string>{"segment", "segment.json", "--checkpoint", "ckpt/0"},
        std::vector<std::string>{"complete", "--model", "model"},
        std::vector<std::string>{"abort", "--reason", "why"}}) {
    std::vector<std::string> arguments = {"run"};
    arguments.insert(arguments.end(), rest.begin(), rest.end());
    arguments.insert(arguments.end(), {"--dir", "nowhere"});
    CheckRefused([&] { return world.Sign(arguments); }, 3, "nowhere: no such run directory");
  }
  CheckFailed(world.Run({"run", "status", "--dir", "nowhere"}), 3,
              "nowhere: no such run directory");
  BOOST_CHECK(!fs::exists(world / "nowhere"));
}

BOOST_AUTO_TEST_CASE(a_second_recorder_could_not_be_served) {
  const Ran ran = world.carnet().Shell(
      "exec 9> run1/lock && flock 9 && carnet run complete --dir run1 --model model --ledger "
      "ledger --key lab.key --wait 0 9>&-");
  CheckFailed(ran, 3, "run1: another recorder is at work here");
  // Reading the status disturbs nobody.
  CheckDone(
      world.carnet().Shell("exec 9> run1/lock && flock 9 && carnet run status --dir run1 9>&-"));
}

BOOST_AUTO_TEST_CASE(a_second_recorder_waits_for_the_first) {
  const Ran ran = world.carnet().Shell(
      "{ flock 9; sleep 2; } 9> run1/lock & sleep 0.3; carnet run complete --dir run1 --model "
      "model "
      "--ledger ledger --key lab.key");
  CheckDone(ran);
  BOOST_CHECK_EQUAL(ran.err, "carnet: waiting: run1: another recorder is at work here\n");
}

// Eight at once, as the ranks of a job might.
BOOST_AUTO_TEST_CASE(calls_at_the_same_time_all_succeed) {
  const uint64_t size = world.TreeSize();
  const Ran ran = world.carnet().Shell(
      "for i in 1 2 3 4 5 6 7 8; do carnet attest --kind device device.json --ledger ledger --key "
      "cloud.key > id$i & pids=\"$pids $!\"; done; for p in $pids; do wait $p || exit 9; done");
  BOOST_CHECK_EQUAL(ran.status, 0);
  BOOST_CHECK_EQUAL(ran.err, "");
  BOOST_CHECK_EQUAL(world.TreeSize(), size + 8);
}

BOOST_AUTO_TEST_CASE(a_dry_run_prints_the_statement_and_leaves_nothing_behind) {
  const auto files = world.Files();
  const uint64_t size = world.TreeSize();
  const Ran ran = Complete({"--dry-run"});
  CheckDone(ran);
  BOOST_CHECK(ran.err.ends_with("carnet: dry run: nothing was signed or logged\n"));
  const auto statement = boost::json::parse(ran.out).as_object();
  BOOST_CHECK_EQUAL(statement.at("predicateType").as_string(), "urn:carnet:completion:v1");
  CheckFailed(world.Sign({"run", "complete", "--dir", "run1", "--model", "ckpt/0", "--dry-run"}), 1,
              "is not the last checkpoint");
  BOOST_CHECK(world.Files() == files);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(check_tells_the_verdict_before_there_is_a_passport) {
  const uint64_t size = world.TreeSize();
  const Ran open = world.Sign({"check", "run1", "--trust", "trust"});
  BOOST_CHECK_EQUAL(open.status, 0);
  BOOST_CHECK(open.out.find("decision     pass") != std::string::npos);
  BOOST_CHECK(open.err.find("judged as if the run were completed now with ") != std::string::npos);
  BOOST_CHECK(open.err.find("/ckpt/1") != std::string::npos);
  CheckFailed(world.Sign({"check", "run1", "--trust", "trust", "--model", "ckpt/0"}), 3,
              "is not the last checkpoint");
  world.Write("secret.json", R"({"name":"m","intended_deployment":"undisclosed"})");
  const Ran refused = world.Sign({"check", "run1", "--trust", "trust", "--draft", "secret.json",
                                  "--policy", "hub-complete", "--json"});
  BOOST_CHECK_EQUAL(refused.status, 1);
  const auto verdict = boost::json::parse(refused.out).as_object();
  BOOST_CHECK_EQUAL(verdict.at("decision").as_string(), "fail");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  CheckDone(Complete());
  const Ran closed = world.Sign({"check", "run1", "--trust", "trust"});
  BOOST_CHECK_EQUAL(closed.status, 0);
  BOOST_CHECK(closed.err.find("judged as if") == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_passport_can_be_judged_without_being_issued) {
  CheckDone(Complete());
  world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
  const uint64_t size = world.TreeSize();
  const Ran dry = world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--run",
                              "run1", "--trust", "trust", "--dry-run"});
  BOOST_CHECK_EQUAL(dry.status, 0);
  BOOST_CHECK(dry.out.find("decision     pass") != std::string::npos);
  BOOST_CHECK_EQUAL(dry.err, "carnet: dry run: nothing was logged\n");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  BOOST_CHECK(!fs::exists(world / "model.passport.sigstore.jsonl"));
  world.Write("taken.jsonl", "mine");
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--run",
                           "run1", "--trust", "trust", "--dry-run", "--out", "taken.jsonl"});
      },
      3, "taken.jsonl: the file already exists");
}

BOOST_AUTO_TEST_CASE(a_damaged_journal_is_named) {
  world.Write("run1/run.signed.sigstore.json", "{");
  CheckRefused([&] { return Complete(); }, 1, "run1/run.signed.sigstore.json");
  CheckFailed(world.Run({"run", "status", "--dir", "run1"}), 1, "run1/run.signed.sigstore.json");
}

BOOST_AUTO_TEST_CASE(an_abort_closes_the_run) {
  const Ran ran = world.Sign({"run", "abort", "--dir", "run1", "--reason", "loss diverged"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(Status().at("outcome").as_string(), "aborted");
  CheckRefused([&] { return Complete(); }, 1, "already recorded");
  world.Write("passport.json", R"({"name":"model","intended_deployment":"research"})");
  CheckRefused(
      [&] {
        return world.Sign({"passport", "issue", "model", "--draft", "passport.json", "--run",
                           "run1", "--trust", "trust"});
      },
      1, "run1: the run is aborted, not completed");
}

BOOST_AUTO_TEST_SUITE_END()
