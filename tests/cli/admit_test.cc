// `carnet admit`: a fine-tuning host judges the base before it opens the run.
#include <filesystem>

#include "tests/cli/cli_world.h"
#include "tests/support/drafts.h"
#include "tests/support/world.h"

using namespace carnet::test;

namespace {

namespace fs = std::filesystem;

constexpr char kFile[] = "model.passport.sigstore.jsonl";

struct Fixture {
  CliWorld world{Stage::kPassport};

  // What the run states besides its base.
  std::vector<std::string> Job() {
    return {"--dataset", world.id("dataset"),  "--set", "opened_by=team",
            "--set",     "authorised_by=head", "--set", "intended_deployment=research"};
  }
  std::vector<std::string> Arguments(std::vector<std::string> more, const std::string& base) {
    std::vector<std::string> arguments = {"admit", base, "--trust", "trust", "--dir", "run2"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return arguments;
  }
  Ran Admit(std::vector<std::string> more = {}, const std::string& base = "model") {
    const auto job = Job();
    more.insert(more.end(), job.begin(), job.end());
    return world.Sign(Arguments(more, base));
  }
  // With a draft file in place of options.
  Ran AdmitDraft(const std::string& draft, std::vector<std::string> more = {}) {
    world.Write("job.json", draft);
    more.emplace_back("job.json");
    return world.Sign(Arguments(more, "model"));
  }
  std::string Draft(const std::vector<std::string>& inputs) {
    return drafts::Run(
        {.kind = "fine-tune", .inputs = inputs, .datasets = drafts::Texts{world.id("dataset")}});
  }
  // As the passport's own statement has it, read without Carnet.
  std::string Digest() {
    const auto passport = StatementIn(LinesOf(world.Read(kFile)).front());
    return std::string(passport.at("predicate").at("model").as_string());
  }
  boost::json::object RunOf(const Ran& ran) {
    const std::string last = LinesOf(ran.out).back();
    BOOST_REQUIRE_MESSAGE(last.starts_with("run          "), ran.out << ran.err);
    return RunCalled(last.substr(13));
  }
  boost::json::object RunCalled(const std::string& id) {
    const auto shown = world.Json({"show", id, "--ledger", "ledger", "--json"});
    return shown.at("text").at("predicate").as_object();
  }
  // Nothing is opened, signed or written, and this is said.
  void CheckRefused(const std::function<Ran()>& admit, int status, const std::string& message) {
    const uint64_t size = world.TreeSize();
    const Ran ran = admit();
    BOOST_CHECK_EQUAL(ran.status, status);
    BOOST_CHECK_MESSAGE((ran.out + ran.err).find(message) != std::string::npos, ran.out << ran.err);
    BOOST_CHECK(ran.out.find("\nrun  ") == ran.out.npos);
    const Ran left = world.Run({"run", "status", "--dir", "run2"});
    BOOST_CHECK(!fs::exists(world / "run2") || left.out == "outcome   not opened\n");
    BOOST_CHECK_EQUAL(world.TreeSize(), size);
  }
  // The run of an admitted base, trained and completed with `name` as its model.
  void Finish(const std::string& name, const std::string& figure = {}) {
    fs::copy(world / "model", world / name);
    world.Write(name + "/model.safetensors", TinyWeights('t'));
    world.Write("segment.json", SegmentDraftNow(world, 0, figure));
    CheckDone(
        world.Sign({"run", "segment", "--dir", "run2", "segment.json", "--checkpoint", name}));
    CheckDone(world.Sign({"run", "complete", "--dir", "run2", "--model", name}));
    CheckDone(world.Sign(
        {"passport", "issue", name, "--run", "run2", "--trust", "trust", "--set", "name=" + name}));
  }
};

std::string Edge(const std::string& type, const std::string& model,
                 const std::string& statement = "") {
  return drafts::Edge(type, model, statement);
}

}  // namespace

BOOST_FIXTURE_TEST_SUITE(admit, Fixture)

BOOST_AUTO_TEST_CASE(a_base_that_passes_is_the_one_input_of_the_run) {
  const Ran ran = Admit();
  CheckDone(ran);
  const Ran verdict = world.Run({"verify", "model", "--trust", "trust"});
  BOOST_CHECK(ran.out.starts_with(verdict.out));
  const auto run = RunOf(ran);
  BOOST_CHECK_EQUAL(boost::json::serialize(run.at("inputs")),
                    boost::json::serialize(boost::json::parse(
                        "[" + Edge("fine-tuned-from", Digest(), world.id("passport")) + "]")));
  BOOST_CHECK_EQUAL(run.at("kind").as_string(), "fine-tune");
  BOOST_CHECK_EQUAL(run.at("initial").as_string(), "inputs");
}

BOOST_AUTO_TEST_CASE(the_passport_of_what_was_trained_leads_to_the_base) {
  CheckDone(Admit());
  Finish("tuned");
  const Ran ran = world.Run({"verify", "tuned", "--trust", "trust"});
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(
      ran.out.find("fine-tuned-from \"model\", says lab (passport enclosed)") != ran.out.npos,
      ran.out);
}

BOOST_AUTO_TEST_CASE(json_has_the_documented_fields) {
  const Ran ran = Admit({"--json"});
  CheckDone(ran);
  const auto json = boost::json::parse(ran.out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "admitted base run verdict");
  BOOST_CHECK(json.at("admitted").as_bool());
  BOOST_CHECK_EQUAL(boost::json::serialize(json.at("base")),
                    R"({"relation":"fine-tuned-from","model":")" + Digest() + R"(","passport":")" +
                        world.id("passport") + R"("})");
  BOOST_CHECK_EQUAL(NamesIn(json.at("run")), "index repeated statement step");
  BOOST_CHECK_EQUAL(json.at("verdict").at("decision").as_string(), "pass");
}

