#include "tests/pipeline/recorder_at_work.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(repeated_steps, RecorderAtWork)

BOOST_AUTO_TEST_CASE(a_repeated_call_returns_what_was_recorded_and_signs_nothing) {
  const Recorded run = OpenRun();
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded segment, TrySegment(draft, "a"));
  REQUIRE_VALUE(const Recorded done, TryComplete("a"));
  const uint64_t size = world.size();
  for (const bool reopened : {false, true}) {
    if (reopened) Reopen();
    CheckSame(OpenRun(), run);
    REQUIRE_VALUE(const Recorded again, TrySegment(draft, "a"));
    CheckSame(again, segment);
    REQUIRE_VALUE(const Recorded done_again, TryComplete("a"));
    CheckSame(done_again, done);
  }
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_draft_spelt_otherwise_is_the_same_request) {
  OpenRun();
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded first, TrySegment(draft, "a"));
  REQUIRE_VALUE(const Recorded again, TrySegment(" \n" + draft + "\n", "a"));
  CheckSame(again, first);
}

// As a script does that is started again after a crash.
BOOST_AUTO_TEST_CASE(a_script_that_starts_again_signs_no_segment_twice) {
  OpenRun();
  std::vector<std::string> drafts;
  for (uint64_t seq = 0; seq < 3; ++seq, world.clock_ms += kDraftMs) drafts.push_back(Draft(seq));
  std::vector<Recorded> taken;
  for (const std::string& draft : drafts) {
    REQUIRE_VALUE(const Recorded segment, TrySegment(draft, "model " + draft.substr(0, 20)));
    taken.push_back(segment);
  }
  const uint64_t size = world.size();
  for (size_t i = 0; i < drafts.size(); ++i) {
    REQUIRE_VALUE(const Recorded again, TrySegment(drafts[i], "model " + drafts[i].substr(0, 20)));
    CheckSame(again, taken[i]);
  }
  BOOST_CHECK_EQUAL(world.size(), size);
}

// Measured again after a crash: the same steps and files, other times.
BOOST_AUTO_TEST_CASE(the_same_steps_and_checkpoint_with_another_draft_are_a_conflict) {
  OpenRun();
  const std::string draft = Draft(0);
  const Recorded first = ValueOf(TrySegment(draft, "a"), "segment");
  Segment(1, "b");
  const uint64_t size = world.size();
  const std::string other = With(R"("energy_j":7)", draft);
  CHECK_ERROR(TrySegment(other, "a"), ErrorCode::kConflict,
              "step \"segment-0-0\" was already recorded, as statement sha256:" +
                  HexEncode(first.id.span()) + ", with another draft; it differs in: energy_j");
  BOOST_CHECK_EQUAL(world.size(), size);
}

// The rollback ends where the third segment begins, so that this one would seem to go on from it.
BOOST_AUTO_TEST_CASE(a_script_that_starts_again_after_a_rollback_signs_no_segment_twice) {
  OpenRun();
  std::vector<std::string> drafts;
  for (uint64_t seq = 0; seq < 3; ++seq, world.clock_ms += kDraftMs) drafts.push_back(Draft(seq));
  std::vector<Recorded> taken;
  for (size_t i = 0; i < drafts.size(); ++i)
    taken.push_back(ValueOf(TrySegment(drafts[i], std::to_string(i)), "segment"));
  const std::string from = R"("weights_from":")" + HexEncode(taken[0].id.span()) + "\"";
  const std::string back = With(from, Draft(1));
  REQUIRE_VALUE(const Recorded rollback, TrySegment(back, "other"));
  BOOST_CHECK_EQUAL(rollback.step, "segment-0-3");
  const uint64_t size = world.size();
  for (size_t i = 0; i < drafts.size(); ++i) {
    REQUIRE_VALUE(const Recorded again, TrySegment(drafts[i], std::to_string(i)));
    CheckSame(again, taken[i]);
  }
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_number_says_which_segment_is_meant) {
  OpenRun();
  const std::string draft = Draft(0);
  const auto numbered = [&](uint64_t seq, const std::string& text, const std::string& model) {
    return recorder->Segment(text, 0, MakeModel(model), world.Moment(), seq);
  };
  CHECK_ERROR(numbered(1, draft, "a"), ErrorCode::kRejected,
              "segment 1 cannot be recorded yet: lane 0 has 0 segments");
  REQUIRE_VALUE(const Recorded first, numbered(0, draft, "a"));
  REQUIRE_VALUE(const Recorded again, numbered(0, draft, "a"));
  CheckSame(again, first);
  CHECK_ERROR(numbered(0, draft, "b"), ErrorCode::kConflict, "it differs in: the files");
  CHECK_ERROR(numbered(0, Draft(1), "b"), ErrorCode::kConflict,
              "\"segment-0-0\" was already recorded");
  CHECK_ERROR(numbered(2, Draft(1), "b"), ErrorCode::kRejected, "lane 0 has 1 segment");
}

