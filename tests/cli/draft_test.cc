// `carnet draft`, and the steps of a run without a draft: what is filled in, what is asked for, and
// what a refused passport says. Expected values are worked out by hand.
#include <filesystem>

#include "tests/cli/draft_fixture.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

const Words kRunWords = {"--set", "opened_by=team",
                         "--set", "authorised_by=head",
                         "--set", "intended_deployment=research"};

// A run of one device of 2 x 2 lanes … as `drafts::Device` makes it: 3.84e11 FLOP/s at fp32.
struct RunFixture : DraftFixture {
  Ran Open(Words more = {}, const std::string& run = "r") {
    Words arguments = {"run",       "open",
                       "--dir",     run,
                       "--set",     "kind=pre-training",
                       "--dataset", world.id("dataset")};
    arguments.insert(arguments.end(), kRunWords.begin(), kRunWords.end());
    arguments.insert(arguments.end(), more.begin(), more.end());
    return world.Sign(arguments);
  }
  Ran OpenPlanned() {
    return Open({"--device", world.id("device"), "--allocation", world.id("allocation")});
  }
  void WriteCheckpoint(const std::string& folder, char fill) {
    fs::create_directories(world / folder);
    world.Write(folder + "/model.safetensors", TinyWeights(fill));
  }
  Ran Segment(const std::string& checkpoint, Words more) {
    more.insert(more.begin(), {"run", "segment", "--dir", "r", "--checkpoint", checkpoint});
    return world.Sign(more);
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(draft_run, RunFixture)

BOOST_AUTO_TEST_CASE(a_run_is_opened_without_a_file) {
  const Ran ran = OpenPlanned();
  CheckDone(ran);
  const auto run = Logged(world, ran.out.substr(0, 64));
  BOOST_CHECK_EQUAL(run.at("initial").as_string(), "random");
  BOOST_CHECK_EQUAL(run.at("inputs").as_array().size(), 0U);
  BOOST_CHECK_EQUAL(run.at("datasets").as_array().at(0).at("statement").as_string(),
                    world.id("dataset"));
  BOOST_CHECK_EQUAL(run.at("devices").as_array().at(0).as_string(), world.id("device"));
}

BOOST_AUTO_TEST_CASE(what_a_run_lacks_is_asked_for_and_no_device_is_attested) {
  const uint64_t size = world.TreeSize();
  const Ran ran = world.Sign({"run", "open", "--dir", "r", "--this-machine", "--cpu"});
  CheckRefused(ran, 1, "  --set opened_by=…  team or person who opens the run", size);
  BOOST_CHECK(!fs::exists(world / "r"));
}

BOOST_AUTO_TEST_CASE(this_machine_is_attested_once) {
  const Ran first = Open({"--this-machine", "--cpu"});
  CheckDone(first);
  const uint64_t size = world.TreeSize();
  const auto device = Logged(world, first.out.substr(0, 64)).at("devices").as_array().at(0);
  BOOST_CHECK(Logged(world, std::string(device.as_string())).contains("cpu"));
  CheckHas(first.err, "carnet: device " + std::string(device.as_string()));
  const Ran second = Open({"--this-machine", "--cpu"}, "r2");
  CheckDone(second);
  BOOST_CHECK(Logged(world, second.out.substr(0, 64)).at("devices").as_array().at(0) == device);
  BOOST_CHECK_EQUAL(world.TreeSize(), size + 1);
  CheckFailed(Open({"--this-machine", "--device", world.id("device")}, "r3"), 2, "--this-machine");
}

BOOST_AUTO_TEST_CASE(a_dry_run_attests_nothing) {
  const uint64_t size = world.TreeSize();
  const Ran ran = Open({"--this-machine", "--cpu", "--dry-run"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  // The device would be in the ledger by then.
  BOOST_CHECK_MESSAGE(ran.err.find("not in this ledger") == ran.err.npos, ran.err);
  BOOST_CHECK(!fs::exists(world / "r"));
}

// The training would be for nothing: no passport could be issued.
BOOST_AUTO_TEST_CASE(a_run_of_what_is_not_in_this_ledger_is_not_opened) {
  const uint64_t size = world.TreeSize();
  const std::string nowhere(64, 'e');
  const std::pair<Words, const char*> calls[] = {
      {{"--device", nowhere}, "devices[]"},
      {{"--device", world.id("device"), "--allocation", nowhere}, "allocations[]"},
      {{"--device", world.id("device"), "--dataset", nowhere}, "datasets[].statement"},
  };
  for (const auto& [more, field] : calls) {
    const std::string why =
        "carnet: error: not signed, as no passport of this run could be issued from this ledger: " +
        std::string(field) + " is sha256:" + nowhere + ", which is not in this ledger (whoever";
    CheckRefused(Open(more), 1, why, size);
    Words dry = more;
    dry.push_back("--dry-run");
    CheckRefused(Open(dry), 1, why, size);
  }
  const Ran anyway = Open({"--device", nowhere, "--sign-anyway"});
  CheckDone(anyway);
  CheckHas(anyway.err,
           "devices[] is sha256:" + nowhere + ", which is not in this ledger: a passport needs it");
}

BOOST_AUTO_TEST_CASE(first_digits_name_a_statement_and_the_whole_id_is_signed) {
  const auto first = [&](const char* name) { return world.id(name).substr(0, 8); };
  const Ran ran = world.Sign(
      {"run", "open", "--dir", "r", "--set", "kind=pre-training", "--dataset", first("dataset"),
       "--device", "sha256:" + first("device"), "--allocation", first("allocation"), "--set",
       "opened_by=team", "--set", "authorised_by=head", "--set", "intended_deployment=research"});
  CheckDone(ran);
  const auto run = Logged(world, ran.out.substr(0, 64));
  BOOST_CHECK(run.at("devices").as_array().at(0).as_string() == world.id("device"));
  BOOST_CHECK(run.at("allocations").as_array().at(0).as_string() == world.id("allocation"));
  BOOST_CHECK(run.at("datasets").as_array().at(0).at("statement").as_string() ==
              world.id("dataset"));
  const auto draft = Draft({"allocation", "--device", first("device"), "--ledger", "ledger"});
  BOOST_CHECK(draft.at("devices").as_array().at(0).as_string() == world.id("device"));
  CheckFailed(world.Run({"draft", "allocation", "--device", first("device")}), 1,
              "--device " + first("device") +
                  ": expected 64 hex digits: the first ones are enough "
                  "only where a ledger is given: --ledger, CARNET_LEDGER");
  const uint64_t size = world.TreeSize();
  CheckRefused(Open({"--device", "eeeeee"}, "r2"), 3,
               "--device: no statement in this ledger begins with sha256:eeeeee", size);
  CheckFailed(Open({"--device", "eeee"}, "r2"), 2, "expected 6 to 64 lowercase hex digits");
}

BOOST_AUTO_TEST_CASE(a_repeated_call_is_harmless_and_another_is_refused) {
  const Ran first = OpenPlanned();
  const uint64_t size = world.TreeSize();
  const Ran again = OpenPlanned();
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, first.out);
  CheckHas(again.err, "run was already recorded");
  CheckRefused(Open({"--set", "environment=other"}), 1, "a run is open here already", size);
}

// They give a text once.
BOOST_AUTO_TEST_CASE(a_draft_is_read_once_from_standard_input_and_from_a_pipe) {
  Words draft = {"draft", "run",    "--set",     "kind=pre-training",
                 "--out", "r.json", "--dataset", world.id("dataset")};
  draft.insert(draft.end(), kRunWords.begin(), kRunWords.end());
  world.Must(draft);
  const std::string sign = " --ledger ledger --key lab.key";
  const std::string device = " --device " + world.id("device");
  const std::string calls[] = {
      "cat r.json | carnet run open --dir r1 -" + device + sign,
      "cat r.json | carnet run open --dir r2 - --this-machine --cpu" + sign,
      "bash -c 'carnet run open --dir r3 <(cat r.json)" + device + sign + "'",
  };
  for (const std::string& call : calls) {
    const Ran ran = world.carnet().Shell(call);
    CheckDone(ran);
    const auto run = Logged(world, ran.out.substr(0, 64));
    BOOST_CHECK_EQUAL(run.at("opened_by").as_string(), "team");
    BOOST_CHECK_EQUAL(run.at("devices").as_array().size(), 1U);
  }
}

BOOST_AUTO_TEST_CASE(code_is_the_commit_of_the_working_directory) {
  CheckDone(world.carnet().Shell(
      "git init -q . && git -c user.name=n -c user.email=e commit -q --allow-empty -m m && "
      "git rev-parse HEAD > commit"));
  const std::string commit = world.Read("commit").substr(0, 40);
  BOOST_CHECK_EQUAL(Draft({"run"}).at("code").at("revision").as_string(), commit);
  CheckDone(world.carnet().Shell("echo 1 > run.json && git add run.json"));
  BOOST_CHECK_EQUAL(Draft({"run"}).at("code").at("revision").as_string(), commit + "-dirty");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct SegmentFixture : RunFixture {
  SegmentFixture() {
    CheckDone(OpenPlanned());
    WriteCheckpoint("c0", 'a');
    WriteCheckpoint("c1", 'b');
  }
  // 76 parameters, all trained.
  const Words first = {"--set",          "steps.to=10", "--set",
                       "tokens=1000000", "--set",       "precision=fp32"};
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(draft_segment, SegmentFixture)

BOOST_AUTO_TEST_CASE(a_segment_needs_three_values) {
  const uint64_t size = world.TreeSize();
  const Ran none = Segment("c0", {});
  CheckRefused(none, 1, "segment: 3 fields are not filled in:", size);
  for (const char* field : {"steps.to", "tokens", "precision"}) {
    CheckHas(none.err, "  --set " + std::string(field) + "=…  ");
  }
  const Ran ran = Segment("c0", first);
  CheckDone(ran);
  const auto segment = Logged(world, ran.out.substr(0, 64));
  BOOST_CHECK_EQUAL(boost::json::serialize(segment.at("steps")), R"({"from":0,"to":10})");
  const auto& use = segment.at("usage").as_array().at(0);
  BOOST_CHECK_EQUAL(use.at("device").as_string(), world.id("device"));
  BOOST_CHECK_EQUAL(use.at("allocation").as_string(), world.id("allocation"));
  BOOST_CHECK_EQUAL(use.at("units").to_number<int>(), 1);
  const auto& update = segment.at("flop").at("update");
  BOOST_CHECK(update == segment.at("flop").at("total"));
  BOOST_CHECK_EQUAL(update.at("amount").as_string(), "456000000");  // 6 * 76 * 1000000
  const auto& hardware = update.at("methods").as_array().at(1);
  BOOST_CHECK_EQUAL(hardware.at("basis").as_string(), "derived");
  // floor(456000000 * 10^9 / (units * ms * 3.84e11))
  const auto ms = use.at("ms").to_number<uint64_t>();
  const uint64_t ppm = 456'000'000ULL * 1'000'000'000 / (ms * 384'000'000'000);
  const auto& term = hardware.at("terms").as_array().at(0);
  BOOST_CHECK_EQUAL(term.at("peak").as_string(), "384000000000");
  BOOST_CHECK_EQUAL(term.at("utilisation_ppm").to_number<uint64_t>(), ppm);
  BOOST_CHECK_EQUAL(hardware.at("result").as_string(),
                    std::to_string(ms * 384 * ppm));  // ms * 384e9 * ppm / 10^9
}

BOOST_AUTO_TEST_CASE(the_next_one_begins_where_the_last_ended) {
  const Ran one = Segment("c0", first);
  CheckDone(one);
  const Ran two = Segment("c1", {"--set", "steps.to=25", "--set", "tokens=2000000"});
  CheckDone(two);
  const auto before = Logged(world, one.out.substr(0, 64));
  const auto segment = Logged(world, two.out.substr(0, 64));
  BOOST_CHECK_EQUAL(segment.at("steps").at("from").to_number<int>(), 10);
  BOOST_CHECK(segment.at("time").at("from") == before.at("time").at("to"));
  BOOST_CHECK(segment.at("precision") == before.at("precision"));
  BOOST_CHECK_EQUAL(segment.at("flop").at("update").at("amount").as_string(), "912000000");
}

BOOST_AUTO_TEST_CASE(a_repeated_call_is_recognised_by_checkpoint_and_values) {
  const Ran one = Segment("c0", first);
  const Words next = {"--set", "steps.to=25", "--set", "tokens=2000000"};
  const Ran two = Segment("c1", next);
  const uint64_t size = world.TreeSize();
  const Ran again = Segment("c1", next);
  CheckDone(again);
  BOOST_CHECK_EQUAL(again.out, two.out);
  const Ran earlier = Segment("c0", first);  // a script that starts again repeats all
  CheckDone(earlier);
  BOOST_CHECK_EQUAL(earlier.out, one.out);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_CASE(other_values_for_a_recorded_checkpoint_are_refused) {
  CheckDone(Segment("c0", first));
  const uint64_t size = world.TreeSize();
  CheckRefused(
      Segment("c0", {"--set", "steps.to=10", "--set", "tokens=7", "--set", "precision=fp32"}), 1,
      "segment-0-0 ended with this checkpoint already, with other values", size);
}

BOOST_AUTO_TEST_CASE(a_draft_states_its_figure_once) {
  const auto draft = Draft({"segment", "--dir", "r", "--checkpoint", "c0", "--ledger", "ledger"});
  BOOST_CHECK_EQUAL(NamesIn(draft.at("flop")),
                    "method methods padding_excluded recomputation_excluded");
  auto filled = draft;
  filled["tokens"] = 1000000;
  filled["precision"] = boost::json::array{"fp32"};
  filled["steps"].as_object()["to"] = 10;
  world.Write("s.json", boost::json::serialize(filled));
  const Ran ran = Segment("c0", {"s.json"});
  CheckDone(ran);
  BOOST_CHECK_EQUAL(
      Logged(world, ran.out.substr(0, 64)).at("flop").at("total").at("amount").as_string(),
      "456000000");
}

BOOST_AUTO_TEST_CASE(a_passport_is_issued_without_a_file_and_passes) {
  CheckDone(Segment("c0", first));
  CheckDone(world.Sign({"run", "complete", "--dir", "r", "--model", "c0"}));
  const auto draft = Draft({"passport", "--run", "r", "--ledger", "ledger"});
  BOOST_CHECK_EQUAL(draft.at("intended_deployment").as_string(), "research");
  const Words issue = {"passport", "issue", "c0", "--run", "r", "--trust", "trust"};
  const Ran unnamed = world.Sign(issue);
  BOOST_CHECK_EQUAL(unnamed.status, 1);
  CheckHas(unnamed.err, "  --set name=…  what the model is called\n");
  Words named = issue;
  named.insert(named.end(), {"--set", "name=tiny"});
  const Ran issued = world.Sign(named);
  CheckDone(issued);
  CheckDone(world.Run(
      {"verify", "c0", "--passport", "tiny.passport.sigstore.jsonl", "--trust", "trust"}));
  named.push_back("--force");
  BOOST_CHECK_EQUAL(world.Sign(named).out, issued.out);
}

BOOST_AUTO_TEST_CASE(usage_of_draft_is_checked) {
  CheckFailed(world.Run({"draft", "segment"}), 2, "--dir and --ledger go together");
  CheckFailed(world.Run({"draft", "segment", "--dir", "r"}), 2, "--dir and --ledger go together");
  CheckFailed(world.Run({"draft", "dataset", "--dir", "r"}), 2, "works only with");
  CheckFailed(world.Run({"draft", "completion"}), 2, "completion");
  CheckFailed(world.Run({"draft", "segment", "--dir", "nowhere", "--ledger", "ledger"}), 3,
              "nowhere: no such run directory");
}

BOOST_AUTO_TEST_SUITE_END()

namespace {

struct CompletedFixture : DraftFixture {
  CompletedFixture() : DraftFixture(Stage::kCompleted) {}
  Ran Issue(Words more = {}) {
    more.insert(more.begin(), {"passport", "issue", "model", "--run", "run1", "--trust", "trust",
                               "--set", "name=model"});
    return world.Sign(more);
  }
  void Forget(const std::string& party) {
    fs::remove(world / ("trust/parties/" + party + ".toml"));
    fs::remove(world / ("trust/parties/" + party + ".pub"));
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(refused_passport, CompletedFixture)

BOOST_AUTO_TEST_CASE(shows_every_finding_and_what_to_do) {
  Forget("cloud");
  const Ran ran = Issue();
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK_EQUAL(ran.out, "");
  CheckHas(ran.err, "carnet: error: the gate refuses the passport: unknown-key (R5)");
  CheckHas(ran.err, "carnet: finding 1 of 2: unknown-key (R5): ");
  CheckHas(ran.err, "carnet: finding 2 of 2: unknown-key (R5): ");
  CheckHas(ran.err, "carnet:   what to do: list the key in the trust directory");
}

BOOST_AUTO_TEST_CASE(commands_are_those_to_type) {
  const Ran ran = Issue({"--set", "parameters.total=1"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  CheckHas(ran.err, "parameters-understated (R35)");
  CheckHas(ran.err, "carnet:   $ carnet digest model --tensors\n");
  CheckDone(world.carnet().Shell("carnet digest model --tensors"));
}

BOOST_AUTO_TEST_CASE(json_has_the_findings) {
  Forget("cloud");
  const Ran ran = Issue({"--json"});
  BOOST_CHECK_EQUAL(ran.status, 1);
  const auto json = boost::json::parse(ran.out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "decision findings findings_total reason");
  BOOST_CHECK_EQUAL(json.at("decision").as_string(), "fail");
  BOOST_CHECK_EQUAL(json.at("reason").as_string(), "unknown-key");
  BOOST_CHECK_EQUAL(json.at("findings").as_array().size(), 2U);
  const auto& finding = json.at("findings").as_array().at(0);
  BOOST_CHECK_EQUAL(finding.at("rule").as_string(), "R5");
  BOOST_CHECK_EQUAL(finding.at("anchor").as_string(), "r5-unknown-key");
  BOOST_CHECK(finding.as_object().contains("what_to_do"));
}

BOOST_AUTO_TEST_SUITE_END()
