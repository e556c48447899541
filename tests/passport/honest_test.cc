// Honest passports: every row of "Cases" in docs/rules.md and every kind of run passes hub-default
// without a finding; conversions and runs entered afterwards are unattested, and shown as such.
#include "schemas/device_id.h"
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

using schemas::Kind;
using verifier::RowStatus;

void CheckHonest(World& world, const std::string& model) {
  world.given = world.model(model);
  CheckPasses(world.Judge());
}

void CheckFlop(World& world, const std::string& model, const std::string& update,
               const std::string& cumulative) {
  world.given = world.model(model);
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_REQUIRE(verdict.parameter_update && verdict.cumulative);
  BOOST_CHECK_EQUAL(verdict.parameter_update->amount.ToString(), update);
  BOOST_CHECK_EQUAL(verdict.cumulative->amount.ToString(), cumulative);
}

std::string TextOf(const verifier::Verdict& verdict, const std::string& row) {
  for (const auto& each : verdict.rows) {
    if (each.name == row) return each.text;
  }
  return "no row " + row;
}

// Level 1, for the row `lineage`, which says why.
void CheckUnattested(World& world, const std::string& model, const std::string& why) {
  world.given = world.model(model);
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.level.number, 1);
  BOOST_CHECK(StatusOf(verdict, "lineage") == RowStatus::kUnattested);
  const std::string text = TextOf(verdict, "lineage");
  BOOST_CHECK_MESSAGE(text.find(why) != std::string::npos, text);
}

// Completion and passport of model `name`, whose run is "<name>.run".
void Finish(World& world, const std::string& name, const std::vector<std::string>& last,
            const std::vector<uint64_t>& counts) {
  AddCompletion(world, name + ".done", name + ".run", last, counts, name);
  AddPassport(world, name, name + ".done");
}

World Fleet() {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  return world;
}

BOOST_AUTO_TEST_SUITE(honest)

BOOST_AUTO_TEST_CASE(a_pre_training) {
  World world = BaseWorld();
  CheckFlop(world, "base", "12000000000000", "12000000000000");
}

BOOST_AUTO_TEST_CASE(a_fine_tune_with_its_parent_enclosed) {
  World world = FineTuneWorld();
  CheckFlop(world, "chat", "12000000000000", "24000000000000");
  const auto verdict = world.Judge();
  const std::vector<std::string> rows = {"model", "signatures", "log",     "identity", "lineage",
                                         "time",  "compute",    "custody", "hardware", "policy"};
  BOOST_REQUIRE_EQUAL(verdict.rows.size(), rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    BOOST_CHECK_EQUAL(verdict.rows[i].name, rows[i]);
    const bool may_lack = rows[i] == "custody" || rows[i] == "hardware";
    BOOST_CHECK(verdict.rows[i].status == (may_lack ? RowStatus::kUnattested : RowStatus::kPass));
  }
  BOOST_CHECK_EQUAL(verdict.attestations, 14u);
  BOOST_CHECK(verdict.passport == world.IdOf("chat"));
  BOOST_CHECK(verdict.checkpoint.has_value());
}

BOOST_AUTO_TEST_CASE(a_resumed_run_on_another_device) {
  World world = Fleet();
  AddGpu(world, "gpu", "01234567-89ab-cdef-0123-456789abcdef");
  AddRun(world, "base.run", {});
  AddSegment(world, "base.0", {.run = "base.run"});
  world.clock += kDayMs;
  AddSegment(world, "base.1",
             {.run = "base.run",
              .seq = 1,
              .previous = "base.0",
              .model = "base",
              .from_step = kSteps,
              .device = "gpu",
              .allocation = "gpu.lease"});
  Finish(world, "base", {"base.1"}, {2});
  CheckHonest(world, "base");
}

BOOST_AUTO_TEST_CASE(a_rollback_counts_in_cumulative_and_not_in_parameter_update) {
  World world = Fleet();
  AddRun(world, "base.run", {});
  AddSegment(world, "base.0", {.run = "base.run"});
  AddSegment(world, "base.1",
             {.run = "base.run", .seq = 1, .previous = "base.0", .from_step = kSteps});
  AddSegment(world, "base.2",
             {.run = "base.run",
              .seq = 2,
              .previous = "base.1",
              .model = "base",
              .weights_from = "base.0",
              .from_step = kSteps});
  Finish(world, "base", {"base.2"}, {3});
  CheckFlop(world, "base", "12000000000000", "18000000000000");
}

