#include "pipeline/check_run.h"

#include <filesystem>

#include "pipeline/issue_passport.h"
#include "pipeline/run_journal.h"
#include "tests/pipeline/recorder_at_work.h"
#include "verifier/gate.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace {

struct Fixture : RecorderAtWork {
  trust::Trust trust = world.MakeTrust();
  std::string draft = PassportDraft("tiny");

  verifier::policy::Policy Policy() {
    return ValueOf(verifier::policy::ShippedPolicy("hub-default", world.now()), "policy");
  }
  Result<CheckedRun> Check(const std::string& model) {
    recorder.reset();
    const auto policy = Policy();
    const verifier::Gate gate(trust, policy);
    auto checked = CheckRun({folder, draft, "passport"}, MakeModel(model), world.lab(),
                            world.ledger(), gate, world.Moment());
    recorder = OpenRecorder("lab");
    return checked;
  }
};

}  // namespace

BOOST_FIXTURE_TEST_SUITE(check_run, Fixture)

BOOST_AUTO_TEST_CASE(a_run_is_judged_at_any_time_as_its_passport_will_be) {
  OpenRun();
  Segment(0, "a");
  const uint64_t size = world.size();
  REQUIRE_VALUE(const CheckedRun early, Check("a"));
  BOOST_CHECK(!early.completed);
  BOOST_CHECK(early.judgement.verdict.decision == verifier::Decision::kPass);
  BOOST_CHECK_EQUAL(world.size(), size);
  Segment(1, "b");
  REQUIRE_VALUE(const CheckedRun later, Check("b"));
  BOOST_CHECK(later.judgement.verdict.decision == verifier::Decision::kPass);
  REQUIRE_VALUE(const Recorded done, TryComplete("b"));
  REQUIRE_VALUE(const CheckedRun closed, Check("b"));
  BOOST_CHECK(closed.completed);
  // What the real one is told.
  const auto policy = Policy();
  const verifier::Gate gate(trust, policy);
  const PassportRequest request = {draft, "passport", done.id};
  REQUIRE_VALUE(const IssuedPassport issued, IssuePassport(request, MakeModel("b"), world.lab(),
                                                           world.ledger(), gate, world.Moment()));
  for (const verifier::Verdict* verdict : {&later.judgement.verdict, &closed.judgement.verdict}) {
    BOOST_CHECK_EQUAL(verdict->level.number, issued.verdict.level.number);
    BOOST_CHECK_EQUAL(verdict->rows.size(), issued.verdict.rows.size());
    for (size_t i = 0; i < verdict->rows.size(); ++i)
      BOOST_CHECK(verdict->rows[i].status == issued.verdict.rows[i].status);
    BOOST_REQUIRE(verdict->cumulative && issued.verdict.cumulative);
    BOOST_CHECK(verdict->cumulative->amount == issued.verdict.cumulative->amount);
  }
}

BOOST_AUTO_TEST_CASE(that_the_ledger_would_take_no_second_passport_is_said) {
  OpenRun();
  Segment(0, "a");
  REQUIRE_VALUE(const Recorded done, TryComplete("a"));
  REQUIRE_VALUE(const CheckedRun before, Check("a"));
  BOOST_CHECK_EQUAL(before.judgement.already, "");
  const auto policy = Policy();
  const verifier::Gate gate(trust, policy);
  const uint64_t entry = world.size();
  const PassportRequest request = {draft, "passport", done.id};
  REQUIRE_VALUE(const IssuedPassport issued, IssuePassport(request, MakeModel("a"), world.lab(),
                                                           world.ledger(), gate, world.Moment()));
  REQUIRE_VALUE(const CheckedRun same, Check("a"));
  BOOST_CHECK_EQUAL(same.judgement.already, "");
  draft = R"({"name":"another","intended_deployment":"research"})";
  REQUIRE_VALUE(const CheckedRun second, Check("a"));
  BOOST_CHECK_EQUAL(second.judgement.already,
                    "entry " + std::to_string(entry) +
                        " is a passport of this model by this key: a second one must state "
                        "`supersedes`");
  draft = R"({"name":"another","intended_deployment":"research","supersedes":")" +
          HexEncode(issued.id.span()) + "\"}";
  REQUIRE_VALUE(const CheckedRun newer, Check("a"));
  BOOST_CHECK_EQUAL(newer.judgement.already, "");
}

BOOST_AUTO_TEST_CASE(what_the_gate_would_refuse_is_said_with_its_reason) {
  OpenRun();
  Segment(0, "a");
  trust = ValueOf(trust::Trust::Create({}, {}), "nobody");
  REQUIRE_VALUE(const CheckedRun checked, Check("a"));
  BOOST_CHECK(checked.judgement.verdict.decision == verifier::Decision::kFail);
  BOOST_REQUIRE(!checked.judgement.verdict.findings.empty());
  BOOST_CHECK_EQUAL(verifier::RejectReasonName(checked.judgement.verdict.findings.front().reason()),
                    "unknown-key");
}

BOOST_AUTO_TEST_CASE(what_cannot_be_completed_is_refused) {
  CHECK_ERROR(Check("a"), ErrorCode::kNotFound, folder);
  OpenRun();
  CHECK_ERROR(Check("a"), ErrorCode::kRejected, "the run has no segments");
  Segment(0, "a");
  CHECK_ERROR(Check("b"), ErrorCode::kRejected, "is not the last checkpoint");
  REQUIRE_VALUE(const Recorded aborted, recorder->Abort("why", world.Moment()));
  static_cast<void>(aborted);
  CHECK_ERROR(Check("a"), ErrorCode::kRejected, "the run is aborted");
}

BOOST_AUTO_TEST_CASE(the_journal_remembers_where_the_files_are) {
  OpenRun();
  REQUIRE_VALUE(const auto journal, RunJournal::Peek(folder));
  CHECK_ERROR(journal->ReadCheckpointPath(), ErrorCode::kNotFound, "checkpoint");
  BOOST_REQUIRE(recorder->RememberFiles("/models/ckpt 1").has_value());
  REQUIRE_VALUE(const std::string path, journal->ReadCheckpointPath());
  BOOST_CHECK_EQUAL(path, "/models/ckpt 1");
}

BOOST_AUTO_TEST_SUITE_END()