BOOST_AUTO_TEST_CASE(a_base_that_fails_opens_nothing) {
  world.Write("model/model.safetensors", TinyWeights('z'));
  CheckRefused([&] { return Admit(); }, 1, "the reason: other-model (R18)");
  const auto json = boost::json::parse(Admit({"--json"}).out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "admitted verdict");
  BOOST_CHECK(!json.at("admitted").as_bool());
  BOOST_CHECK_EQUAL(json.at("verdict").at("reason").as_string(), "other-model");
}

BOOST_AUTO_TEST_CASE(the_hosts_policy_decides) {
  const std::string shipped = world.Must({"policy", "show", "hub-default"});
  world.Write("strict.toml", shipped + "[when_unattested]\nhardware = \"refuse\"\n");
  CheckRefused([&] { return Admit({"--policy", "strict.toml"}); }, 1, "policy-requirement (R38)");
  CheckDone(Admit());
}

BOOST_AUTO_TEST_CASE(what_cannot_be_judged_opens_nothing) {
  CheckRefused([&] { return Admit({"--passport", "missing.jsonl"}); }, 3, "missing.jsonl");
  CheckRefused([&] { return Admit({}, "nowhere"); }, 3, "nowhere");
  CheckRefused([&] { return Admit({"--policy", "nobodys"}); }, 3, "nobodys");
  CheckRefused(
      [&] { return Admit({}, "ckpt/1"); }, 3,
      "carnet: hint: to open a run whose lineage ends at this model: --allow-unpassported");
  const auto json = boost::json::parse(Admit({"--json"}, "nowhere").out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "error exit");
}

BOOST_AUTO_TEST_CASE(a_repeated_call_is_harmless) {
  const Ran first = Admit();
  CheckDone(first);
  const uint64_t size = world.TreeSize();
  const Ran again = Admit();
  CheckDone(again);
  BOOST_CHECK_EQUAL(LinesOf(again.out).back(), LinesOf(first.out).back());
  BOOST_CHECK_EQUAL(again.err, "carnet: run was already recorded\n");
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
  const Ran other = Admit({"--relation", "initialised-from"});
  BOOST_CHECK_EQUAL(other.status, 1);
  BOOST_CHECK_MESSAGE(
      other.err.find("a run is open here already, with another draft") != other.err.npos,
      other.err);
}

BOOST_AUTO_TEST_CASE(a_dry_run_judges_and_shows_the_run) {
  const auto files = world.Files();
  const Ran ran = Admit({"--dry-run"});
  CheckDone(ran);
  BOOST_CHECK(ran.out.find("\ndecision     pass\n{\n") != ran.out.npos);
  BOOST_CHECK_EQUAL(ran.err, "carnet: dry run: nothing was signed or logged\n");
  const auto json = boost::json::parse(Admit({"--dry-run", "--json"}).out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "admitted base statement verdict");
  const auto& input = json.at("statement").at("predicate").at("inputs").at(0);
  BOOST_CHECK_EQUAL(input.at("statement").as_string(), world.id("passport"));
  BOOST_CHECK(world.Files() == files);
}