BOOST_AUTO_TEST_CASE(an_aborted_run_restarted_elsewhere) {
  World world = Fleet();
  AddRun(world, "try.run", {});
  AddSegment(world, "try.0", {.run = "try.run"});
  AddCompletion(world, "try.done", "try.run", {"try.0"}, {1}, "try");
  world.Drop("try.done", "/model");
  world.Drop("try.done", "/tensor_roots");
  world.Set("try.done", "/outcome", R"("aborted")");
  world.Set("try.done", "/reason", R"("power cut")");
  world.Set("try.done", "/run_id", R"("@id:try.run")");
  world.At("try.done").enclosed = false;  // nobody refers to it
  AddModel(world, "base", {.edges = {Edge("initialised-from", "try.0", "try.0")}});
  CheckFlop(world, "base", "18000000000000", "18000000000000");
}

BOOST_AUTO_TEST_CASE(two_sites_with_a_lane_and_a_key_each) {
  World world = Fleet();
  AddGpu(world, "gpu", "01234567-89ab-cdef-0123-456789abcdef");
  AddRun(world, "base.run", {.recorders = {"lab.2"}, .lanes = 2});
  const uint64_t start = world.clock;
  AddSegment(world, "base.0", {.run = "base.run"});
  AddSegment(
      world, "base.1",
      {.run = "base.run", .seq = 1, .previous = "base.0", .model = "base", .from_step = kSteps});
  world.clock = start;
  SegmentTerms other{
      .run = "base.run", .lane = 1, .device = "gpu", .allocation = "gpu.lease", .key = "lab.2"};
  AddSegment(world, "base.0b", other);
  other.seq = 1;
  other.previous = "base.0b";
  other.from_step = kSteps;
  AddSegment(world, "base.1b", other);
  Finish(world, "base", {"base.1", "base.1b"}, {2, 2});
  CheckFlop(world, "base", "24000000000000", "24000000000000");
}

BOOST_AUTO_TEST_CASE(one_segment_on_several_devices_and_allocations) {
  World world = Fleet();
  AddGpu(world, "gpu", "01234567-89ab-cdef-0123-456789abcdef");
  AddModel(world, "base", {});
  world.Set("base.1", "/usage",
            R"([{"device":"@cpu","allocation":"@lease","units":1,"ms":60000},)"
            R"({"device":"@gpu","allocation":"@gpu.lease","units":1,"ms":30000}])");
  CheckHonest(world, "base");
}

BOOST_AUTO_TEST_CASE(a_key_rotated_inside_a_run) {
  World world = Fleet();
  AddModel(world, "base", {.recorders = {"lab.2"}}, 3);
  for (const char* name : {"base.1", "base.2", "base.done", "base"}) world.At(name).key = "lab.2";
  CheckHonest(world, "base");
}

