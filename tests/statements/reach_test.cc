#include "statements/reach.h"

#include "tests/statements/lineage_file.h"
#include "tests/support/test.h"

namespace carnet::statements {
namespace {

using test::LineageFile;
using wire::EdgeType;
using wire::RunKind;
using Names = std::vector<std::string>;

constexpr auto kFineTuned = schemas::EdgeType::kFineTunedFrom;
constexpr auto kMerged = schemas::EdgeType::kMergedFrom;
constexpr auto kDistilled = schemas::EdgeType::kDistilledFrom;

void CheckNames(const LineageFile& world, const std::vector<const Statement*>& statements,
                Names expected) {
  const Names names = world.Names(statements);
  BOOST_CHECK_EQUAL_COLLECTIONS(names.begin(), names.end(), expected.begin(), expected.end());
}

// base, and chat fine-tuned from it with teacher distilled in.
LineageFile Family() {
  LineageFile world;
  world.AddDataset("raw");
  world.AddDataset("text", {"raw"});
  world.AddModel("base", RunKind::PRE_TRAINING, {}, {"text"});
  world.AddModel("teacher", RunKind::PRE_TRAINING, {}, {"text"});
  world.AddModel("chat", RunKind::FINE_TUNE,
                 {{EdgeType::FINE_TUNED_FROM, "base", "base"},
                  {EdgeType::DISTILLED_FROM, "teacher", "teacher"}});
  return world;
}

BOOST_AUTO_TEST_SUITE(reach)

BOOST_AUTO_TEST_CASE(follows_only_the_chosen_edges) {
  LineageFile world = Family();
  const Statement& chat = world.At("chat");
  const Reached one =
      Reach(world.set(), chat, {kFineTuned}, SegmentChoice::kAll, AtPassports::kGoOn);
  CheckNames(world, one.segments, {"base.0", "chat.0"});
  CheckNames(world, one.passports, {"base", "chat"});
  CheckNames(world, one.datasets, {"raw", "text"});
  BOOST_CHECK(!one.open);
  const Reached both =
      Reach(world.set(), chat, {kFineTuned, kDistilled}, SegmentChoice::kAll, AtPassports::kGoOn);
  CheckNames(world, both.segments, {"base.0", "chat.0", "teacher.0"});
  CheckNames(world, both.runs, {"base.run", "chat.run", "teacher.run"});
  CheckNames(world, both.datasets, {"raw", "text"});
}

BOOST_AUTO_TEST_CASE(a_run_of_several_lanes_may_be_reached_in_part) {
  LineageFile world;
  world.AddRun("a.run", RunKind::PRE_TRAINING, {}, {}, 2);
  world.AddSegment("a.0", "a.run", {});
  world.AddSegment("a.1", "a.run", {.lane = 1});
  world.AddCompletion("a.done", "a.run", {"a.0", "a.1"}, {1, 1}, "a.0");
  world.AddModel(
      "c", RunKind::FINE_TUNE,
      {{EdgeType::FINE_TUNED_FROM, "a.0", "a.0"}, {EdgeType::DISTILLED_FROM, "a.0", "a.done"}});
  const auto partly = [&](std::set<schemas::EdgeType> edges) {
    return PartlyReached(world.set(), Reach(world.set(), world.At("c"), edges, SegmentChoice::kAll,
                                            AtPassports::kGoOn));
  };
  CheckNames(world, partly({kFineTuned}), {"a.run"});
  CheckNames(world, partly({kFineTuned, kDistilled}), {});
  CheckNames(world, partly({}), {});
}

BOOST_AUTO_TEST_CASE(stops_at_passports_but_not_at_the_start) {
  LineageFile world = Family();
  const Reached reached = Reach(world.set(), world.At("chat"), {kFineTuned},
                                SegmentChoice::kWeightsPath, AtPassports::kStop);
  CheckNames(world, reached.segments, {"chat.0"});
  CheckNames(world, reached.passports, {"base", "chat"});
  CheckNames(world, reached.datasets, {});
  BOOST_CHECK(!reached.open);
}

BOOST_AUTO_TEST_CASE(goes_through_completions_and_segments_where_it_stops_at_passports) {
  LineageFile world;
  world.AddRun("a.run", RunKind::PRE_TRAINING, {});
  world.AddSegment("a.0", "a.run", {});
  world.AddSegment("a.1", "a.run", {.seq = 1, .previous = "a.0"});
  world.AddSegment("a.2", "a.run", {.seq = 2, .previous = "a.1"});
  world.AddRun("b.run", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "a.1", "a.1"}});
  world.AddSegment("b.0", "b.run", {});
  world.AddCompletion("b.done", "b.run", {"b.0"}, {1}, "b.0");
  world.AddModel("c", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "b.0", "b.done"}});
  const Reached reached = Reach(world.set(), world.At("c"), {kFineTuned},
                                SegmentChoice::kWeightsPath, AtPassports::kStop);
  // Not a.2: the input was the checkpoint before it.
  CheckNames(world, reached.segments, {"a.0", "a.1", "b.0", "c.0"});
}