BOOST_AUTO_TEST_CASE(what_the_run_lacks_is_said_before_the_base_is_read) {
  const Ran ran = world.Sign(Arguments({}, "nowhere"));
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK_MESSAGE(ran.err.find("--set opened_by=…") != ran.err.npos, ran.err);
  BOOST_CHECK(ran.err.find("nowhere") == ran.err.npos);
}

BOOST_AUTO_TEST_CASE(the_relation_chooses_the_kind_of_run_and_has_to_fit_it) {
  CheckRefused(
      [&] {
        return Admit({"--relation", "adapter-on", "--set", "kind=fine-tune"});
      },
      1, "edges-do-not-fit-kind (R25)");
  CheckDone(Admit({"--set", "kind=reinforcement-learning"}));
  fs::remove_all(world / "run2");
  const auto run = RunOf(Admit({"--relation", "adapter-on"}));
  BOOST_CHECK_EQUAL(run.at("kind").as_string(), "adapter");
  BOOST_CHECK_EQUAL(run.at("inputs").at(0).at("type").as_string(), "adapter-on");
}

BOOST_AUTO_TEST_CASE(a_file_is_the_draft_to_which_the_base_is_added) {
  const Ran ran = AdmitDraft(Draft({Edge("fine-tuned-from", Digest(), world.id("passport"))}));
  CheckDone(ran);
  fs::remove_all(world / "run2");
  auto draft = boost::json::parse(Draft({Edge("fine-tuned-from", Digest())})).as_object();
  draft.erase("inputs");
  const auto run = RunOf(AdmitDraft(boost::json::serialize(draft)));
  BOOST_CHECK_EQUAL(run.at("inputs").at(0).at("statement").as_string(), world.id("passport"));
}

BOOST_AUTO_TEST_SUITE_END()

// What a customer could bring, so that one model is judged and another is named, or none is judged.
BOOST_FIXTURE_TEST_SUITE(admit_lies, Fixture)

BOOST_AUTO_TEST_CASE(the_passport_of_another_model) {
  fs::create_directory(world / "evil");
  world.Write("evil/model.safetensors", TinyWeights('e'));
  CheckRefused([&] { return Admit({"--passport", kFile}, "evil"); }, 1, "other-model (R18)");
}

BOOST_AUTO_TEST_CASE(two_passports_leave_no_choice_to_the_customer) {
  fs::copy(world / kFile, world / "model/x.passport.sigstore.jsonl");
  CheckRefused([&] { return Admit(); }, 3, "model: 2 passports");
  CheckRefused([&] { return Admit({"--allow-unpassported"}); }, 3, "model: 2 passports");
}

BOOST_AUTO_TEST_CASE(a_draft_that_names_another_parent) {
  const std::string other(64, 'a');
  CheckRefused([&] { return AdmitDraft(Draft({Edge("fine-tuned-from", other)})); }, 1,
               "inputs[0].model is");
  CheckRefused(
      [&] { return AdmitDraft(Draft({Edge("fine-tuned-from", Digest(), world.id("run"))})); }, 1,
      "inputs[0].statement is");
}

// It would be in the lineage, judged by nobody.
BOOST_AUTO_TEST_CASE(a_draft_with_a_second_parent) {
  const std::string base = Edge("fine-tuned-from", Digest(), world.id("passport"));
  for (const char* type : {"distilled-from", "synthetic-data-from"}) {
    CheckRefused(
        [&] {
          return AdmitDraft(Draft({base, Edge(type, std::string(64, 'a'))}));
        },
        1, "inputs: the draft states other inputs than the base that was checked");
  }
  CheckRefused(
      [&] {
        return Admit({"--set", "inputs[1].type=distilled-from"});
      },
      1, "--set inputs");
  CheckRefused([&] { return Admit({"--set", "inputs="}); }, 1, "--set inputs");
}

// By its digest alone the base has no statement, whatever a file adds.
BOOST_AUTO_TEST_CASE(a_draft_that_adds_a_statement) {
  CheckRefused(
      [&] {
        return AdmitDraft(Draft({Edge("fine-tuned-from", Digest(), world.id("passport"))}),
                          {"--by-digest"});
      },
      1, "inputs: the draft states other inputs");
}

BOOST_AUTO_TEST_CASE(a_passport_left_at_home) {
  fs::rename(world / kFile, world / "hidden");
  CheckRefused([&] { return Admit(); }, 3, "no passport");
  CheckRefused([&] { return Admit({"--allow-unpassported"}); }, 1,
               "this ledger has a passport of that model, sha256:" + world.id("passport"));
  // With a file that the passport does not cover it is still that model.
  world.Write("model/README.md", "mine");
  CheckRefused([&] { return Admit({"--allow-unpassported"}); }, 1, "this ledger has a passport");
}

