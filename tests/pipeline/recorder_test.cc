#include "pipeline/recorder.h"

#include "core/hex.h"
#include "crypto/sha256.h"
#include "pipeline/run_status.h"
#include "tests/pipeline/recorder_at_work.h"

using namespace carnet;
using namespace carnet::pipeline;
using namespace carnet::test;

namespace fs = std::filesystem;

BOOST_FIXTURE_TEST_SUITE(recorder, RecorderAtWork)

BOOST_AUTO_TEST_CASE(a_run_is_recorded_step_by_step) {
  const Recorded run = OpenRun();
  BOOST_CHECK_EQUAL(run.step, "run");
  BOOST_CHECK(!run.repeated);
  const Recorded first = Segment(0, "a");
  const Recorded second = Segment(1, "b");
  REQUIRE_VALUE(const Recorded done, TryComplete("b"));
  BOOST_CHECK_EQUAL(first.step, "segment-0-0");
  BOOST_CHECK_EQUAL(second.step, "segment-0-1");
  BOOST_CHECK_EQUAL(done.step, "completion");
  BOOST_CHECK_EQUAL(done.index.value(), run.index.value() + 3);
  REQUIRE_VALUE(const RunStatus status, ReadRunStatus(folder));
  BOOST_CHECK_EQUAL(status.outcome, "completed");
  BOOST_CHECK(status.run == run.id);
  BOOST_CHECK(status.closing == done.id);
  BOOST_REQUIRE_EQUAL(status.lanes.size(), 1U);
  BOOST_CHECK_EQUAL(status.lanes[0].segments, 2U);
  BOOST_CHECK(status.unlogged_steps.empty());
}

BOOST_AUTO_TEST_CASE(references_follow_from_what_was_recorded) {
  const Recorded run = OpenRun();
  const Recorded first = Segment(0, "a");
  const Recorded second = Segment(1, "b");
  REQUIRE_VALUE(const RootHash root, world.Read()->RootAt(TreeSize(first.index.value() + 1)));
  LoggedFields<wire::Segment>(second.index, [&](wire::Segment::Reader segment) {
    BOOST_CHECK(schemas::DigestOf<StatementId>(segment.getRun()) == run.id);
    BOOST_CHECK(schemas::DigestOf<StatementId>(segment.getPrevious()) == first.id);
    BOOST_CHECK_EQUAL(segment.getSeq().getValue(), 1U);
    BOOST_CHECK_EQUAL(segment.getAfter().getIndex().getValue(), first.index.value());
    BOOST_CHECK(schemas::DigestOf<RootHash>(segment.getAfter().getRoot()) == root);
    BOOST_CHECK(schemas::DigestOf<ModelDigest>(segment.getModel()) == MakeModel("b").digest);
    BOOST_REQUIRE_EQUAL(segment.getTensorRoots().size(), 1U);
  });
  LoggedFields<wire::Segment>(first.index, [&](wire::Segment::Reader segment) {
    BOOST_CHECK(!segment.hasPrevious());
    BOOST_CHECK_EQUAL(segment.getAfter().getIndex().getValue(), run.index.value());
  });
  REQUIRE_VALUE(const Recorded done, TryComplete("b"));
  LoggedFields<wire::Completion>(done.index, [&](wire::Completion::Reader completion) {
    BOOST_REQUIRE_EQUAL(completion.getLast().size(), 1U);
    BOOST_CHECK(schemas::DigestOf<StatementId>(completion.getLast()[0]) == second.id);
    BOOST_CHECK_EQUAL(completion.getSegments()[0].getValue(), 2U);
    BOOST_CHECK_EQUAL(completion.getTokens().getValue(), 2 * kDraftTokens);
    BOOST_CHECK(schemas::FlopOf(completion.getFlop().getTotal()) == Flop(12'000'000'000));
  });
}

BOOST_AUTO_TEST_CASE(the_run_states_the_checkpoint_that_it_saw) {
  const std::string seen = world.ledger().checkpoint();
  const Recorded run = OpenRun();
  LoggedFields<wire::Run>(run.index, [&](wire::Run::Reader reader) {
    BOOST_CHECK_EQUAL(schemas::TextOf(reader.getSeen()), seen);
  });
}

BOOST_AUTO_TEST_CASE(steps_that_do_not_continue_are_refused_unless_weights_come_from_elsewhere) {
  OpenRun();
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded first, TrySegment(draft, "a"));
  const uint64_t size = world.size();
  CHECK_ERROR(TrySegment(draft, "b"), ErrorCode::kRejected,
              "steps.from is 0, but the lane's last segment ends at step 10");
  BOOST_CHECK_EQUAL(world.size(), size);
  Segment(1, "b");
  CHECK_ERROR(TrySegment(Draft(1), "c"), ErrorCode::kRejected,
              "steps.from is 10, but the lane's last segment ends at step 20");
  const std::string from = R"("weights_from":")" + HexEncode(first.id.span()) + "\"";
  REQUIRE_VALUE(const Recorded back, TrySegment(With(from, Draft(1)), "c"));
  BOOST_CHECK(!back.repeated);
  BOOST_CHECK_EQUAL(back.step, "segment-0-2");
}

