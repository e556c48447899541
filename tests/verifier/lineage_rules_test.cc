// R19-R28 on lines made by hand: one honest file, and one change per case.
#include "core/hex.h"
#include "tests/support/test.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/lineage/rules.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::BuilderOf;
using schemas::SetDigest;
using test::LineageFile;
using test::Named;
using wire::EdgeType;
using wire::RunKind;

wire::Run::Builder RunOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Run>(world.At(name).predicate);
}
wire::Segment::Builder SegmentOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Segment>(world.At(name).predicate);
}
wire::Completion::Builder CompletionOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Completion>(world.At(name).predicate);
}
void Refer(wire::Digest::Builder digest, const char* name) {
  SetDigest(digest, Named<StatementId>(name));
}

// Two statements "cpu" and "again" about one CPU.
void AddCpus(LineageFile& world) {
  for (const char* name : {"cpu", "again"}) world.AddDevice(name, {.id = "tpm:ek:1"});
  auto devices = RunOf(world, "chat.run").initDevices(2);
  Refer(devices[0], "cpu");
  Refer(devices[1], "again");
}
wire::Cpu::Builder CpuOf(LineageFile& world, const char* name) {
  return BuilderOf<wire::Device>(world.At(name).predicate).getCpu();
}

struct Change {
  const char* name;
  void (*make)(LineageFile&);
  const char* reason;  // "<rule> <reason>"
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Change& change) { return out << change.name; }