BOOST_AUTO_TEST_CASE(a_passport_that_fails_is_not_allowed_as_none) {
  world.Write("model/config.json", "{\"x\":1}\n");
  CheckRefused([&] { return Admit({"--allow-unpassported"}); }, 1, "files-differ-tensors-agree");
}

BOOST_AUTO_TEST_CASE(a_run_that_is_open_with_another_base) {
  CheckDone(Admit());
  fs::create_directory(world / "evil");
  world.Write("evil/model.safetensors", TinyWeights('e'));
  const uint64_t size = world.TreeSize();
  const Ran ran = Admit({"--allow-unpassported"}, "evil");
  BOOST_CHECK_EQUAL(ran.status, 1);
  BOOST_CHECK(ran.err.find("a run is open here already, with another draft") != ran.err.npos);
  BOOST_CHECK_EQUAL(world.TreeSize(), size);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_FIXTURE_TEST_SUITE(admit_open_lineage, Fixture)

BOOST_AUTO_TEST_CASE(a_base_without_a_passport_is_named_by_its_digest_where_that_is_allowed) {
  fs::create_directory(world / "bare");
  world.Write("bare/model.safetensors", TinyWeights('q'));
  world.Write("bare/README.md", "left out");
  const std::string digest(world.Json({"digest", "bare", "--json"}).at("model").as_string());
  const Ran ran = Admit({"--allow-unpassported"}, "bare");
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(ran.err.starts_with("carnet: warning: the base has no passport: nothing was "
                                          "checked, and the lineage of the run ends at sha256:" +
                                          digest),
                      ran.err);
  BOOST_CHECK_EQUAL(LinesOf(ran.out).size(), 1U);  // no verdict
  BOOST_CHECK_EQUAL(
      boost::json::serialize(RunOf(ran).at("inputs")),
      boost::json::serialize(boost::json::parse("[" + Edge("fine-tuned-from", digest) + "]")));
  const auto json = boost::json::parse(Admit({"--allow-unpassported", "--json"}, "bare").out);
  BOOST_CHECK_EQUAL(NamesIn(json), "admitted base run");
  BOOST_CHECK_EQUAL(NamesIn(json.at("base")), "model relation");
}

// Its statement would be missing in every passport of the run.
BOOST_AUTO_TEST_CASE(a_passport_of_another_ledger_is_named_by_digest) {
  world.Must({"ledger", "init", "host", "--origin", "host.example.org"});
  const auto admit = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {"admit",    "model",
                                          "--trust",  "trust",
                                          "--dir",    "run2",
                                          "--ledger", "host",
                                          "--key",    "lab.key",
                                          "--set",    "datasets=undisclosed",
                                          "--set",    "opened_by=team",
                                          "--set",    "authorised_by=head",
                                          "--set",    "intended_deployment=research"};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return world.Run(arguments);
  };
  const Ran refused = admit({"--json"});
  BOOST_CHECK_EQUAL(refused.status, 1);
  const auto json = boost::json::parse(refused.out).as_object();
  BOOST_CHECK_EQUAL(NamesIn(json), "admitted base error verdict");
  BOOST_CHECK(!json.at("admitted").as_bool());
  BOOST_CHECK_EQUAL(json.at("error").at("code").as_string(), "rejected");
  BOOST_CHECK(refused.err.find("inputs[].statement is sha256:" + world.id("passport") +
                               ", which is not in this ledger") != refused.err.npos);
  CheckHint(refused, "to name the base by its digest alone: --by-digest");
  const Ran named = admit({"--by-digest"});
  CheckDone(named);
  BOOST_CHECK(named.out.find("\ndecision     pass\nrun          ") != named.out.npos);
}

BOOST_AUTO_TEST_CASE(of_an_adapter_it_is_said_that_its_own_base_was_not_checked) {
  CheckDone(Admit({"--relation", "adapter-on"}));
  // Its weights and those of its base compute each token: 6 * 2 * 76 of them.
  const std::string amount = "912000";
  Finish("lora",
         drafts::Stated(
             amount, "architecture",
             {drafts::Architecture({amount, 1'000, 152, {drafts::Class("trained", 152)}})}));
  fs::remove_all(world / "run2");
  const Ran ran = Admit({}, "lora");
  CheckDone(ran);
  BOOST_CHECK_MESSAGE(
      ran.err.find("carnet: warning: the base is an adapter, which works only with " + Digest()) !=
          ran.err.npos,
      ran.err);
}

BOOST_AUTO_TEST_SUITE_END()
