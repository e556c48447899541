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
              "step \"segment-0-0\" is already recorded, as statement sha256:" +
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
              "\"segment-0-0\" is already recorded");
  CHECK_ERROR(numbered(2, Draft(1), "b"), ErrorCode::kRejected, "lane 0 has 1 segment");
}

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
  CHECK_ERROR(TryOpen({.kind = "ablation"}), ErrorCode::kConflict, "\"run\" is already recorded");
  Segment(0, "a");
  REQUIRE_VALUE(const Recorded done, TryComplete("a"));
  CHECK_ERROR(TryComplete("a", R"({"converted":{"tool":"t","reason":"r"}})"), ErrorCode::kConflict,
              "\"completion\" is already recorded");
  CHECK_ERROR(recorder->Abort("changed my mind", world.Moment()), ErrorCode::kConflict,
              "\"completion\" is already recorded");
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
