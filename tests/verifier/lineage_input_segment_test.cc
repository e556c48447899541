// R23 and R27 where a segment is enclosed because a later run names it as its input, and not only
// by the completion of its own run.
#include <set>

#include "tests/support/test.h"
#include "tests/verifier/lineage_file.h"
#include "verifier/lineage/verify.h"

namespace carnet::verifier::lineage {
namespace {

using schemas::BuilderOf;
using schemas::SetDigest;
using test::LineageFile;
using test::Named;
using wire::EdgeType;
using wire::RunKind;

void NameInputs(LineageFile& world, const std::string& run,
                const std::vector<test::EdgeSpec>& edges) {
  auto inputs =
      BuilderOf<wire::Run>(world.At(run).predicate).initInputs(static_cast<unsigned>(edges.size()));
  for (unsigned i = 0; i < edges.size(); ++i) {
    inputs[i].setType(edges[i].type);
    SetDigest(inputs[i].initModel(), Named<ModelDigest>(edges[i].model));
    if (edges[i].statement.empty()) continue;
    SetDigest(inputs[i].initStatement(), Named<StatementId>(edges[i].statement));
  }
}

// "23 segment-gap: …" for each finding.
std::vector<std::string> Broken(const LineageFile& world, const std::string& root) {
  Findings findings;
  VerifyLineage(world.set(), *world.set().Find(Named<StatementId>(root)), findings);
  std::vector<std::string> broken;
  for (const Finding& finding : findings.Sorted()) {
    broken.push_back(std::to_string(finding.rule()) + " " +
                     std::string(RejectReasonName(finding.reason())) + ": " + finding.message);
  }
  return broken;
}

void CheckPasses(const LineageFile& world, const std::string& root) {
  for (const std::string& broken : Broken(world, root)) BOOST_ERROR(broken);
}

// That this is all.
void CheckBroken(const LineageFile& world, const std::string& root, const std::string& reason,
                 const std::string& text) {
  const std::vector<std::string> broken = Broken(world, root);
  BOOST_REQUIRE_EQUAL(broken.size(), 1u);
  BOOST_CHECK_MESSAGE(broken[0].starts_with(reason + ": "), broken[0]);
  BOOST_CHECK_MESSAGE(broken[0].find(text) != std::string::npos, broken[0]);
}

BOOST_AUTO_TEST_SUITE(lineage_input_segment)

// The lie: a merge that trained. No other rule stands against it.
BOOST_AUTO_TEST_CASE(a_run_completed_without_segments_has_none_enclosed) {
  LineageFile world;
  for (const char* part : {"a", "b"}) world.AddModel(part, RunKind::PRE_TRAINING, {});
  world.AddRun("mix.run", RunKind::MERGE,
               {{EdgeType::MERGED_FROM, "a", "a"}, {EdgeType::MERGED_FROM, "b", "b"}});
  world.AddCompletion("mix.done", "mix.run", {}, {}, "mix");
  world.AddPassport("mix", "mix.done", "mix");
  world.AddModel("top", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "mix", "mix"}});
  CheckPasses(world, "top");
  world.AddSegment("mix.0", "mix.run", {});
  NameInputs(
      world, "top.run",
      {{EdgeType::FINE_TUNED_FROM, "mix", "mix"}, {EdgeType::DISTILLED_FROM, "mix.0", "mix.0"}});
  CheckBroken(world, "top", "23 segment-gap",
              "has no last segment, but the passport encloses 1 segment of its run");
}

// The lie: a run that went on after the segment that its completion calls the last.
BOOST_AUTO_TEST_CASE(no_segment_after_the_last_one_is_enclosed) {
  LineageFile world = test::HonestLineage();
  world.AddModel("top", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "chat", "chat"}});
  NameInputs(world, "top.run",
             {{EdgeType::FINE_TUNED_FROM, "chat", "chat"}, {EdgeType::DISTILLED_FROM, "c0", "c0"}});
  CheckPasses(world, "top");
  world.AddSegment("c2", "chat.run", {.seq = 2, .previous = "c1"});
  NameInputs(world, "top.run",
             {{EdgeType::FINE_TUNED_FROM, "chat", "chat"}, {EdgeType::DISTILLED_FROM, "c2", "c2"}});
  CheckBroken(world, "top", "23 segment-gap",
              "counts 2 segments in lane 0, but the passport encloses 3");
}

// The lie: weights from within a run that learnt from what was made of them.
BOOST_AUTO_TEST_CASE(a_segment_is_made_by_its_run_as_a_model_is) {
  LineageFile world = test::HonestLineage();
  for (const char* name : {"base", "base.done", "a1", "b0"}) world.Remove(name);
  NameInputs(world, "chat.run", {{EdgeType::FINE_TUNED_FROM, "a0", "a0"}});
  NameInputs(world, "base.run", {{EdgeType::DISTILLED_FROM, "another", ""}});
  CheckPasses(world, "chat");
  NameInputs(world, "base.run", {{EdgeType::DISTILLED_FROM, "chat", ""}});
  CheckBroken(world, "chat", "27 cycle", "among its own ancestors");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::lineage
