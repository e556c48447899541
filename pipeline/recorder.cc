#include "pipeline/recorder.h"

#include <fmt/core.h>

#include "core/hex.h"
#include "core/utf8.h"
#include "pipeline/carnet_fields.h"
#include "pipeline/draft.h"
#include "pipeline/earlier_statement.h"
#include "pipeline/final_model.h"
#include "pipeline/own_statement.h"
#include "pipeline/placeholder.h"
#include "pipeline/recorded_step.h"
#include "pipeline/segment_totals.h"
#include "pipeline/set_fields.h"
#include "schemas/check_fields.h"
#include "schemas/readers.h"
#include "schemas/subjects.h"
#include "sigstore/dsse.h"
#include "statements/graph.h"

namespace carnet::pipeline {
namespace {

LeafIndex IndexOf(const sigstore::Bundle& logged) {
  return LeafIndex(logged.entries.front().log_index);
}

StatementId IdOf(const sigstore::Bundle& bundle) {
  return sigstore::StatementIdOf(bundle.envelope.payload);
}

}  // namespace

struct Recorder::OpenedRun {
  LeafIndex index;
  StatementId id;
  SubjectDigest subject;
  schemas::Predicate predicate;
  uint64_t lanes;
};

// The segments of all lanes, as a completion states them.
struct Recorder::Lanes {
  // Of the lanes that have segments.
  std::vector<StatementId> last_ids;
  std::vector<schemas::Predicate> last;
  std::vector<uint64_t> counts;
  SegmentTotals totals;
  LeafIndex predecessor;  // S10
};

Recorder::Recorder(std::string run_directory, std::unique_ptr<RunJournal> journal,
                   const signer::Signer& signer, ledger::Ledger& ledger,
                   const RecorderOptions& options)
    : run_directory_(std::move(run_directory)),
      journal_(std::move(journal)),
      signer_(signer),
      ledger_(ledger),
      options_(options) {}

Result<std::unique_ptr<Recorder>> Recorder::Open(const std::string& run_directory,
                                                 const signer::Signer& signer,
                                                 ledger::Ledger& ledger,
                                                 const RecorderOptions& options) {
  auto journal = RunJournal::Open(run_directory);
  if (!journal && journal.error().code != ErrorCode::kNotFound) {
    return std::move(journal).error();
  }
  return std::unique_ptr<Recorder>(new Recorder(
      run_directory, journal ? std::move(*journal) : nullptr, signer, ledger, options));
}

// The run that is open here, on this ledger and for this key.
Result<Recorder::OpenedRun> Recorder::RequireRun() {
  if (journal_ == nullptr) return NotFound(run_directory_ + ": no such run directory");
  CARNET_TRY(const sigstore::Bundle bundle, RequireLogged(kRunStep));
  CARNET_TRY(sigstore::ParsedStatement statement, ReadOwnStatement(bundle));
  const StatementId id = statement.id();
  schemas::Predicate run = std::move(statement).TakePredicate();
  const auto head = run.head();
  if (head->ledger != ledger_.key().id()) {
    return Rejected("the run was opened on another ledger, " + HexEncode(head->ledger.span()));
  }
  const auto fields = schemas::ReaderOf<wire::Run>(run);
  bool named = head->signer == signer_.id();
  for (const auto recorder : fields.getRecorders()) {
    named = named || schemas::SignerIdOf(recorder) == signer_.id();
  }
  if (!named) {
    return Rejected(signer_.id().ToString() + " neither opened the run nor is among its recorders");
  }
  const uint64_t lanes = statements::LanesOf(run);
  return OpenedRun{IndexOf(bundle), id, schemas::IdFromNonce(schemas::Kind::kRun, head->nonce),
                   std::move(run), lanes};
}

Result<sigstore::Bundle> Recorder::RequireLogged(const std::string& step) {
  CARNET_TRY(auto found, journal_->Read(step));
  if (!found) return NotFound(run_directory_ + ": no step \"" + step + "\" is recorded here");
  if (!found->logged) {
    CARNET_TRY_VOID(FinishLogging(step, found->signed_bundle));
    CARNET_TRY(found, journal_->Read(step));
  }
  return std::move(*found->logged);
}

// The step as it was recorded, if the request is the same; absent if it has not been taken.
Result<std::optional<Recorded>> Recorder::Repeated(const std::string& step,
                                                   const std::string& request) {
  CARNET_TRY(const auto found, journal_->Read(step));
  if (!found) return std::optional<Recorded>();
  if (found->request != request) return OtherRequest(*found, request);
  if (found->logged) {
    return std::optional<Recorded>({step, IdOf(*found->logged), IndexOf(*found->logged), true});
  }
  CARNET_TRY(const Recorded recorded, FinishLogging(step, found->signed_bundle));
  return std::optional<Recorded>(recorded);
}

// Logs what a crash left signed but without a receipt.
Result<Recorded> Recorder::FinishLogging(const std::string& step,
                                         const sigstore::Bundle& signed_bundle) {
  CARNET_TRY(sigstore::ParsedStatement statement, ReadOwnStatement(signed_bundle));
  const SignerId signed_by = statement.predicate().head()->signer;
  if (signed_by != signer_.id()) {
    return Rejected(fmt::format(
        "step \"{}\" is signed by {} but has no receipt yet: repeat it with that key first", step,
        signed_by.ToString()));
  }
  if (options_.dry_run) {
    return Rejected(fmt::format(
        "step \"{}\" is signed but has no receipt yet: repeat it first, without a dry run", step));
  }
  return Log(step, std::move(statement), signed_bundle.envelope.signature, true);
}

Result<Recorded> Recorder::Log(const std::string& step, sigstore::ParsedStatement statement,
                               const Bytes& signature, bool repeated) {
  CARNET_TRY(const Attested attested,
             AppendSigned(std::move(statement), signature, signer_.public_key(), ledger_));
  if (const auto written = journal_->WriteLogged(step, attested.bundle); !written) {
    return written.error().In(fmt::format(
        "logged as statement {} at entry {}, but its receipt is not in the run directory (repeat "
        "the step to write it)",
        HexEncode(attested.id.span()), attested.index.value()));
  }
  return Recorded{step, attested.id, attested.index, repeated};
}

Result<Recorded> Recorder::Record(const std::string& step, const std::string& request,
                                  schemas::Predicate predicate, const Moment& moment) {
  CARNET_TRY(Prepared prepared, PrepareStatement(std::move(predicate), signer_, ledger_, moment,
                                                 options_.on_finding, expected_));
  if (options_.dry_run) return Rehearsed(step, std::move(prepared));
  // A key that fails leaves the step untaken: nothing is in the journal or in the log.
  CARNET_TRY(signer::SignedStatement signed_statement, signer_.Sign(std::move(prepared.statement)));
  // From here on the step is signed: whatever happens, this very bundle is what gets logged.
  CARNET_TRY_VOID(journal_->WriteSigned(step, request, signed_statement.bundle));
  CARNET_TRY(Recorded recorded,
             Log(step, std::move(signed_statement.statement), signed_statement.signature(), false));
  recorded.notes = std::move(prepared.notes);
  return recorded;
}

Result<Recorded> Recorder::Rehearsed(const std::string& step, Prepared prepared) const {
  CARNET_TRY(const auto reader, ledger_.Read());
  auto statement = std::make_shared<const sigstore::ParsedStatement>(std::move(prepared.statement));
  return Recorded{step,  statement->id(),           LeafIndex(reader->size().value()),
                  false, std::move(prepared.notes), statement};
}

Result<Draft> Recorder::ParseDraft(std::string_view text, std::string_view step) const {
  return Draft::Parse(text, draft_origin_ ? *draft_origin_ : DraftOrigin(step));
}

Result<Recorded> Recorder::OpenRun(std::string_view text, const Moment& moment) {
  CARNET_TRY(const Draft draft, ParseDraft(text, "run"));
  CARNET_TRY(const std::string request, draft.Canonical());
  CARNET_TRY(schemas::Predicate run,
             draft.Read(schemas::Kind::kRun, FieldsSetByCarnet(schemas::Kind::kRun)));
  schemas::BuilderOf<wire::Run>(run).setSeen(ledger_.checkpoint());
  CARNET_TRY(run, draft.Complete(std::move(run)));
  if (journal_ == nullptr && options_.dry_run) {
    return RecordNewRun(request, std::move(run), moment);
  }
  if (journal_ == nullptr) {
    CARNET_TRY(journal_, RunJournal::OpenOrCreate(run_directory_));
  }
  CARNET_TRY(const auto repeated, Repeated(kRunStep, request));
  if (!repeated) return RecordNewRun(request, std::move(run), moment);
  CARNET_TRY(const OpenedRun opened, RequireRun());
  const std::string nonce = opened.predicate.head()->nonce;
  if (moment.chosen && nonce != moment.nonce)
    return Conflict(run_directory_ + ": the run that is open here has another nonce, " + nonce);
  return *repeated;
}

// One whose directory is lost would be opened twice under one nonce.
Result<Recorded> Recorder::RecordNewRun(const std::string& request, schemas::Predicate run,
                                        const Moment& moment) {
  if (moment.chosen) {
    CARNET_TRY(const auto reader, ledger_.Read());
    CARNET_TRY(const auto prepared,
               signer_.Prepare(run.Clone(), {ledger_.key().id(), moment.now, moment.nonce}));
    CARNET_TRY(const auto earlier, FindEarlier(*reader, prepared));
    if (earlier) {
      return Conflict(fmt::format(
          "run sha256:{} at entry {} was recorded with this nonce, but is not in {}",
          HexEncode(earlier->statement.id().span()), earlier->index.value(), run_directory_));
    }
  }
  return Record(kRunStep, request, std::move(run), moment);
}

struct Recorder::NewSegment {
  uint64_t lane;
  const std::string& request;
  const schemas::Predicate& draft;
  const ModelDigest& checkpoint;
};

// Segment `seq` of a lane that has `count`: as it was recorded, or absent where it is the next one.
Result<std::optional<Recorded>> Recorder::NumberedSegment(const NewSegment& segment, uint64_t seq,
                                                          uint64_t count) {
  if (seq > count) {
    return Rejected(fmt::format("segment {} cannot be recorded yet: lane {} has {}", seq,
                                segment.lane,
                                count == 1 ? "1 segment" : fmt::format("{} segments", count)));
  }
  if (seq == count) return std::optional<Recorded>();
  return Repeated(SegmentStep(segment.lane, seq), segment.request);
}

// Refuses a recorded segment of the same steps and files with another draft.
Result<std::optional<Recorded>> Recorder::EarlierSegment(const NewSegment& segment,
                                                         uint64_t count) {
  for (uint64_t seq = 0; seq < count; ++seq) {
    const std::string step = SegmentStep(segment.lane, seq);
    CARNET_TRY(const auto recorded, journal_->Read(step));
    if (!recorded) continue;
    CARNET_TRY(const sigstore::ParsedStatement earlier, ReadOwnStatement(recorded->signed_bundle));
    if (IsSameStretch(earlier.predicate(), segment.draft, segment.checkpoint))
      return OtherRequest(*recorded, segment.request);
  }
  return std::optional<Recorded>();
}

// A script that starts again repeats all its segments, not the last alone. Their statements are
// read only where the lane's steps are not continued: else a long run would be read again at each
// segment.
Result<std::optional<Recorded>> Recorder::RepeatedSegment(const NewSegment& segment,
                                                          std::optional<uint64_t> number,
                                                          uint64_t count) {
  if (number) return NumberedSegment(segment, *number, count);
  if (count == 0) return std::optional<Recorded>();
  for (uint64_t seq = 0; seq < count; ++seq) {
    const std::string step = SegmentStep(segment.lane, seq);
    CARNET_TRY(const auto request, journal_->ReadRequest(step));
    if (request == segment.request) return Repeated(step, segment.request);
  }
  CARNET_TRY(const auto last, journal_->Read(SegmentStep(segment.lane, count - 1)));
  if (!last) return std::optional<Recorded>();
  if (CheckContinues(segment.draft, last->signed_bundle)) return std::optional<Recorded>();
  return EarlierSegment(segment, count);
}

Result<Recorded> Recorder::Segment(std::string_view text, uint64_t lane,
                                   const artifact::ModelFiles& checkpoint, const Moment& moment,
                                   std::optional<uint64_t> number) {
  CARNET_TRY(const OpenedRun run, RequireRun());
  if (lane >= run.lanes) {
    return Rejected(
        fmt::format("lane {}: must be below {}, the run's number of lanes", lane, run.lanes));
  }
  CARNET_TRY(const Draft draft, ParseDraft(text, "segment"));
  CARNET_TRY(const std::string request, RequestOf(draft, checkpoint));
  CARNET_TRY(schemas::Predicate segment,
             draft.Read(schemas::Kind::kSegment, FieldsSetByCarnet(schemas::Kind::kSegment)));
  CARNET_TRY(const uint64_t seq, journal_->SegmentCount(lane));
  CARNET_TRY(const auto repeated,
             RepeatedSegment({lane, request, segment, checkpoint.digest}, number, seq));
  if (repeated) return *repeated;
  CARNET_TRY(const auto closed, journal_->Read(kClosingStep));
  if (closed) return Conflict("the run is closed: no segment can follow its completion");
  std::optional<sigstore::Bundle> previous;
  if (seq > 0) {
    CARNET_TRY(previous, RequireLogged(SegmentStep(lane, seq - 1)));
    const bool elsewhere = schemas::ReaderOf<wire::Segment>(segment).hasWeightsFrom();
    if (!elsewhere) CARNET_TRY_VOID(CheckContinues(segment, *previous));
  }
  auto fields = schemas::BuilderOf<wire::Segment>(segment);
  schemas::SetDigest(fields.initRun(), run.id);
  fields.initLane().setValue(lane);
  fields.initSeq().setValue(seq);
  if (previous) schemas::SetDigest(fields.initPrevious(), IdOf(*previous));
  CARNET_TRY(const auto reader, ledger_.Read());
  CARNET_TRY_VOID(SetAfter(*reader, previous ? IndexOf(*previous) : run.index, segment));
  SetModel(checkpoint, segment);
  CARNET_TRY(segment, draft.Complete(std::move(segment)));
  return Record(SegmentStep(lane, seq), request, std::move(segment), moment);
}

Result<Recorder::Lanes> Recorder::ReadLanes(const OpenedRun& run) {
  Lanes lanes{.last_ids = {}, .last = {}, .counts = {}, .totals = {}, .predecessor = run.index};
  CARNET_TRY(const std::vector<uint64_t> counts, journal_->SegmentCounts(run.lanes));
  for (uint64_t lane = 0; lane < run.lanes; ++lane) {
    const uint64_t count = counts[lane];
    if (count == 0) continue;
    for (uint64_t seq = 0; seq < count; ++seq) {
      CARNET_TRY(const sigstore::Bundle bundle, RequireLogged(SegmentStep(lane, seq)));
      CARNET_TRY(sigstore::ParsedStatement segment, ReadOwnStatement(bundle));
      CARNET_TRY_VOID(lanes.totals.Add(segment.predicate()));
      if (seq + 1 < count) continue;
      if (lane == 0) lanes.predecessor = IndexOf(bundle);
      lanes.last_ids.push_back(segment.id());
      lanes.last.push_back(std::move(segment).TakePredicate());
      lanes.counts.push_back(count);
    }
  }
  return lanes;
}

Result<> Recorder::SetLanes(const OpenedRun& run, const Lanes& lanes,
                            schemas::Predicate& completion) {
  auto fields = schemas::BuilderOf<wire::Completion>(completion);
  schemas::SetDigest(fields.initRun(), run.id);
  const auto count = static_cast<uint32_t>(lanes.last_ids.size());
  auto last = fields.initLast(count);
  auto segments = fields.initSegments(count);
  for (uint32_t i = 0; i < count; ++i) {
    schemas::SetDigest(last[i], lanes.last_ids[i]);
    segments[i].setValue(lanes.counts[i]);
  }
  lanes.totals.SetIn(completion);
  CARNET_TRY(const auto reader, ledger_.Read());
  return SetAfter(*reader, lanes.predecessor, completion);
}

Result<Recorded> Recorder::Complete(std::string_view text, const artifact::ModelFiles& model,
                                    const Moment& moment) {
  CARNET_TRY(const OpenedRun run, RequireRun());
  CARNET_TRY(const Draft draft, ParseDraft(text, "completion"));
  CARNET_TRY(const std::string request, RequestOf(draft, model));
  CARNET_TRY(const auto repeated, Repeated(kClosingStep, request));
  if (repeated) return *repeated;
  CARNET_TRY(const Lanes lanes, ReadLanes(run));
  CARNET_TRY_VOID(lanes.totals.CheckSums());
  CARNET_TRY_VOID(
      CheckFinalModel(run.predicate, lanes.last, model, draft.Find("converted").has_value()));
  CARNET_TRY(schemas::Predicate completion,
             draft.Read(schemas::Kind::kCompletion, FieldsSetByCarnet(schemas::Kind::kCompletion)));
  CARNET_TRY_VOID(SetLanes(run, lanes, completion));
  auto fields = schemas::BuilderOf<wire::Completion>(completion);
  fields.setOutcome(wire::Outcome::COMPLETED);
  // An unpublished parent has no passport to say how large it is.
  const auto total = CountParameters(model);
  if (!fields.hasParameters() && total) fields.initParameters().initTotal().setValue(*total);
  SetModel(model, completion);
  CARNET_TRY(completion, draft.Complete(std::move(completion)));
  return Record(kClosingStep, request, std::move(completion), moment);
}

Result<> Recorder::RememberFiles(const std::string& absolute_path) {
  CARNET_CHECK(journal_ != nullptr);
  return options_.dry_run ? Ok() : journal_->WriteCheckpointPath(absolute_path);
}

Result<Recorded> Recorder::Abort(std::string_view reason, const Moment& moment) {
  if (!IsValidUtf8(reason)) return Malformed("reason: not UTF-8");
  // The message would end there, and something else be signed than was said.
  if (reason.find('\0') != reason.npos) return Malformed("reason: contains a NUL");
  CARNET_TRY_VOID(RefusePlaceholder("reason", reason));
  CARNET_TRY(const OpenedRun run, RequireRun());
  const std::string request = "aborted: " + std::string(reason);
  CARNET_TRY(const auto repeated, Repeated(kClosingStep, request));
  if (repeated) return *repeated;
  CARNET_TRY(const Lanes lanes, ReadLanes(run));
  auto completion = schemas::Predicate::New(schemas::Kind::kCompletion);
  CARNET_TRY_VOID(SetLanes(run, lanes, completion));
  auto fields = schemas::BuilderOf<wire::Completion>(completion);
  fields.setOutcome(wire::Outcome::ABORTED);
  fields.setReason(std::string(reason));
  schemas::SetDigest(fields.initRunId(), run.subject);
  if (const auto checked = schemas::CheckFields(completion); !checked) {
    return checked.error().In("abort");
  }
  return Record(kClosingStep, request, std::move(completion), moment);
}

}  // namespace carnet::pipeline