// 0 - 1 - 2 (spike), then 3 continues from 0.
BOOST_AUTO_TEST_CASE(leaves_what_was_rolled_back_off_the_weights_path) {
  LineageFile world;
  world.AddRun("run", RunKind::PRE_TRAINING, {});
  world.AddSegment("0", "run", {});
  world.AddSegment("1", "run", {.seq = 1, .previous = "0"});
  world.AddSegment("2", "run", {.seq = 2, .previous = "1"});
  world.AddSegment("3", "run", {.seq = 3, .previous = "2", .weights_from = "0", .step = 10});
  world.AddCompletion("done", "run", {"3"}, {4}, "3");
  const Statement& done = world.At("done");
  CheckNames(world,
             Reach(world.set(), done, {}, SegmentChoice::kWeightsPath, AtPassports::kGoOn).segments,
             {"0", "3"});
  CheckNames(world, Reach(world.set(), done, {}, SegmentChoice::kAll, AtPassports::kGoOn).segments,
             {"0", "1", "2", "3"});
}

// Lane 1 takes its weights from lane 0 at its second segment.
BOOST_AUTO_TEST_CASE(takes_every_lane) {
  LineageFile world;
  world.AddRun("run", RunKind::PRE_TRAINING, {}, {}, 2);
  world.AddSegment("a0", "run", {});
  world.AddSegment("b0", "run", {.lane = 1});
  world.AddSegment("a1", "run", {.seq = 1, .previous = "a0"});
  world.AddSegment("b1", "run",
                   {.seq = 1, .previous = "b0", .lane = 1, .weights_from = "a0", .step = 10});
  world.AddCompletion("done", "run", {"a1", "b1"}, {2, 2}, "a1");
  const Statement& done = world.At("done");
  CheckNames(world,
             Reach(world.set(), done, {}, SegmentChoice::kWeightsPath, AtPassports::kGoOn).segments,
             {"a0", "a1", "b1"});
  CheckNames(world, Reach(world.set(), done, {}, SegmentChoice::kAll, AtPassports::kGoOn).segments,
             {"a0", "a1", "b0", "b1"});
  CheckNames(
      world,
      Reach(world.set(), world.At("b1"), {}, SegmentChoice::kAll, AtPassports::kGoOn).segments,
      {"a0", "b0", "b1"});
}

// 64 levels of two models, each merged from both of the level below: 2^64 ways, 130 models.
BOOST_AUTO_TEST_CASE(takes_each_statement_of_a_deep_diamond_once) {
  LineageFile world;
  world.AddModel("a0", RunKind::PRE_TRAINING, {});
  world.AddModel("b0", RunKind::PRE_TRAINING, {});
  for (int level = 1; level <= 64; ++level) {
    const std::string below = std::to_string(level - 1), here = std::to_string(level);
    const std::vector<test::EdgeSpec> parents = {{EdgeType::MERGED_FROM, "a" + below, "a" + below},
                                                 {EdgeType::MERGED_FROM, "b" + below, "b" + below}};
    world.AddModel("a" + here, RunKind::MERGE, parents);
    world.AddModel("b" + here, RunKind::MERGE, parents);
  }
  const Reached reached =
      Reach(world.set(), world.At("a64"), {kMerged}, SegmentChoice::kAll, AtPassports::kGoOn);
  BOOST_CHECK_EQUAL(reached.segments.size(), 129);
  BOOST_CHECK_EQUAL(reached.runs.size(), 129);
  BOOST_CHECK_EQUAL(reached.passports.size(), 129);
}

// A walk that calls itself would end the stack here.
BOOST_AUTO_TEST_CASE(walks_a_run_of_50000_segments) {
  LineageFile world;
  world.AddRun("run", RunKind::PRE_TRAINING, {});
  world.AddSegment("0", "run", {});
  constexpr uint64_t kSegments = 50'000;
  for (uint64_t seq = 1; seq < kSegments; ++seq) {
    world.AddSegment(std::to_string(seq), "run", {.seq = seq, .previous = std::to_string(seq - 1)});
  }
  const Reached reached = Reach(world.set(), world.At(std::to_string(kSegments - 1)), {},
                                SegmentChoice::kWeightsPath, AtPassports::kGoOn);
  BOOST_CHECK_EQUAL(reached.segments.size(), kSegments);
}

struct OpenCase {
  const char* name;
  test::EdgeSpec edge;
  bool open;
};
std::ostream& operator<<(std::ostream& out, const OpenCase& c) { return out << c.name; }

const OpenCase kOpenCases[] = {
    {"no_passport", {EdgeType::FINE_TUNED_FROM, "x", ""}, true},
    {"undisclosed_passport", {EdgeType::FINE_TUNED_FROM, "x", "?"}, true},
    {"passport_not_enclosed", {EdgeType::FINE_TUNED_FROM, "x", "x"}, true},
    {"input_of_a_wrong_kind", {EdgeType::FINE_TUNED_FROM, "x", "text"}, true},
    {"edge_type_not_chosen", {EdgeType::DISTILLED_FROM, "x", ""}, false},
};

BOOST_DATA_TEST_CASE(is_open_where_a_chosen_edge_leads_to_nothing, kOpenCases, c) {
  LineageFile world;
  world.AddDataset("text");
  world.AddModel("chat", RunKind::FINE_TUNE, {c.edge}, {"text"});
  const Reached reached =
      Reach(world.set(), world.At("chat"), {kFineTuned}, SegmentChoice::kAll, AtPassports::kGoOn);
  BOOST_CHECK_EQUAL(reached.open, c.open);
  CheckNames(world, reached.segments, {"chat.0"});
}

BOOST_AUTO_TEST_CASE(is_open_where_data_are_undisclosed) {
  LineageFile world;
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  schemas::BuilderOf<wire::Run>(world.At("base.run").predicate).initDatasets().setUndisclosed();
  BOOST_CHECK(
      Reach(world.set(), world.At("base"), {}, SegmentChoice::kAll, AtPassports::kGoOn).open);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::statements