const Change kLineageChanges[] = {
    {"passport_of_the_parent_withheld", [](LineageFile& w) { w.Remove("base"); },
     "19 missing-statement", "run ("},
    {"segment_withheld", [](LineageFile& w) { w.Remove("a0"); }, "19 missing-statement",
     "refers in previous to sha256:"},
    {"statement_that_nothing_names", [](LineageFile& w) { w.AddDataset("other"); },
     "19 surplus-statement", "dataset \"other\""},
    {"verdict_on_a_passport_elsewhere", [](LineageFile& w) { w.AddVerdict("v", "elsewhere"); },
     "19 surplus-statement", "verdict"},
    {"segment_as_dataset",
     [](LineageFile& w) {
       Refer(RunOf(w, "chat.run").initDatasets().initItems(1)[0].initStatement(), "a0");
     },
     "20 wrong-kind-reference", "expected dataset"},
    {"one_dataset_more_than_once",
     [](LineageFile& w) {
       auto items = RunOf(w, "base.run").initDatasets().initItems(2);
       Refer(items[0].initStatement(), "text");
       Refer(items[1].initStatement(), "text");
     },
     "20 duplicate-reference", "more than once in datasets"},
    {"two_segments_in_one_place",
     [](LineageFile& w) {
       w.AddSegment("a0'", "base.run", {});
       Refer(SegmentOf(w, "b0").initWeightsFrom(), "a0'");
     },
     "21 equivocation", "claims lane 0, seq 0"},
    {"run_completed_twice",
     [](LineageFile& w) {
       w.AddCompletion("again", "base.run", {"a1", "b0"}, {2, 1}, "base");
       auto inputs = RunOf(w, "chat.run").initInputs(2);
       inputs[0].setType(EdgeType::FINE_TUNED_FROM);
       SetDigest(inputs[0].initModel(), Named<ModelDigest>("base"));
       Refer(inputs[0].initStatement(), "again");
       inputs[1].setType(EdgeType::DISTILLED_FROM);
       SetDigest(inputs[1].initModel(), Named<ModelDigest>("base"));
       Refer(inputs[1].initStatement(), "base");
     },
     "21 equivocation", "completes run"},
    {"two_chips_of_one_device",
     [](LineageFile& w) {
       w.AddDevice("d1", "nvidia:gpu:1", "h100-sxm5");
       w.AddDevice("d2", "nvidia:gpu:1", "a100-sxm4");
       auto devices = RunOf(w, "chat.run").initDevices(2);
       Refer(devices[0], "d1");
       Refer(devices[1], "d2");
     },
     "21 equivocation", "it is chip \"h100-sxm5\""},
    {"two_clocks_of_one_cpu",
     [](LineageFile& w) {
       AddCpus(w);
       CpuOf(w, "cpu").initMaximumHz().setValue(4'000'000'000);
       CpuOf(w, "again").initMaximumHz().setValue(5'000'000'000);
     },
     "21 equivocation", "maximum_hz 5000000000, but according to"},
    {"a_clock_of_a_cpu_that_another_statement_leaves_out",
     [](LineageFile& w) {
       AddCpus(w);
       CpuOf(w, "again").initMaximumHz().setValue(4'000'000'000);
     },
     "21 equivocation", "maximum_hz 4000000000, but according to"},
    {"two_sizes_of_one_device",
     [](LineageFile& w) {
       AddCpus(w);
       BuilderOf<wire::Device>(w.At("again").predicate).getUnits().setValue(2);
     },
     "21 equivocation", "has 2 units, but according to"},
    {"random_weights_that_took_steps",
     [](LineageFile& w) { SegmentOf(w, "a0").getSteps().getFrom().setValue(1); }, "23 segment-gap",
     "has steps from 1, but is the first from random weights"},
    {"passport_of_an_aborted_run",
     [](LineageFile& w) {
       CompletionOf(w, "base.done").setOutcome(wire::Outcome::ABORTED);
       CompletionOf(w, "base.done").disownModel();
     },
     "22 run-aborted", "whose run was aborted"},
    {"aborted_completion_as_input",
     [](LineageFile& w) {
       w.AddRun("x.run", RunKind::PRE_TRAINING, {});
       w.AddCompletion("x.done", "x.run", {}, {}, "x");
       CompletionOf(w, "x.done").setOutcome(wire::Outcome::ABORTED);
       CompletionOf(w, "x.done").disownModel();
       auto input = RunOf(w, "base.run").initInputs(1)[0];
       input.setType(EdgeType::DISTILLED_FROM);
       SetDigest(input.initModel(), Named<ModelDigest>("x"));
       Refer(input.initStatement(), "x.done");
     },
     "22 run-aborted", "as an input, but that run was aborted"},
    {"passport_of_another_model",
     [](LineageFile& w) {
       SetDigest(CompletionOf(w, "chat.done").initModel(), Named<ModelDigest>("c0"));
     },
     "22 completion-of-another-model", "is about model"},
    {"other_tensors",
     [](LineageFile& w) {
       auto set = CompletionOf(w, "chat.done").initTensorRoots(1)[0];
       set.setSet("model.safetensors");
       SetDigest(set.initRoot(), Named<TensorRoot>("t"));
     },
     "22 completion-of-another-model", "tensor_roots"},
    {"seq_left_out",
     [](LineageFile& w) {
       SegmentOf(w, "c1").initSeq().setValue(2);
       CompletionOf(w, "chat.done").initSegments(1)[0].setValue(3);
     },
     "23 segment-gap", "has seq 2"},
    {"count_too_low",
     [](LineageFile& w) { CompletionOf(w, "chat.done").initSegments(1)[0].setValue(1); },
     "23 segment-gap", "counts 1 segment in lane 0"},
    {"segment_after_the_last",
     [](LineageFile& w) {
       w.AddSegment("c2", "chat.run", {.seq = 2, .previous = "c1"});
       auto input = RunOf(w, "base.run").initInputs(1)[0];
       input.setType(EdgeType::DISTILLED_FROM);
       SetDigest(input.initModel(), Named<ModelDigest>("c2"));
       Refer(input.initStatement(), "c2");
     },
     "23 segment-gap", "the passport encloses 3"},
    {"lane_without_last", [](LineageFile& w) { RunOf(w, "chat.run").initLanes().setValue(2); },
     "23 segment-gap", "its run has 2 lanes"},
    {"lanes_in_wrong_order",
     [](LineageFile& w) {
       auto last = CompletionOf(w, "base.done").initLast(2);
       Refer(last[0], "b0");
       Refer(last[1], "a1");
     },
     "23 segment-gap", "which is in lane 1, expected lane 0"},
    {"steps_left_out",
     [](LineageFile& w) { SegmentOf(w, "c1").getSteps().initFrom().setValue(11); },
     "23 segment-gap", "ends at step 10"},
    {"steps_not_those_of_the_weights",
     [](LineageFile& w) { Refer(SegmentOf(w, "b0").initWeightsFrom(), "a0"); }, "23 segment-gap",
     "whose weights it continues from"},
    {"lane_beyond_the_run", [](LineageFile& w) { RunOf(w, "base.run").initLanes().setValue(1); },
     "23 foreign-segment", "has only 1 lane"},
    {"previous_in_another_lane",
     [](LineageFile& w) {
       SegmentOf(w, "b0").initSeq().setValue(1);
       Refer(SegmentOf(w, "b0").initPrevious(), "a0");
       SegmentOf(w, "b0").getSteps().initFrom().setValue(10);
       SegmentOf(w, "b0").getTime().initFrom().setMs(test::kOpened + 1000);
     },
     "23 foreign-segment", "which is in another lane"},
    {"last_of_another_run",
     [](LineageFile& w) { Refer(CompletionOf(w, "chat.done").initLast(1)[0], "a1"); },
     "19 surplus-statement", "segment"},
    {"weights_from_another_run",
     [](LineageFile& w) { Refer(SegmentOf(w, "c0").initWeightsFrom(), "a1"); },
     "24 foreign-segment", "has weights_from segment 1"},
    {"final_model_from_nowhere",
     [](LineageFile& w) { SetDigest(SegmentOf(w, "c1").initModel(), Named<ModelDigest>("c1")); },
     "24 final-not-last-checkpoint", "ended with"},
    {"fine_tune_without_parent",
     [](LineageFile& w) { RunOf(w, "base.run").setKind(RunKind::FINE_TUNE); },
     "25 edges-do-not-fit-kind", "0 inputs of type fine-tuned-from, expected 1"},
    {"random_with_parent",
     [](LineageFile& w) { RunOf(w, "chat.run").setInitial(wire::InitialWeights::RANDOM); },
     "25 edges-do-not-fit-kind", "initial random"},
    {"from_inputs_without_any",
     [](LineageFile& w) { RunOf(w, "base.run").setInitial(wire::InitialWeights::INPUTS); },
     "25 edges-do-not-fit-kind", "initial inputs"},
    {"edge_of_another_kind",
     [](LineageFile& w) {
       RunOf(w, "chat.run").getInputs()[0].setType(EdgeType::MERGED_FROM);
       RunOf(w, "chat.run").setKind(RunKind::PRE_TRAINING);
     },
     "25 edges-do-not-fit-kind", "of a type that this kind does not allow"},
    {"merge_of_one",
     [](LineageFile& w) {
       RunOf(w, "chat.run").getInputs()[0].setType(EdgeType::MERGED_FROM);
       RunOf(w, "chat.run").setKind(RunKind::MERGE);
     },
     "25 edges-do-not-fit-kind", "expected at least 2"},
    {"edge_to_another_model",
     [](LineageFile& w) {
       SetDigest(RunOf(w, "chat.run").getInputs()[0].initModel(), Named<ModelDigest>("x"));
     },
     "26 edge-digest-mismatch", "as fine-tuned-from"},
    {"own_ancestor",
     [](LineageFile& w) {
       auto input = RunOf(w, "base.run").initInputs(1)[0];
       input.setType(EdgeType::SYNTHETIC_DATA_FROM);
       SetDigest(input.initModel(), Named<ModelDigest>("chat"));
     },
     "27 cycle", "among its own ancestors"},
    {"own_parent",
     [](LineageFile& w) {
       SetDigest(SegmentOf(w, "c1").initModel(), Named<ModelDigest>("base"));
       CompletionOf(w, "chat.done").initConverted();
     },
     "27 cycle", "among its own ancestors"},
};

BOOST_AUTO_TEST_SUITE(lineage_rules)

BOOST_AUTO_TEST_CASE(passes_an_honest_file) {
  LineageFile world = test::HonestLineage();
  Findings findings;
  const Outcome outcome = VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
  BOOST_CHECK(outcome.status == RowStatus::kPass);
  BOOST_CHECK_MESSAGE(outcome.text.starts_with("fine-tuned-from \"base\", says key:") &&
                          outcome.text.ends_with("… (passport enclosed)"),
                      outcome.text);
  BOOST_CHECK(!outcome.only_with_base);
}

BOOST_AUTO_TEST_CASE(an_adapter_works_only_with_its_base_until_a_merge) {
  LineageFile world;
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  world.AddModel("lora", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "base", "base"}});
  world.AddModel("tuned", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "lora", "lora"}});
  world.AddModel(
      "merged", RunKind::MERGE,
      {{EdgeType::MERGED_FROM, "base", "base"}, {EdgeType::MERGED_FROM, "tuned", "tuned"}});
  world.AddModel("secret", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "", "?"}});
  const std::string base = HexEncode(Named<ModelDigest>("base").span());
  const std::pair<const char*, std::string> expected[] = {
      {"base", ""}, {"lora", base}, {"tuned", base}, {"merged", ""}, {"secret", "undisclosed"}};
  for (const auto& [root, only_with] : expected) {
    BOOST_TEST_CONTEXT(root) {
      BOOST_CHECK_EQUAL(AdapterBase(world.set(), world.At(root)).value_or(""), only_with);
    }
  }
}