BOOST_AUTO_TEST_CASE(a_dry_run_signs_logs_and_writes_nothing) {
  const auto rehearsed = [&] {
    recorder.reset();
    return ValueOf(Recorder::Open(folder, world.lab(), world.ledger(), {.dry_run = true}), "dry");
  };
  const uint64_t empty = world.size();
  REQUIRE_VALUE(const Recorded run, rehearsed()->OpenRun(world.RunDraft(), world.Moment()));
  BOOST_CHECK(run.unsigned_statement != nullptr && !run.repeated);
  BOOST_CHECK(!fs::exists(folder));
  recorder = OpenRecorder("lab");
  OpenRun();
  BOOST_CHECK_EQUAL(world.size(), empty + 1);
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded dry, rehearsed()->Segment(draft, 0, MakeModel("a"), world.Moment()));
  BOOST_CHECK_EQUAL(dry.index.value(), empty + 1);
  BOOST_CHECK_EQUAL(dry.unsigned_statement->predicate().head()->nonce.size(), 32U);
  CHECK_ERROR(rehearsed()->Segment(Draft(3), 0, MakeModel("a"), world.Moment()),
              ErrorCode::kRejected, "not signed, as the gate would refuse it");
  BOOST_CHECK(!Has("segment-0-0.signed.sigstore.json"));
  BOOST_CHECK_EQUAL(world.size(), empty + 1);
  Reopen();
  REQUIRE_VALUE(const Recorded real, TrySegment(draft, "a"));
  BOOST_CHECK(!real.repeated && real.unsigned_statement == nullptr);
  Remove("segment-0-0.sigstore.json");
  CHECK_ERROR(rehearsed()->Segment(draft, 0, MakeModel("a"), world.Moment()), ErrorCode::kRejected,
              "is signed but has no receipt yet: repeat it first, without a dry run");
}

// A call that is repeated after a file was added to the checkpoint, or with the last one's steps.
BOOST_AUTO_TEST_CASE(a_segment_that_adds_no_step_is_not_signed) {
  OpenRun();
  Segment(0, "a");
  std::string again = Draft(1);
  const auto steps = R"("steps":{"from":10,"to":20})";
  BOOST_REQUIRE(again.find(steps) != again.npos);
  again.replace(again.find(steps), std::string(steps).size(), R"("steps":{"from":10,"to":10})");
  const uint64_t size = world.size();
  CHECK_ERROR(TrySegment(again, "b"), ErrorCode::kRejected,
              "steps.to is 10, where the lane's last segment ends already: another one would count "
              "its work twice");
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK(!Has("segment-0-1.signed.sigstore.json"));
}

// S1: a nonce names one statement of a key.
BOOST_AUTO_TEST_CASE(a_run_is_opened_once_under_a_chosen_nonce) {
  const Moment chosen = {world.Moment().now, "0123456789abcdef0123456789abcdef", true};
  Moment other = chosen;
  other.nonce[0] = 'f';
  const std::string draft = world.RunDraft();
  REQUIRE_VALUE(const Recorded run, recorder->OpenRun(draft, chosen));
  Reopen();
  REQUIRE_VALUE(const Recorded again, recorder->OpenRun(draft, chosen));
  CheckSame(again, run);
  CHECK_ERROR(recorder->OpenRun(draft, other), ErrorCode::kConflict,
              "the run that is open here has another nonce, " + chosen.nonce);
  // Its directory is lost.
  recorder.reset();
  fs::remove_all(folder);
  recorder = OpenRecorder("lab");
  const uint64_t size = world.size();
  CHECK_ERROR(recorder->OpenRun(draft, chosen), ErrorCode::kConflict,
              "at entry " + std::to_string(run.index.value()) +
                  " was recorded with this nonce, but is not in " + folder);
  BOOST_CHECK_EQUAL(world.size(), size);
  REQUIRE_VALUE(const Recorded second, recorder->OpenRun(draft, other));
  BOOST_CHECK(!second.repeated);
}

BOOST_AUTO_TEST_SUITE_END()
