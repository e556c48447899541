#include "pipeline/recorder.h"

#include "core/hex.h"
#include "core/utf8.h"
#include "json/writer.h"
#include "pipeline/final_model.h"
#include "pipeline/predicate_fields.h"
#include "pipeline/segment_totals.h"
#include "schemas/readers.h"
#include "schemas/subjects.h"
#include "sigstore/dsse.h"

namespace carnet::pipeline {
namespace {

constexpr char kRunStep[] = "run";
constexpr char kClosingStep[] = "completion";

Result<std::string> RequestOf(std::string_view draft, std::string_view name,
                              const artifact::ModelFiles* files) {
  CARNET_TRY(std::string canonical, CanonicalDraft(draft, name));
  if (files != nullptr) canonical += "\n" + HexEncode(files->digest.span());
  return canonical;
}

LeafIndex IndexOf(const sigstore::Bundle& logged) {
  return LeafIndex(logged.entries.front().log_index);
}

StatementId IdOf(const sigstore::Bundle& bundle) {
  return sigstore::StatementIdOf(bundle.envelope.payload);
}

}  // namespace

struct Recorder::OpenedRun {
  sigstore::Bundle bundle;
  StatementId id;
  SubjectDigest subject;
  schemas::Predicate predicate;
  uint64_t lanes;
};

// The segments of all lanes, as a completion states them.
struct Recorder::Lanes {
  AddedFields fields;                    // last, after, segments, tokens, flop
  std::vector<schemas::Predicate> last;  // of the lanes that have segments
};

Recorder::Recorder(std::string run_directory, std::unique_ptr<RunJournal> journal,
                   const signer::Signer& signer, ledger::Ledger& ledger)
    : run_directory_(std::move(run_directory)),
      journal_(std::move(journal)),
      signer_(signer),
      ledger_(ledger) {}

Result<std::unique_ptr<Recorder>> Recorder::Open(const std::string& run_directory,
                                                 const signer::Signer& signer,
                                                 ledger::Ledger& ledger) {
  auto journal = RunJournal::Open(run_directory);
  if (!journal.has_value() && journal.error().code != ErrorCode::kNotFound) {
    return std::move(journal).error();
  }
  return std::unique_ptr<Recorder>(new Recorder(
      run_directory, journal.has_value() ? std::move(*journal) : nullptr, signer, ledger));
}

// The run that is open here, on this ledger and for this key.
Result<Recorder::OpenedRun> Recorder::RequireRun() {
  if (journal_ == nullptr) return NotFound(run_directory_ + ": no such run directory");
  CARNET_TRY(sigstore::Bundle bundle, RequireLogged(kRunStep));
  CARNET_TRY(schemas::Predicate run, ReadOwnStatement(bundle));
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
  const StatementId id = IdOf(bundle);
  const uint64_t lanes = fields.hasLanes() ? fields.getLanes().getValue() : 1;
  return OpenedRun{std::move(bundle), id, schemas::IdFromNonce(schemas::Kind::kRun, head->nonce),
                   std::move(run), lanes};
}

Result<sigstore::Bundle> Recorder::RequireLogged(const std::string& step) {
  CARNET_TRY(auto found, journal_->Read(step));
  if (!found) return NotFound(run_directory_ + ": no step \"" + step + "\" is recorded here");
  if (!found->logged) {
    CARNET_TRY_VOID(FinishLogging(step, found->signed_bundle, true));
    CARNET_TRY(found, journal_->Read(step));
  }
  return std::move(*found->logged);
}

// The step as it was recorded, where the request is the same; absent where it is yet to be taken.
Result<std::optional<Recorded>> Recorder::Repeated(const std::string& step,
                                                   const std::string& request) {
  CARNET_TRY(const auto found, journal_->Read(step));
  if (!found) return std::optional<Recorded>();
  if (found->request != request) {
    return Conflict("step \"" + step + "\" is recorded already, with another draft");
  }
  if (found->logged) {
    return std::optional<Recorded>({step, IdOf(*found->logged), IndexOf(*found->logged), true});
  }
  CARNET_TRY(const Recorded recorded, FinishLogging(step, found->signed_bundle, true));
  return std::optional<Recorded>(recorded);
}

Result<Recorded> Recorder::FinishLogging(const std::string& step, const sigstore::Bundle& bundle,
                                         bool repeated) {
  CARNET_TRY(const schemas::Predicate predicate, ReadOwnStatement(bundle));
  const SignerId signed_by = predicate.head()->signer;
  if (signed_by != signer_.id()) {
    return Rejected("step \"" + step + "\" is signed by " + signed_by.ToString() +
                    ", but has no receipt yet: repeat it with that key first");
  }
  CARNET_TRY(const crypto::P256PublicKey key, crypto::P256PublicKey::ParseSpki(signer_.spki()));
  CARNET_TRY(const Attested attested, AppendBundle(bundle, key, ledger_));
  CARNET_TRY_VOID(journal_->WriteLogged(step, attested.bundle));
  return Recorded{step, attested.id, attested.index, repeated};
}

Result<Recorded> Recorder::Record(const std::string& step, const std::string& request,
                                  schemas::Predicate predicate, const Moment& moment) {
  CARNET_TRY(
      const signer::SignedStatement statement,
      signer_.SignPredicate(std::move(predicate), {ledger_.key().id(), moment.now, moment.nonce}));
  // From here on the step is signed: whatever happens, this very bundle is what gets logged.
  CARNET_TRY_VOID(journal_->WriteSigned(step, request, statement.bundle));
  return FinishLogging(step, statement.bundle, false);
}

Result<Recorded> Recorder::OpenRun(std::string_view draft, const Moment& moment) {
  CARNET_TRY(const std::string request, RequestOf(draft, "run", nullptr));
  CARNET_TRY(schemas::Predicate run, CompleteDraft(schemas::Kind::kRun, draft, "run",
                                                   {{"seen", Quoted(ledger_.checkpoint())}}));
  if (journal_ == nullptr) {
    CARNET_TRY(journal_, RunJournal::OpenOrCreate(run_directory_));
  }
  CARNET_TRY(const auto repeated, Repeated(kRunStep, request));
  if (repeated) {
    CARNET_TRY_VOID(RequireRun());
    return *repeated;
  }
  return Record(kRunStep, request, std::move(run), moment);
}

Result<Recorded> Recorder::Segment(std::string_view draft, uint64_t lane,
                                   const artifact::ModelFiles& checkpoint, const Moment& moment) {
  CARNET_TRY(const OpenedRun run, RequireRun());
  if (lane >= run.lanes) {
    return Rejected("lane " + std::to_string(lane) + ": the run has " + std::to_string(run.lanes));
  }
  CARNET_TRY(const std::string request, RequestOf(draft, "segment", &checkpoint));
  CARNET_TRY(const uint64_t seq, journal_->SegmentCount(lane));
  AddedFields added = {
      {"run", QuotedHex(run.id)}, {"lane", std::to_string(lane)}, {"seq", std::to_string(seq)}};
  std::optional<sigstore::Bundle> previous;
  if (seq > 0) {
    const std::string last = SegmentStep(lane, seq - 1);
    CARNET_TRY(const auto recorded, journal_->Read(last));
    if (recorded && recorded->request == request) {
      CARNET_TRY(const auto repeated, Repeated(last, request));
      return *repeated;
    }
    CARNET_TRY(previous, RequireLogged(last));
    added.emplace_back("previous", QuotedHex(IdOf(*previous)));
  }
  CARNET_TRY(const auto closed, journal_->Read(kClosingStep));
  if (closed) return Conflict("the run is closed: no segment follows its completion");
  CARNET_TRY(const auto reader, ledger_.Read());
  CARNET_TRY(const std::string after,
             AfterJson(*reader, IndexOf(previous ? *previous : run.bundle)));
  added.emplace_back("after", after);
  AddModel(checkpoint, added);
  CARNET_TRY(schemas::Predicate segment,
             CompleteDraft(schemas::Kind::kSegment, draft, "segment", added));
  return Record(SegmentStep(lane, seq), request, std::move(segment), moment);
}

Result<Recorder::Lanes> Recorder::ReadLanes(const OpenedRun& run) {
  Lanes lanes;
  json::Writer last, counts;
  last.BeginArray();
  counts.BeginArray();
  SegmentTotals totals;
  std::optional<sigstore::Bundle> lane_0_last;
  for (uint64_t lane = 0; lane < run.lanes; ++lane) {
    CARNET_TRY(const uint64_t count, journal_->SegmentCount(lane));
    if (count == 0) continue;
    for (uint64_t seq = 0; seq < count; ++seq) {
      CARNET_TRY(sigstore::Bundle segment, RequireLogged(SegmentStep(lane, seq)));
      CARNET_TRY_VOID(totals.Add(segment));
      if (seq + 1 < count) continue;
      last.String(HexEncode(IdOf(segment).span()));
      counts.Unsigned(count);
      CARNET_TRY(schemas::Predicate predicate, ReadOwnStatement(segment));
      lanes.last.push_back(std::move(predicate));
      if (lane == 0) lane_0_last = std::move(segment);
    }
  }
  CARNET_TRY(const auto reader, ledger_.Read());
  CARNET_TRY(const std::string after,
             AfterJson(*reader, IndexOf(lane_0_last ? *lane_0_last : run.bundle)));
  lanes.fields = {{"last", last.EndArray().Take()},
                  {"after", after},
                  {"segments", counts.EndArray().Take()},
                  {"tokens", totals.TokensJson()},
                  {"flop", totals.FlopJson()}};
  return lanes;
}

Result<Recorded> Recorder::Close(const OpenedRun& run, const Lanes& lanes, std::string_view draft,
                                 std::string_view draft_name, const std::string& request,
                                 const AddedFields& outcome, const Moment& moment) {
  AddedFields added = lanes.fields;
  added.emplace_back("run", QuotedHex(run.id));
  added.insert(added.end(), outcome.begin(), outcome.end());
  CARNET_TRY(schemas::Predicate completion,
             CompleteDraft(schemas::Kind::kCompletion, draft, draft_name, added));
  return Record(kClosingStep, request, std::move(completion), moment);
}

Result<Recorded> Recorder::Complete(std::string_view draft, const artifact::ModelFiles& model,
                                    const Moment& moment) {
  CARNET_TRY(const OpenedRun run, RequireRun());
  CARNET_TRY(const std::string request, RequestOf(draft, "completion", &model));
  CARNET_TRY(const auto repeated, Repeated(kClosingStep, request));
  if (repeated) return *repeated;
  CARNET_TRY(const Lanes lanes, ReadLanes(run));
  CARNET_TRY(const bool converted, DraftHas(draft, "completion", "converted"));
  CARNET_TRY_VOID(CheckFinalModel(run.predicate, lanes.last, model, converted));
  AddedFields outcome = {{"outcome", "\"completed\""}};
  AddModel(model, outcome);
  return Close(run, lanes, draft, "completion", request, outcome, moment);
}

Result<Recorded> Recorder::Abort(std::string_view reason, const Moment& moment) {
  if (!IsValidUtf8(reason)) return Malformed("reason: not UTF-8");
  CARNET_TRY(const OpenedRun run, RequireRun());
  const std::string request = "aborted: " + std::string(reason);
  CARNET_TRY(const auto repeated, Repeated(kClosingStep, request));
  if (repeated) return *repeated;
  CARNET_TRY(const Lanes lanes, ReadLanes(run));
  const AddedFields outcome = {
      {"outcome", "\"aborted\""}, {"reason", Quoted(reason)}, {"run_id", QuotedHex(run.subject)}};
  return Close(run, lanes, "{}", "abort", request, outcome, moment);
}

Result<RunStatus> ReadRunStatus(const std::string& run_directory) {
  CARNET_TRY(const auto journal, RunJournal::Peek(run_directory));
  RunStatus status;
  status.outcome = "not opened";
  CARNET_TRY(const auto run, journal->Read(kRunStep));
  if (!run) return status;
  status.outcome = "open";
  status.run = IdOf(run->signed_bundle);
  if (!run->logged) status.unlogged_steps.push_back(kRunStep);
  CARNET_TRY(const schemas::Predicate predicate, ReadOwnStatement(run->signed_bundle));
  const auto fields = schemas::ReaderOf<wire::Run>(predicate);
  const uint64_t lanes = fields.hasLanes() ? fields.getLanes().getValue() : 1;
  for (uint64_t lane = 0; lane < lanes; ++lane) {
    CARNET_TRY(const uint64_t count, journal->SegmentCount(lane));
    status.segments.push_back(count);
    if (count == 0) continue;
    CARNET_TRY(const auto last, journal->Read(SegmentStep(lane, count - 1)));
    if (last && !last->logged) status.unlogged_steps.push_back(last->name);
  }
  CARNET_TRY(const auto closing, journal->Read(kClosingStep));
  if (!closing) return status;
  status.closing = IdOf(closing->signed_bundle);
  if (!closing->logged) status.unlogged_steps.push_back(kClosingStep);
  CARNET_TRY(const schemas::Predicate completion, ReadOwnStatement(closing->signed_bundle));
  const bool aborted =
      schemas::ReaderOf<wire::Completion>(completion).getOutcome() == wire::Outcome::ABORTED;
  status.outcome = aborted ? "aborted" : "completed";
  return status;
}

}  // namespace carnet::pipeline
