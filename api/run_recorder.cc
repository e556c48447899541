#include "api/given_draft.h"
#include "api/record_state.h"
#include "api/time.h"
#include "core/hex.h"
#include "pipeline/fill_draft.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"

namespace carnet {

struct RunRecorder::State {
  std::string run_directory;
  Key key;
  Ledger ledger;
  std::unique_ptr<pipeline::Recorder> recorder;  // borrows from both
};

namespace {

Result<RecordedStep> StepOf(const Result<pipeline::Recorded>& recorded) {
  if (!recorded) return recorded.error();
  return RecordedStep{recorded->step, HexEncode(recorded->id.span()), recorded->index.value(),
                      recorded->repeated};
}

std::string HexOrEmpty(const std::optional<StatementId>& id) {
  return id ? HexEncode(id->span()) : "";
}

}  // namespace

Result<RunRecorder> RunRecorder::Open(const std::string& run_directory, const Key& key,
                                      const Ledger& ledger) {
  CARNET_TRY(auto recorder, pipeline::Recorder::Open(run_directory, *Internals::StateOf(key).signer,
                                                     *Internals::StateOf(ledger).ledger));
  return RunRecorder(
      std::make_unique<State>(State{run_directory, key, ledger, std::move(recorder)}));
}

RunRecorder::RunRecorder(std::unique_ptr<State> state) : state_(std::move(state)) {}
RunRecorder::RunRecorder(RunRecorder&&) noexcept = default;
RunRecorder& RunRecorder::operator=(RunRecorder&&) noexcept = default;
RunRecorder::~RunRecorder() = default;

Result<FilledDraft> RunRecorder::FillRun(std::string_view given, Time now) const {
  CARNET_TRY(const pipeline::GivenDraft draft, api::GivenOf(given));
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  return api::FilledOf(pipeline::FillRun(state_->run_directory, draft, moment));
}

Result<FilledDraft> RunRecorder::FillSegment(std::string_view given, uint64_t lane,
                                             const Model& checkpoint, Time now) const {
  CARNET_TRY(const pipeline::GivenDraft draft, api::GivenOf(given));
  CARNET_TRY(const TimestampMs moment, api::TimestampOf(now));
  CARNET_TRY(const auto reader, Internals::StateOf(state_->ledger).ledger->Read());
  return api::FilledOf(pipeline::FillSegment(draft,
                                             {.run_directory = state_->run_directory,
                                              .lane = lane,
                                              .model = &Internals::StateOf(checkpoint).read,
                                              .reader = reader.get()},
                                             moment));
}

Result<> RunRecorder::RememberFiles(const std::string& absolute_path) {
  return state_->recorder->RememberFiles(absolute_path);
}

Result<RecordedStep> RunRecorder::OpenRun(std::string_view draft, Time now,
                                          std::string_view nonce) {
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, nonce));
  return StepOf(state_->recorder->OpenRun(draft, moment));
}

Result<RecordedStep> RunRecorder::Segment(std::string_view draft, uint64_t lane,
                                          const Model& checkpoint, Time now) {
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, ""));
  return StepOf(
      state_->recorder->Segment(draft, lane, Internals::StateOf(checkpoint).read, moment));
}

Result<RecordedStep> RunRecorder::Complete(std::string_view draft, const Model& model, Time now) {
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, ""));
  return StepOf(state_->recorder->Complete(draft, Internals::StateOf(model).read, moment));
}

Result<RecordedStep> RunRecorder::Abort(std::string_view reason, Time now) {
  CARNET_TRY(const pipeline::Moment moment, api::MomentOf(now, ""));
  return StepOf(state_->recorder->Abort(reason, moment));
}

Result<RunState> RunRecorder::ReadState(const std::string& run_directory) {
  CARNET_TRY(const pipeline::RunStatus status, pipeline::ReadRunStatus(run_directory));
  RunState state{status.outcome,       HexOrEmpty(status.run), HexOrEmpty(status.closing), {}, {},
                 status.unlogged_steps};
  for (const pipeline::LaneStatus& lane : status.lanes) {
    state.segments.push_back(lane.segments);
    state.next_steps.push_back(lane.next_step.value_or(0));
  }
  return state;
}

}  // namespace carnet
