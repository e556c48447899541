#include "pipeline/run_status.h"

#include "tests/pipeline/recorder_at_work.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(run_status, RecorderAtWork)

BOOST_AUTO_TEST_CASE(the_status_says_where_to_go_on) {
  OpenRun();
  REQUIRE_VALUE(const RunStatus before, ReadRunStatus(folder));
  BOOST_CHECK(!before.lanes.at(0).next_step && !before.lanes.at(0).checkpoint);
  Segment(0, "a");
  Segment(1, "b");
  REQUIRE_VALUE(const RunStatus status, ReadRunStatus(folder));
  BOOST_CHECK_EQUAL(status.lanes.at(0).next_step.value_or(0), 20U);
  BOOST_CHECK(status.lanes.at(0).checkpoint == MakeModel("b").digest);
}

BOOST_AUTO_TEST_CASE(status_counts_what_is_there) {
  CHECK_ERROR(ReadRunStatus(folder), ErrorCode::kNotFound, "no such run directory");
  fs::create_directory(folder);
  BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "not opened");
  OpenRun();
  BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "open");
  Segment(0, "a");
  Remove("segment-0-0.sigstore.json");
  REQUIRE_VALUE(const RunStatus status, ReadRunStatus(folder));  // while the recorder is open
  BOOST_CHECK(status.unlogged_steps == std::vector<std::string>{"segment-0-0"});
  BOOST_REQUIRE_EQUAL(status.lanes.size(), 1U);
  BOOST_CHECK_EQUAL(status.lanes[0].segments, 1U);
}

// Its tokens and FLOP would be missing from the completion.
BOOST_AUTO_TEST_CASE(a_segment_that_is_gone_from_between_others_is_missed) {
  OpenRun();
  for (uint64_t seq = 0; seq < 3; ++seq) Segment(seq, "a");
  for (const char* end : {".signed.sigstore.json", ".sigstore.json"})
    Remove(std::string("segment-0-1") + end);
  const std::string missing =
      folder + "/segment-0-1.signed.sigstore.json is missing, but segment-0-2 is recorded";
  const uint64_t size = world.size();
  CHECK_ERROR(ReadRunStatus(folder), ErrorCode::kCorruption, missing);
  CHECK_ERROR(TryComplete("a"), ErrorCode::kCorruption, missing);
  CHECK_ERROR(recorder->Abort("why", world.Moment()), ErrorCode::kCorruption, missing);
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(!Has("completion.signed.sigstore.json"));
}

BOOST_AUTO_TEST_SUITE_END()