BOOST_AUTO_TEST_CASE(another_draft_for_a_recorded_step_is_a_conflict) {
  OpenRun();
  CHECK_ERROR(TryOpen({.kind = "ablation"}), ErrorCode::kConflict, "\"run\" was already recorded");
  Segment(0, "a");
  REQUIRE_VALUE(const Recorded done, TryComplete("a"));
  CHECK_ERROR(TryComplete("a", R"({"converted":{"tool":"t","reason":"r"}})"), ErrorCode::kConflict,
              "\"completion\" was already recorded");
  CHECK_ERROR(recorder->Abort("changed my mind", world.Moment()), ErrorCode::kConflict,
              "\"completion\" was already recorded");
  static_cast<void>(done);
}

BOOST_AUTO_TEST_CASE(a_closed_run_takes_no_segment) {
  OpenRun();
  const std::string draft = Draft(0);
  REQUIRE_VALUE(const Recorded first, TrySegment(draft, "a"));
  REQUIRE_VALUE(const Recorded done, TryComplete("a"));
  static_cast<void>(done);
  const uint64_t size = world.size();
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kConflict, "the run is closed");
  REQUIRE_VALUE(const Recorded again, TrySegment(draft, "a"));
  CheckSame(again, first);
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(nothing_is_recorded_before_a_run_is_open) {
  CHECK_ERROR(TrySegment(Draft(0), "a"), ErrorCode::kNotFound, folder);
  CHECK_ERROR(TryComplete("a"), ErrorCode::kNotFound, folder);
  CHECK_ERROR(recorder->Abort("why", world.Moment()), ErrorCode::kNotFound, folder);
  BOOST_CHECK(!fs::exists(folder));
}

struct SetField {
  const char* step;
  const char* field;
};
std::ostream& operator<<(std::ostream& out, const SetField& field) {
  return out << field.step << "." << field.field;
}
const SetField kSetFields[] = {
    {"run", "seen"},
    {"segment", "run"},
    {"segment", "lane"},
    {"segment", "seq"},
    {"segment", "previous"},
    {"segment", "after"},
    {"segment", "model"},
    {"completion", "run"},
    {"segment", "tensor_roots"},
    {"completion", "last"},
    {"completion", "after"},
    {"completion", "outcome"},
    {"completion", "segments"},
    {"completion", "tokens"},
    {"completion", "flop"},
    {"completion", "model"},
    {"completion", "tensor_roots"},
    {"completion", "run_id"},
};

BOOST_DATA_TEST_CASE_F(RecorderAtWork, drafts_may_not_hold_what_the_recorder_sets, kSetFields,
                       field) {
  const std::string step = field.step;
  const std::string member = "\"" + std::string(field.field) + "\":0";
  const std::string message = step + ":1:2: " + field.field + ": is set by carnet";
  if (step == "run") {
    CHECK_ERROR(recorder->OpenRun(With(member, world.RunDraft()), world.Moment()),
                ErrorCode::kMalformed, message);
    BOOST_CHECK(!fs::exists(folder));
    return;
  }
  OpenRun();
  Segment(0, "a");
  const uint64_t size = world.size();
  if (step == "segment") {
    CHECK_ERROR(TrySegment(With(member, Draft(1)), "b"), ErrorCode::kMalformed, message);
    BOOST_CHECK(!Has("segment-0-1.request"));
  } else {
    CHECK_ERROR(TryComplete("a", "{" + member + "}"), ErrorCode::kMalformed, message);
    BOOST_CHECK(!Has("completion.request"));
  }
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_key_that_is_neither_signer_nor_recorder_is_refused) {
  OpenRun();
  const uint64_t size = world.size();
  Reopen("site");
  CHECK_ERROR(TrySegment(Draft(0), "a"), ErrorCode::kRejected, "among its recorders");
  CHECK_ERROR(TryComplete("a"), ErrorCode::kRejected, "among its recorders");
  CHECK_ERROR(recorder->Abort("why", world.Moment()), ErrorCode::kRejected, "among its recorders");
  CHECK_ERROR(TryOpen(), ErrorCode::kRejected, "among its recorders");
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_recorder_may_record_and_complete) {
  OpenRun({.recorders = {"key:" + HexEncode(KeyNamed("site").id().span())}});
  Segment(0, "a");
  Reopen("site");
  const Recorded second = Segment(1, "b");
  REQUIRE_VALUE(const Recorded done, TryComplete("b"));
  REQUIRE_VALUE(const auto entry, world.Read()->EntryAt(second.index));
  BOOST_CHECK(entry.signer == KeyNamed("site").signer->id());
  REQUIRE_VALUE(const auto of_run, world.Read()->ByRun(*ReadRunStatus(folder)->run, 10));
  BOOST_CHECK_EQUAL(of_run.size(), 3U);
  static_cast<void>(done);
}

