#include "statements/graph.h"

#include <algorithm>

#include "tests/statements/lineage_file.h"
#include "tests/support/test.h"

namespace carnet::statements {
namespace {

using schemas::BuilderOf;
using schemas::SetDigest;
using test::LineageFile;
using test::Named;
using wire::EdgeType;
using wire::RunKind;

BOOST_AUTO_TEST_SUITE(graph)

BOOST_AUTO_TEST_CASE(references_lead_to_members) {
  LineageFile world = test::HonestLineage();
  const StatementSet& set = world.set();
  const auto at = [&world](const char* name) { return &world.At(name); };
  BOOST_CHECK(CompletionOf(set, *at("chat")) == at("chat.done"));
  BOOST_CHECK(RunOf(set, *at("chat.done")) == at("chat.run"));
  BOOST_CHECK(RunOf(set, *at("c1")) == at("chat.run"));
  BOOST_CHECK(PreviousOf(set, *at("c1")) == at("c0"));
  BOOST_CHECK((LastOf(set, *at("base.done")) == std::vector<const Statement*>{at("a1"), at("b0")}));
}

BOOST_AUTO_TEST_CASE(a_run_is_behind_segments_completions_and_passports) {
  LineageFile world = test::HonestLineage();
  for (const char* name : {"c0", "chat.done", "chat"}) {
    BOOST_CHECK(RunBehind(world.set(), world.At(name)) == &world.At("chat.run"));
  }
  for (const char* name : {"chat.run", "text"}) {
    BOOST_CHECK(RunBehind(world.set(), world.At(name)) == nullptr);
  }
  world.Remove("chat.done");
  BOOST_CHECK(RunBehind(world.set(), world.At("chat")) == nullptr);
}

BOOST_AUTO_TEST_CASE(weights_come_from_the_previous_segment_unless_stated) {
  LineageFile world;
  world.AddRun("run", RunKind::PRE_TRAINING, {});
  world.AddSegment("0", "run", {});
  world.AddSegment("1", "run", {.seq = 1, .previous = "0"});
  world.AddSegment("2", "run", {.seq = 2, .previous = "1", .weights_from = "0"});
  BOOST_CHECK(WeightsSourceOf(world.set(), world.At("0")) == nullptr);
  BOOST_CHECK(WeightsSourceOf(world.set(), world.At("1")) == &world.At("0"));
  BOOST_CHECK(WeightsSourceOf(world.set(), world.At("2")) == &world.At("0"));
}

// S10.
BOOST_AUTO_TEST_CASE(each_kind_has_the_predecessor_that_after_is_about) {
  LineageFile world = test::HonestLineage();
  const std::pair<const char*, const char*> pairs[] = {
      {"chat", "chat.done"}, {"base.done", "a1"}, {"c1", "c0"}, {"c0", "chat.run"}};
  for (const auto& [name, before] : pairs) {
    BOOST_CHECK(PredecessorOf(world.set(), world.At(name)) == &world.At(before));
  }
  BuilderOf<wire::Completion>(world.At("chat.done").predicate).initLast(0);
  BOOST_CHECK(PredecessorOf(world.set(), world.At("chat.done")) == &world.At("chat.run"));
  BOOST_CHECK(PredecessorOf(world.set(), world.At("chat.run")) == nullptr);
}

BOOST_AUTO_TEST_CASE(a_reference_to_nothing_or_to_another_kind_leads_nowhere) {
  LineageFile world = test::HonestLineage();
  auto segment = BuilderOf<wire::Segment>(world.At("c1").predicate);
  BOOST_CHECK(PreviousOf(world.set(), world.At("c0")) == nullptr);  // absent
  SetDigest(segment.getRun(), Named<StatementId>("text"));
  BOOST_CHECK(RunOf(world.set(), world.At("c1")) == nullptr);
  SetDigest(segment.getRun(), Named<StatementId>("elsewhere"));
  BOOST_CHECK(RunOf(world.set(), world.At("c1")) == nullptr);
  segment.getRun().setUndisclosed();
  BOOST_CHECK(RunOf(world.set(), world.At("c1")) == nullptr);
}

BOOST_AUTO_TEST_CASE(an_edge_says_what_became_of_its_statement) {
  LineageFile world;
  world.AddDataset("text");
  world.AddModel("base", RunKind::PRE_TRAINING, {});
  world.AddRun("run", RunKind::MERGE,
               {{EdgeType::MERGED_FROM, "base", "base"},
                {EdgeType::MERGED_FROM, "base", ""},
                {EdgeType::MERGED_FROM, "", "?"},
                {EdgeType::MERGED_FROM, "base", "elsewhere"},
                {EdgeType::MERGED_FROM, "base", "text"}});
  const auto edges = EdgesOf(world.set(), world.At("run"));
  const EdgeStatement expected[] = {EdgeStatement::kEnclosed, EdgeStatement::kAbsent,
                                    EdgeStatement::kUndisclosed, EdgeStatement::kUnusable,
                                    EdgeStatement::kUnusable};
  BOOST_REQUIRE_EQUAL(edges.size(), std::size(expected));
  for (size_t i = 0; i < edges.size(); ++i) {
    BOOST_CHECK(edges[i].statement == expected[i]);
    BOOST_CHECK((edges[i].target == &world.At("base")) == (i == 0));
    BOOST_CHECK_EQUAL(edges[i].model.has_value(), i != 2);
  }
}

BOOST_AUTO_TEST_CASE(a_run_has_one_lane_unless_it_says_more) {
  LineageFile world = test::HonestLineage();
  BOOST_CHECK_EQUAL(LanesOf(world.At("base.run")), 2);
  BuilderOf<wire::Run>(world.At("base.run").predicate).disownLanes();
  BOOST_CHECK_EQUAL(LanesOf(world.At("base.run")), 1);
  BOOST_CHECK_EQUAL(LaneOf(world.At("b0")), 1);
  BOOST_CHECK_EQUAL(SeqOf(world.At("a1")), 1);
}

BOOST_AUTO_TEST_CASE(tensor_roots_are_compared_as_multisets) {
  LineageFile world = test::HonestLineage();
  const auto set_roots = [&world](const char* name, const std::vector<std::string>& roots) {
    auto list = BuilderOf<wire::Segment>(world.At(name).predicate)
                    .initTensorRoots(static_cast<unsigned>(roots.size()));
    for (unsigned i = 0; i < roots.size(); ++i) {
      SetDigest(list[i].initRoot(), Named<TensorRoot>(roots[i]));
    }
  };
  set_roots("c0", {"a", "b", "b"});
  set_roots("c1", {"b", "a", "b"});
  BOOST_CHECK(SameTensorRoots(world.At("c0"), world.At("c1")));
  set_roots("c1", {"b", "a", "a"});
  BOOST_CHECK(!SameTensorRoots(world.At("c0"), world.At("c1")));
  set_roots("c1", {"a", "b"});
  BOOST_CHECK(!SameTensorRoots(world.At("c0"), world.At("c1")));
}

BOOST_AUTO_TEST_CASE(only_models_that_a_run_trained_further_lend_their_tensors) {
  using wire::EdgeType;
  LineageFile world;
  std::vector<test::EdgeSpec> edges;
  for (const auto& [type, name] :
       std::vector<std::pair<EdgeType, std::string>>{{EdgeType::FINE_TUNED_FROM, "tuned"},
                                                     {EdgeType::INITIALISED_FROM, "grown"},
                                                     {EdgeType::MERGED_FROM, "merged"},
                                                     {EdgeType::ADAPTER_ON, "adapted"},
                                                     {EdgeType::QUANTISED_FROM, "packed"},
                                                     {EdgeType::DISTILLED_FROM, "teacher"},
                                                     {EdgeType::SYNTHETIC_DATA_FROM, "writer"},
                                                     {EdgeType::ABLATED_FROM, "ablated"}}) {
    world.AddModel(name, wire::RunKind::PRE_TRAINING, {});
    auto root = BuilderOf<wire::Passport>(world.At(name).predicate).initTensorRoots(1)[0];
    SetDigest(root.initRoot(), Named<TensorRoot>(name));
    edges.push_back({type, name, name});
  }
  edges.push_back({EdgeType::FINE_TUNED_FROM, "elsewhere", ""});
  world.AddRun("run", wire::RunKind::FINE_TUNE, edges);
  std::vector<TensorRoot> expected = {Named<TensorRoot>("tuned"), Named<TensorRoot>("grown")};
  std::sort(expected.begin(), expected.end());
  BOOST_CHECK(ParentTensorRootsOf(world.set(), world.At("run")) == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::statements