BOOST_AUTO_TEST_CASE(an_adapter_on_an_enclosed_base) {
  World world = BaseWorld();
  world.models.insert_or_assign("adapter", MakeModelOf("adapter", 10));
  AddModel(world, "adapter", {.kind = "adapter", .edges = {Edge("adapter-on", "base", "base")}}, 1);
  // 10,000 parameters trained, the base's 1,000,000 frozen under training: 4.06e12 of a million.
  const std::string amount = "4060000000000";
  const drafts::ArchitectureTerms terms{
      .result = amount,
      .parameters = 1'010'000,
      .classes_json = {drafts::Class("trained", 10'000),
                       drafts::Class("frozen-under-training", 1'000'000)}};
  const std::string figure = drafts::Stated(amount, "architecture", {drafts::Architecture(terms)});
  world.Set("adapter.0", "/flop", SegmentFlop(figure));
  world.Set("adapter", "/parameters/total", "10000");
  CheckFlop(world, "adapter", "4060000000000", "16060000000000");
  const auto verdict = world.Judge();
  const std::string base = HexEncode(world.model("base").digest.span());
  BOOST_CHECK_EQUAL(verdict.only_with_base.value_or(""), base);
  BOOST_CHECK_MESSAGE(TextOf(verdict, "lineage").ends_with("; only with base " + base),
                      TextOf(verdict, "lineage"));
}

BOOST_AUTO_TEST_CASE(a_converted_model_is_unattested) {
  World world = BaseWorld();
  world.Set("base.1", "/model", R"("@model:checkpoint")");
  world.Drop("base.1", "/tensor_roots");
  world.Set("base.done", "/converted", R"({"tool":"export.py","reason":"opaque checkpoint"})");
  CheckUnattested(world, "base", "is a conversion");
}

BOOST_AUTO_TEST_CASE(a_retrospective_run_is_unattested) {
  World world = BaseWorld();
  world.Set("base.run", "/retrospective", "true");
  world.At("base.run").created = world.At("base.1").created;
  CheckUnattested(world, "base", "is retrospective");
}

BOOST_AUTO_TEST_CASE(a_parent_without_passport_is_unattested) {
  World world = FineTuneWorld();
  for (const char* name : {"base", "base.done", "base.1", "base.0", "base.run", "texts"}) {
    world.Remove(name);
  }
  world.Drop("chat.run", "/inputs/0/statement");
  world.Set("chat", "/flop/cumulative", R"("12000000000000")");
  CheckUnattested(world, "chat", "has no passport");
}

BOOST_AUTO_TEST_CASE(a_parent_in_another_log) {
  World world = FineTuneWorld();
  world.AddLog("other", "other.example");
  for (const char* name : {"base.run", "base.0", "base.1", "base.done", "base"}) {
    world.At(name).log = "other";
  }
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  for (const auto& row : verdict.rows) {
    if (row.name != "log") continue;
    BOOST_CHECK(row.text.find("5 of 14 in other.example") != std::string::npos);
  }
}

BOOST_AUTO_TEST_CASE(a_parent_of_the_labs_own_that_was_never_published) {
  World world = FineTuneWorld();
  world.Remove("base");
  world.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
  world.At("chat.run").key = "lab.2";  // any key of the party
  for (const char* name : {"chat.0", "chat.1", "chat.done"}) world.At(name).key = "lab.2";
  world.Set("lease", "/holders", R"(["@key:lab","@key:lab.2"])");
  CheckFlop(world, "chat", "24000000000000", "24000000000000");
}

BOOST_AUTO_TEST_CASE(a_checkpoint_in_an_opaque_format) {
  World world = BaseWorld();
  for (const char* name : {"base.1", "base.done", "base"}) world.Drop(name, "/tensor_roots");
  world.model("base");
  world.models.at("base").weight_sets.clear();
  CheckHonest(world, "base");
}

BOOST_AUTO_TEST_CASE(a_group_of_devices) {
  World world = Fleet();
  const drafts::Texts members = {"aws:i-00000001", "aws:i-00000002"};
  world.Add("rack", Kind::kDevice,
            drafts::Device({.id = schemas::GroupId({members.begin(), members.end()}),
                            .members = members,
                            .units = 2,
                            .chip = "h100-sxm5"}),
            "cloud");
  AddModel(world, "base", {});
  world.Set("base.1", "/usage", R"([{"device":"@rack","units":2,"ms":60000}])");
  CheckHonest(world, "base");
  world.Add("one", Kind::kDevice, drafts::Device({.id = members[1], .chip = "h100-sxm5"}), "cloud");
  world.At("one").created = world.At("cpu").created;
  world.MoveToFront("one");
  world.Set("base.1", "/usage",
            R"([{"device":"@rack","units":2,"ms":60000},{"device":"@one","units":1,"ms":60000}])");
  CheckRefused(world.Judge(), 33, RejectReason::kDeviceTime, "uses one device twice");
}

BOOST_AUTO_TEST_CASE(a_correction_that_supersedes) {
  World world = FineTuneWorld();
  world.At("chat").enclosed = false;
  Statement corrected = world.At("chat");
  corrected.name = "chat.2";
  corrected.nonce = std::string(32, '2');
  corrected.enclosed = true;
  world.story.push_back(corrected);
  world.Set("chat.2", "/supersedes", R"("@chat")");
  world.Set("chat.2", "/intended_deployment", R"("chat")");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(verdict.passport == world.IdOf("chat.2"));
}

BOOST_AUTO_TEST_CASE(a_statement_logged_twice) {
  World world = FineTuneWorld();
  world.At("chat.0").times_logged = 2;
  world.At("cpu").times_logged = 3;
  CheckPasses(world.Judge());
  world.At("cpu").entry_shown = 2;  // nothing pins it
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_strangers_segment_blocks_nothing) {
  World world = FineTuneWorld();
  Statement strangers = world.At("chat.0");
  strangers.name = "strangers";
  strangers.key = "lab2";
  strangers.nonce = std::string(32, '5');
  strangers.enclosed = false;
  world.Set("chat.done", "/tokens", "2000000");
  world.Set("chat.done", "/flop", R"({"update":"12000000000000","total":"12000000000000"})");
  for (auto at = world.story.begin(); at != world.story.end(); ++at) {
    if (at->name != "chat.0") continue;
    world.story.insert(at, strangers);
    break;
  }
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(a_log_key_rotated_between_statements) {
  World world = FineTuneWorld();
  world.log().RotateAt(8);
  CheckPasses(world.Judge());
}

BOOST_AUTO_TEST_CASE(every_statement_at_the_least_disclosure_that_is_allowed) {
  World world = FineTuneWorld();
  world.Set("chat.run", "/opened_by", R"("undisclosed")");
  world.Set("chat.run", "/authorised_by", R"("undisclosed")");
  world.Set("chats", "/size/bytes", R"("undisclosed")");
  world.Set("chats", "/sources", R"("undisclosed")");
  world.Set("lease", "/seller", R"("undisclosed")");
  CheckPasses(world.Judge());
}

struct RunOfKind {
  const char* kind;
  std::vector<const char*> edges;
  size_t segments;

  friend std::ostream& operator<<(std::ostream& out, const RunOfKind& run) {
    return out << run.kind << " with " << run.edges.size() << " edges";
  }
};

const std::vector<RunOfKind>& RunsOfKinds() {
  static const std::vector<RunOfKind> runs = {
      {"pre-training", {"initialised-from"}, 1},
      {"pre-training", {"initialised-from", "distilled-from"}, 1},
      {"fine-tune", {"fine-tuned-from", "synthetic-data-from"}, 1},
      {"reinforcement-learning", {"fine-tuned-from"}, 2},
      {"distillation", {"distilled-from"}, 1},
      {"distillation", {"distilled-from", "initialised-from"}, 1},
      {"merge", {"merged-from", "merged-from"}, 0},
      {"merge", {"merged-from", "merged-from"}, 1},
      {"quantisation", {"quantised-from"}, 0},
      {"ablation", {"ablated-from"}, 1},
  };
  return runs;
}

World WorldOf(const RunOfKind& run) {
  World world = BaseWorld();
  AddModel(world, "other", {});
  const std::vector<std::string> parents = {"base", "other"};
  RunTerms terms{.kind = run.kind};
  for (size_t i = 0; i < run.edges.size(); ++i) {
    terms.edges.push_back(Edge(run.edges[i], parents[i], parents[i]));
  }
  if (run.edges.size() == 1) {
    for (const char* name : {"other", "other.done", "other.1", "other.0", "other.run"}) {
      world.Remove(name);
    }
  }
  if (terms.kind == "quantisation") world.models.insert_or_assign("new", Packed(MakeModel("new")));
  AddModel(world, "new", terms, run.segments);
  return world;
}

BOOST_DATA_TEST_CASE(a_run_of_every_kind, boost::unit_test::data::make(RunsOfKinds()), run) {
  World world = WorldOf(run);
  CheckHonest(world, "new");
}

BOOST_AUTO_TEST_CASE(generated_data_count_where_the_passport_follows_them) {
  World world = BaseWorld();
  AddDataset(world, "made");
  world.Set("made", "/sources",
            R"([{"kind":"synthetic","generator":"@base","generator_public":false,)"
            R"("generation_flop":)" +
                Figure(500'000, kParameters) + "}]");
  AddModel(world, "chat",
           {.kind = "fine-tune",
            .edges = {Edge("fine-tuned-from", "base", "base")},
            .datasets = {"made", "texts"}});
  CheckFlop(world, "chat", "12000000000000", "24000000000000");
  world.Set("chat", "/flop/edges", R"(["fine-tuned-from","synthetic-data-from"])");
  CheckFlop(world, "chat", "12000000000000", "27000000000000");
  world.Set("base.run", "/datasets", R"([{"statement":"@texts"},{"statement":"@made"}])");
  for (const char* name : {"made", "texts"}) {
    world.At(name).created = world.At("cpu").created;
    world.MoveToFront(name);
  }
  world.Set("made", "/sources/0/generator", R"("undisclosed")");
  CheckFlop(world, "chat", "12000000000000", "27000000000000");  // met twice, counted once
}

// The lie: a model made the data, and nobody says which.
BOOST_AUTO_TEST_CASE(a_generator_of_data_is_named_or_undisclosed) {
  const auto judge = [](const std::string& generator) {
    World world = BaseWorld();
    world.Set("texts", "/sources",
              R"([{"kind":"synthetic",)" + generator + R"("generator_public":true,)" +
                  R"("generation_flop":)" + Figure(1'000, kParameters) + "}]");
    return world.Judge();
  };
  const auto named = judge(R"("generator_model":"@sha:teacher",)");
  CheckPasses(named);
  BOOST_CHECK(StatusOf(named, "lineage") == RowStatus::kPass);
  BOOST_CHECK_EQUAL(named.level.number, 2);
  for (const char* generator :
       {"", R"("generator":"undisclosed",)", R"("generator_model":"undisclosed",)"}) {
    const auto open = judge(generator);
    CheckPasses(open);
    BOOST_CHECK(StatusOf(open, "lineage") == RowStatus::kUndisclosed);
    BOOST_CHECK_MESSAGE(
        TextOf(open, "lineage").find("the generator of data in dataset \"texts\"") !=
            std::string::npos,
        TextOf(open, "lineage"));
    BOOST_CHECK_EQUAL(open.level.number, 1);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