BOOST_AUTO_TEST_CASE(an_identity_of_a_keys_bytes_is_not_that_key) {
  OpenRun({.recorders = {"identity:" + HexEncode(KeyNamed("site").id().span())}});
  Segment(0, "a");
  Reopen("site");
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kRejected, "among its recorders");
}

BOOST_AUTO_TEST_CASE(a_step_of_another_key_without_receipt_is_left_to_that_key) {
  OpenRun({.recorders = {"key:" + HexEncode(KeyNamed("site").id().span())}});
  Segment(0, "a");
  Remove("segment-0-0.sigstore.json");
  Reopen("site");
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kRejected,
              "\"segment-0-0\" is signed by key:" + HexEncode(KeyNamed("lab").id().span()));
}

BOOST_AUTO_TEST_CASE(another_ledger_is_refused) {
  OpenRun();
  Segment(0, "a");
  const auto another = world.AnotherLedger();
  recorder.reset();
  recorder = ValueOf(Recorder::Open(folder, world.lab(), *another), "recorder");
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kRejected, "another ledger");
  CHECK_ERROR(TryComplete("a"), ErrorCode::kRejected, "another ledger");
  CHECK_ERROR(TryOpen(), ErrorCode::kRejected, "another ledger");
  REQUIRE_VALUE(const auto reader, another->Read());
  BOOST_CHECK_EQUAL(reader->size().value(), 0U);
}

BOOST_AUTO_TEST_CASE(lanes_have_their_own_sequences) {
  const Recorded run = OpenRun({.lanes = 2});
  const Recorded a0 = Segment(0, "a0", 0);
  const Recorded b0 = Segment(0, "b0", 1);
  const Recorded b1 = Segment(1, "b1", 1);
  BOOST_CHECK_EQUAL(b1.step, "segment-1-1");
  CHECK_ERROR(TrySegment(Draft(0), "c", 2), ErrorCode::kRejected,
              "lane 2: must be below 2, the run's number of lanes");
  REQUIRE_VALUE(const Recorded done, TryComplete("b1"));
  LoggedFields<wire::Completion>(done.index, [&](wire::Completion::Reader completion) {
    BOOST_REQUIRE_EQUAL(completion.getLast().size(), 2U);
    BOOST_CHECK(schemas::DigestOf<StatementId>(completion.getLast()[0]) == a0.id);
    BOOST_CHECK(schemas::DigestOf<StatementId>(completion.getLast()[1]) == b1.id);
    BOOST_CHECK_EQUAL(completion.getSegments()[0].getValue(), 1U);
    BOOST_CHECK_EQUAL(completion.getSegments()[1].getValue(), 2U);
    BOOST_CHECK_EQUAL(completion.getAfter().getIndex().getValue(), a0.index.value());  // S10
    BOOST_CHECK_EQUAL(completion.getTokens().getValue(), 3 * kDraftTokens);
  });
  LoggedFields<wire::Segment>(b0.index, [&](wire::Segment::Reader segment) {
    BOOST_CHECK_EQUAL(segment.getLane().getValue(), 1U);
    BOOST_CHECK_EQUAL(segment.getAfter().getIndex().getValue(), run.index.value());
  });
  REQUIRE_VALUE(const RunStatus status, ReadRunStatus(folder));
  BOOST_REQUIRE_EQUAL(status.lanes.size(), 2U);
  BOOST_CHECK_EQUAL(status.lanes[0].segments, 1U);
  BOOST_CHECK_EQUAL(status.lanes[1].segments, 2U);
}

BOOST_AUTO_TEST_CASE(a_reason_is_signed_whole_or_not_at_all) {
  OpenRun();
  const uint64_t size = world.size();
  CHECK_ERROR(recorder->Abort(std::string("lost\0 power", 11), world.Moment()),
              ErrorCode::kMalformed, "reason: contains a NUL");
  BOOST_CHECK_EQUAL(world.size(), size);
}

BOOST_AUTO_TEST_CASE(a_placeholder_is_no_reason_to_abort) {
  OpenRun();
  const uint64_t size = world.size();
  const auto aborted = recorder->Abort("<reason: why>", world.Moment());
  CHECK_ERROR(aborted, ErrorCode::kMalformed, "");
  BOOST_CHECK_EQUAL(aborted.error().message, "reason is not filled in: why");
  BOOST_CHECK_EQUAL(world.size(), size);
  BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "open");
  Segment(0, "a");  // the run goes on
}