BOOST_DATA_TEST_CASE(refuses, kLineageChanges, change) {
  LineageFile world = test::HonestLineage();
  change.make(world);
  Findings findings;
  const Outcome outcome = VerifyLineage(world.set(), world.At("chat"), findings);
  const std::string reason = test::FirstReason(findings);
  BOOST_CHECK_MESSAGE(reason.starts_with(std::string(change.reason) + ": "), reason);
  BOOST_CHECK_MESSAGE(reason.find(change.message) != std::string::npos, reason);
  BOOST_CHECK(outcome.status == RowStatus::kFail);
}

BOOST_AUTO_TEST_CASE(a_run_that_continues_another_may_keep_counting) {
  LineageFile world = test::HonestLineage();
  SegmentOf(world, "c0").getSteps().getFrom().setValue(5);
  Findings findings;
  VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
}

BOOST_AUTO_TEST_CASE(one_cpu_may_run_at_several_clocks) {
  LineageFile world = test::HonestLineage();
  AddCpus(world);
  for (const char* name : {"cpu", "again"}) {
    CpuOf(world, name).initMaximumHz().setValue(4'000'000'000);
  }
  CpuOf(world, "again").initUsedHz().setValue(2'000'000'000);
  Findings findings;
  VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
}

BOOST_AUTO_TEST_CASE(allows_a_verdict_on_a_passport_inside) {
  LineageFile world = test::HonestLineage();
  world.AddVerdict("v", "base");
  Findings findings;
  BOOST_CHECK(VerifyLineage(world.set(), world.At("chat"), findings).status == RowStatus::kPass);
}

BOOST_AUTO_TEST_CASE(takes_no_verdict_on_a_surplus_passport_in) {
  LineageFile world = test::HonestLineage();
  world.AddPassport("other", "chat.done", "other");
  world.AddVerdict("v", "other");
  Findings findings;
  VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK(test::FirstReason(findings).starts_with("19 surplus-statement: "));
  BOOST_CHECK_EQUAL(findings.total(), 2);
}

// What is missing may be what would have named it.
BOOST_AUTO_TEST_CASE(judges_surplus_only_when_nothing_is_missing) {
  LineageFile world = test::HonestLineage();
  world.Remove("base.done");
  Findings findings;
  VerifyLineage(world.set(), world.At("chat"), findings);
  for (const Finding& finding : findings.Sorted()) {
    BOOST_CHECK(finding.reason() == RejectReason::kMissingStatement);
  }
  BOOST_CHECK_EQUAL(findings.total(), 1);
}

BOOST_AUTO_TEST_CASE(takes_the_tensors_where_the_last_checkpoint_has_other_files) {
  LineageFile world = test::HonestLineage();
  const auto set_root = [](wire::WeightSetRoot::Builder set, const char* name) {
    set.setSet(name);
    SetDigest(set.initRoot(), Named<TensorRoot>("t"));
  };
  SetDigest(SegmentOf(world, "c1").initModel(), Named<ModelDigest>("sharded"));
  set_root(SegmentOf(world, "c1").initTensorRoots(1)[0], "model.safetensors.index.json");
  set_root(CompletionOf(world, "chat.done").initTensorRoots(1)[0], "model.safetensors");
  set_root(BuilderOf<wire::Passport>(world.At("chat").predicate).initTensorRoots(1)[0],
           "model.safetensors");
  Findings findings;
  BOOST_CHECK(VerifyLineage(world.set(), world.At("chat"), findings).status == RowStatus::kPass);
}

const Change kOpenLineages[] = {
    {"retrospective_run",
     [](LineageFile& w) { RunOf(w, "base.run").initRetrospective().setValue(true); }, "unattested",
     "is retrospective"},
    {"conversion", [](LineageFile& w) { CompletionOf(w, "chat.done").initConverted(); },
     "unattested", "is a conversion"},
    {"undisclosed_data",
     [](LineageFile& w) { RunOf(w, "chat.run").initDatasets().setUndisclosed(); }, "undisclosed",
     "datasets of run"},
    {"undisclosed_initial",
     [](LineageFile& w) { RunOf(w, "base.run").setInitial(wire::InitialWeights::UNDISCLOSED); },
     "undisclosed", "initial weights of run"},
    {"undisclosed_before_unattested",
     [](LineageFile& w) {
       RunOf(w, "base.run").setInitial(wire::InitialWeights::UNDISCLOSED);
       RunOf(w, "chat.run").initRetrospective().setValue(true);
     },
     "undisclosed", "initial weights of run"},
};

BOOST_DATA_TEST_CASE(tells_open_lineage_from_good_and_bad, kOpenLineages, change) {
  LineageFile world = test::HonestLineage();
  change.make(world);
  Findings findings;
  const Outcome outcome = VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
  BOOST_CHECK_EQUAL(RowStatusName(outcome.status), change.reason);
  BOOST_CHECK_MESSAGE(outcome.text.find(change.message) != std::string::npos, outcome.text);
}

struct EdgeCase {
  test::EdgeSpec edge;
  const char* status;
  const char* text;
};
std::ostream& operator<<(std::ostream& out, const EdgeCase& c) { return out << c.text; }

const EdgeCase kEdges[] = {
    {{EdgeType::FINE_TUNED_FROM, "x", ""}, "unattested", "(no passport)"},
    {{EdgeType::FINE_TUNED_FROM, "x", "?"}, "undisclosed", "(passport undisclosed)"},
    {{EdgeType::FINE_TUNED_FROM, "", "?"}, "undisclosed", "an undisclosed model"},
};

BOOST_DATA_TEST_CASE(says_what_is_open_about_a_parent, kEdges, c) {
  LineageFile world;
  world.AddModel("chat", RunKind::FINE_TUNE, {c.edge});
  Findings findings;
  const Outcome outcome = VerifyLineage(world.set(), world.At("chat"), findings);
  BOOST_CHECK_EQUAL(test::FirstReason(findings), "");
  BOOST_CHECK_EQUAL(RowStatusName(outcome.status), c.status);
  BOOST_CHECK_MESSAGE(outcome.text.find(c.text) != std::string::npos, outcome.text);
}

// A chain of models in which only the first and the last are one.
BOOST_AUTO_TEST_CASE(finds_a_cycle_through_5000_models, *carnet::test::LongOnOneThread()) {
  constexpr int kModels = 5'000;
  LineageFile world;
  world.AddModel("0", RunKind::PRE_TRAINING,
                 {{EdgeType::DISTILLED_FROM, std::to_string(kModels - 1), ""}});
  for (int i = 1; i < kModels; ++i) {
    const std::string parent = std::to_string(i - 1);
    world.AddModel(std::to_string(i), RunKind::FINE_TUNE,
                   {{EdgeType::FINE_TUNED_FROM, parent, parent}});
  }
  Findings findings;
  VerifyLineage(world.set(), world.At(std::to_string(kModels - 1)), findings);
  BOOST_CHECK(test::FirstReason(findings).starts_with("27 cycle: "));
  BOOST_CHECK_EQUAL(findings.total(), 1);
  BuilderOf<wire::Run>(world.At("0.run").predicate).initInputs(0);
  Findings without;
  VerifyLineage(world.set(), world.At(std::to_string(kModels - 1)), without);
  BOOST_CHECK_EQUAL(test::FirstReason(without), "");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::lineage
