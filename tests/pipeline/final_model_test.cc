// What is refused before a completion is signed; the gate would always refuse each of these.
#include "pipeline/final_model.h"

#include "tests/pipeline/recorder_at_work.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture : RecorderAtWork {
  void Segment(uint64_t seq, const artifact::ModelFiles& model, uint64_t lane = 0) {
    ValueOf(recorder->Segment(Draft(seq), lane, model, world.Moment()), "segment");
  }
  Result<Recorded> Complete(const artifact::ModelFiles& model, const std::string& draft = "{}") {
    return recorder->Complete(draft, model, world.Moment());
  }
  void CheckStillOpen() { BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "open"); }
};

const std::string kConverted = R"({"converted":{"tool":"convert.py","reason":"export"}})";

}  // namespace

BOOST_FIXTURE_TEST_SUITE(final_model, Fixture)

BOOST_AUTO_TEST_CASE(a_model_that_is_no_last_checkpoint_is_refused_and_the_run_stays_open) {
  OpenRun();
  Segment(0, MakeModel("a"));
  Segment(1, MakeModel("b"));
  CHECK_ERROR(Complete(MakeModel("a")), ErrorCode::kRejected, "is not the last checkpoint");
  CheckStillOpen();
  BOOST_CHECK(Complete(MakeModel("b")).has_value());
}

BOOST_AUTO_TEST_CASE(equal_tensors_in_other_files_are_the_last_checkpoint) {
  OpenRun();
  Segment(0, MakeModel("a"));
  BOOST_CHECK(Complete(Resharded(MakeModel("a"))).has_value());
}

BOOST_AUTO_TEST_CASE(a_model_without_tensors_equals_by_its_digest_only) {
  OpenRun();
  auto opaque = MakeModel("a");
  opaque.weight_sets.clear();
  auto other = MakeModel("b");
  other.weight_sets.clear();
  Segment(0, opaque);
  CHECK_ERROR(Complete(other), ErrorCode::kRejected, "is not the last checkpoint");
  BOOST_CHECK(Complete(opaque).has_value());
}

BOOST_AUTO_TEST_CASE(a_conversion_may_be_any_model) {
  OpenRun();
  Segment(0, MakeModel("a"));
  BOOST_CHECK(Complete(MakeModel("export"), kConverted).has_value());
}

BOOST_AUTO_TEST_CASE(every_lane_needs_a_segment) {
  OpenRun({.lanes = 3});
  Segment(0, MakeModel("a"), 0);
  Segment(0, MakeModel("b"), 2);
  CHECK_ERROR(Complete(MakeModel("a")), ErrorCode::kRejected, "3 lanes, 2 of them with segments");
  CheckStillOpen();
  Segment(0, MakeModel("c"), 1);
  BOOST_CHECK(Complete(MakeModel("a")).has_value());
}

BOOST_AUTO_TEST_CASE(only_a_merge_or_a_quantisation_may_have_no_segment) {
  OpenRun();
  CHECK_ERROR(Complete(MakeModel("a")), ErrorCode::kRejected, "this is pre-training");
  CheckStillOpen();
}

BOOST_AUTO_TEST_CASE(a_merge_without_segment_is_completed) {
  OpenRun({.kind = "merge",
           .inputs = {drafts::Edge("merged-from", std::string(64, '1')),
                      drafts::Edge("merged-from", std::string(64, '2'))}});
  BOOST_CHECK(Complete(MakeModel("a")).has_value());
}

BOOST_AUTO_TEST_SUITE_END()