BOOST_AUTO_TEST_CASE(an_aborted_run_says_why_and_what_it_did) {
  const Recorded run = OpenRun();
  Segment(0, "a");
  REQUIRE_VALUE(const Recorded closed, recorder->Abort("loss diverged", world.Moment()));
  REQUIRE_VALUE(const Recorded again, recorder->Abort("loss diverged", world.Moment()));
  CheckSame(again, closed);
  CHECK_ERROR(recorder->Abort("another reason", world.Moment()), ErrorCode::kConflict,
              "already recorded");
  CHECK_ERROR(TryComplete("a"), ErrorCode::kConflict, "already recorded");
  CHECK_ERROR(TrySegment(Draft(1), "b"), ErrorCode::kConflict, "closed");
  // S3: the run's own subject, over the nonce of its head.
  std::string nonce;
  const auto run_statement =
      ValueOf(ReadOwnStatement(ValueOf(world.Read()->BundleAt(run.index), "run")), "run");
  nonce = run_statement.predicate().head()->nonce;
  LoggedFields<wire::Completion>(closed.index, [&](wire::Completion::Reader completion) {
    BOOST_CHECK(completion.getOutcome() == wire::Outcome::ABORTED);
    BOOST_CHECK_EQUAL(schemas::TextOf(completion.getReason()), "loss diverged");
    BOOST_CHECK_EQUAL(completion.getTokens().getValue(), kDraftTokens);
    BOOST_CHECK(!completion.hasModel());
    BOOST_CHECK(schemas::DigestOf<Sha256Digest>(completion.getRunId()) ==
                crypto::Sha256Of("carnet-run-id-v1\n" + nonce));
  });
  BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "aborted");
}

BOOST_AUTO_TEST_CASE(a_run_may_be_aborted_before_its_first_segment) {
  OpenRun();
  REQUIRE_VALUE(const Recorded closed, recorder->Abort("no budget", world.Moment()));
  LoggedFields<wire::Completion>(closed.index, [&](wire::Completion::Reader completion) {
    BOOST_CHECK_EQUAL(completion.getLast().size(), 0U);
    BOOST_CHECK_EQUAL(completion.getTokens().getValue(), 0U);
  });
}

BOOST_AUTO_TEST_CASE(a_reason_that_cannot_be_signed_is_refused) {
  OpenRun();
  for (const char* reason : {"\xff", "two\nlines", "\xe2\x80\xae"}) {
    CHECK_ERROR(recorder->Abort(reason, world.Moment()), ErrorCode::kMalformed, "reason");
  }
  BOOST_CHECK_EQUAL(ReadRunStatus(folder)->outcome, "open");
}

BOOST_AUTO_TEST_CASE(a_run_whose_totals_overflow_can_be_aborted_and_nothing_else) {
  const std::string most = "340282366920938463463374607431768211455";
  const std::string figure =
      R"({"amount":")" + most +
      R"(","method":"declared","methods":[{"method":"declared","result":")" + most +
      R"(","source":"the lab"}],"precision":"bf16","recomputation_excluded":true,)" +
      R"("padding_excluded":true})";
  // No catalogue says what it cannot do.
  world.device = world.Attest(schemas::Kind::kDevice,
                              drafts::Device({.vendor = "NVIDIA", .chip = "undisclosed"}), "cloud");
  OpenRun();
  for (const uint64_t seq : {0U, 1U}) {
    std::string draft = Draft(seq);
    const size_t flop = draft.find(R"("flop":)");
    draft.replace(flop, draft.find(R"(,"usage")") - flop,
                  R"("flop":{"update":)" + figure + R"(,"total":)" + figure + "}");
    ValueOf(TrySegment(draft, "base" + std::to_string(seq)), "segment");
  }
  CHECK_ERROR(TryComplete("base1"), ErrorCode::kMalformed,
              "the totals of the run's segments overflow; such a run can only be aborted");
  REQUIRE_VALUE(const Recorded aborted, recorder->Abort("the figures are wrong", world.Moment()));
  LoggedFields<wire::Completion>(aborted.index, [](wire::Completion::Reader completion) {
    BOOST_CHECK(completion.getOutcome() == wire::Outcome::ABORTED);
    BOOST_CHECK(completion.getFlop().getUpdate().isUndisclosed());
    BOOST_CHECK(completion.getFlop().getTotal().isUndisclosed());
    BOOST_CHECK_EQUAL(completion.getTokens().getValue(), 2 * kDraftTokens);
  });
}

BOOST_AUTO_TEST_SUITE_END()
