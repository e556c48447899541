#include <fmt/core.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/read_input.h"
#include "cli/recorded_text.h"
#include "cli/step_draft.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/attest_machine.h"
#include "pipeline/recorded_draft.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"

namespace carnet::cli {
namespace {

using pipeline::ComposedDraft;

// What a step works with.
struct AtWork {
  pipeline::Recorder& recorder;
  const signer::Signer& signer;
  ledger::Ledger& ledger;
  pipeline::Moment moment;
};

// Opens everything that a recording step needs; `record` performs the step.
template <typename Step>
ExitCode WithRecorder(const RunOptions& options, Terminal& terminal, const Step& record) {
  const auto step = [&]() -> Result<pipeline::Recorded> {
    CARNET_TRY(const auto signer, OpenSigner(options.signing.key, terminal));
    CARNET_TRY(const auto ledger, OpenLedger(options.signing.ledger, options.signing.guard,
                                             terminal, options.signing.wait));
    const pipeline::RecorderOptions how = {OnFindingOf(options.signing), options.signing.dry_run};
    auto opened = WaitForLock(options.signing.wait, terminal, [&] {
      return pipeline::Recorder::Open(options.directory, *signer, *ledger, how);
    });
    if (!opened) return Io(opened.error().message);  // another recorder is at work
    const auto recorder = std::move(opened).value();
    const bool chosen = !options.nonce.empty();
    const pipeline::Moment moment = {terminal.Now(), chosen ? options.nonce : terminal.Nonce(),
                                     chosen};
    return record(AtWork{*recorder, *signer, *ledger, moment});
  };
  const auto recorded = step();
  if (!recorded) return terminal.Fail(recorded.error());
  if (recorded->unsigned_statement != nullptr) {
    PrintDryRun(*recorded->unsigned_statement, recorded->notes, terminal);
    return ExitCode::kYes;
  }
  if (recorded->repeated) terminal.Note(recorded->step + " was already recorded");
  for (const std::string& note : recorded->notes) terminal.Note(note);
  terminal.Out(RecordedText(*recorded, options.json));
  return ExitCode::kYes;
}

std::string StatusText(const pipeline::RunStatus& status) {
  std::string text = "outcome   " + status.outcome + "\n";
  if (status.run) text += "run       " + HexEncode(status.run->span()) + "\n";
  for (size_t number = 0; number < status.lanes.size(); ++number) {
    const pipeline::LaneStatus& lane = status.lanes[number];
    text += fmt::format("lane {}    {} {}", number, lane.segments,
                        lane.segments == 1 ? "segment" : "segments");
    if (lane.next_step && status.outcome == "open")
      text += fmt::format("; go on from step {}, with checkpoint sha256:{}", *lane.next_step,
                          HexEncode(lane.checkpoint->span()));
    text += "\n";
  }
  if (status.closing) text += "closed by " + HexEncode(status.closing->span()) + "\n";
  for (const std::string& step : status.unlogged_steps) {
    text += "unlogged  " + step + " is signed but has no receipt: repeat the command\n";
  }
  return text;
}

std::string StatusJson(const pipeline::RunStatus& status) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject().Member("outcome", status.outcome);
  if (status.run) writer.Member("run", HexEncode(status.run->span()));
  writer.Key("segments").BeginArray();
  for (const pipeline::LaneStatus& lane : status.lanes) writer.Unsigned(lane.segments);
  writer.EndArray().Key("lanes").BeginArray();
  for (const pipeline::LaneStatus& lane : status.lanes) {
    writer.BeginObject().Member("segments", lane.segments);
    if (lane.next_step) writer.Member("next_step", *lane.next_step);
    if (lane.checkpoint) writer.Member("checkpoint", HexEncode(lane.checkpoint->span()));
    writer.EndObject();
  }
  writer.EndArray();
  if (status.closing) writer.Member("completion", HexEncode(status.closing->span()));
  writer.Key("unlogged_steps").BeginArray();
  for (const std::string& step : status.unlogged_steps) writer.String(step);
  return writer.EndArray().EndObject().Take();
}

// Attests the machine, so that the run can plan it; its id is printed beside the run's.
Result<> PlanThisMachine(const RunOptions& options, const AtWork& work, Terminal& terminal,
                         FillOptions& fill) {
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(const auto machine,
             pipeline::ReadThisMachine(options.fill.cpu ? pipeline::Accelerators::kCpuOnly
                                                        : pipeline::Accelerators::kAny));
  CARNET_TRY(const auto attested, pipeline::AttestMachine(machine, work.signer, work.ledger, chips,
                                                          {terminal.Now(), terminal.Nonce(), false},
                                                          options.signing.dry_run));
  for (const std::string& note : attested.notes) terminal.Note(note);
  const std::string id = HexEncode(attested.id.span());
  terminal.Note((attested.repeated ? "this machine was already recorded: device " : "device ") +
                id);
  if (options.signing.dry_run) work.recorder.Expect(attested.id);
  fill.devices.push_back(id);
  return Ok();
}

// What was signed then, from which nobody wrote a line.
ComposedDraft AsRecorded(schemas::Kind kind, std::string text) {
  ComposedDraft draft{std::move(text), schemas::KindName(kind)};
  draft.origin.composed = true;
  return draft;
}

// `given` was read once, before everything else: standard input and pipes give a text only once,
// and a file could change in between.
Result<ComposedDraft> OpenText(const RunOptions& options, const pipeline::GivenDraft& given,
                               const AtWork& work, Terminal& terminal) {
  if (given.file.empty()) {
    CARNET_TRY(auto recorded, pipeline::RecordedRun(options.directory, given.set));
    if (recorded) return AsRecorded(schemas::Kind::kRun, *std::move(recorded));
  }
  CARNET_TRY(ComposedDraft draft, StepDraft(schemas::Kind::kRun, given, {}, terminal));
  if (!options.fill.this_machine) return draft;
  // Now that nothing is missing, as the device stays attested whatever becomes of the run.
  FillOptions fill = options.fill;
  fill.datasets.clear();  // these are in the draft already
  fill.allocations.clear();
  fill.set.clear();
  CARNET_TRY_VOID(PlanThisMachine(options, work, terminal, fill));
  CARNET_TRY(const auto planned, OpenDraft(schemas::Kind::kRun, "", fill));
  CARNET_TRY(
      const auto whole,
      pipeline::ComposeDraft(
          schemas::Kind::kRun,
          {.file = draft.origin.name, .text = std::move(draft.text), .set = planned.set}, {}, {}));
  draft.text = whole.text;
  draft.origin.composed = true;
  draft.origin.written = given.text;
  return draft;
}

Result<ComposedDraft> SegmentText(const RunOptions& options, const pipeline::GivenDraft& given,
                                  const artifact::ModelFiles& checkpoint, const AtWork& work,
                                  Terminal& terminal) {
  CARNET_TRY(const auto reader, work.ledger.Read());
  pipeline::DerivedDraft derived;
  if (given.file.empty()) {
    CARNET_TRY(auto recorded, pipeline::RecordedSegment(options.directory, options.lane, given.set,
                                                        checkpoint.digest));
    if (recorded) return AsRecorded(schemas::Kind::kSegment, *std::move(recorded));
    CARNET_TRY(derived, DeriveDraft(schemas::Kind::kSegment, given.set,
                                    {.run_directory = options.directory,
                                     .lane = options.lane,
                                     .model = &checkpoint,
                                     .reader = reader.get()},
                                    terminal));
  }
  for (const std::string& note : derived.notes) terminal.Note(note);
  CARNET_TRY(const auto chips, verifier::compute::ShippedCatalogue());
  CARNET_TRY(auto composed,
             pipeline::ComposeSegment(given, derived, pipeline::LoggedPeaks(*reader, chips)));
  for (const std::string& note : composed.notes) terminal.Note(note);
  return composed;
}

// For `carnet check`: where it cannot be done, nothing is lost but a default.
void RememberFiles(const RunOptions& options, pipeline::Recorder& recorder, Terminal& terminal) {
  std::error_code error;
  const auto path = std::filesystem::absolute(options.files, error);
  const auto written = error ? Result<>(Io(options.files + ": " + error.message()))
                             : recorder.RememberFiles(path.string());
  if (!written)
    terminal.Note("recorded, but `carnet check` will need --model: " + written.error().message);
}

}  // namespace

ExitCode RunOpen(const RunOptions& options, Terminal& terminal) {
  if (options.fill.this_machine && !options.fill.devices.empty()) {
    return terminal.WrongUsage("--this-machine is the run's device: leave --device out");
  }
  const auto fill = WithWholeIds(options.fill, options.signing.ledger, terminal);
  if (!fill) return terminal.Fail(fill.error());
  const auto given = OpenDraft(schemas::Kind::kRun, options.draft, *fill);
  if (!given) return terminal.Fail(given.error());
  return WithRecorder(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
    CARNET_TRY(const auto draft, OpenText(options, *given, work, terminal));
    work.recorder.NameDraft(draft.origin);
    return work.recorder.OpenRun(draft.text, work.moment);
  });
}

ExitCode RunSegment(const RunOptions& options, Terminal& terminal) {
  const auto given = OpenDraft(schemas::Kind::kSegment, options.draft, options.fill);
  if (!given) return terminal.Fail(given.error());
  const auto files = OpenRecordedModel(options.files, options.follow, options.covering, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
    CARNET_TRY(const auto draft, SegmentText(options, *given, *files, work, terminal));
    work.recorder.NameDraft(draft.origin);
    auto recorded =
        work.recorder.Segment(draft.text, options.lane, *files, work.moment, options.seq);
    if (recorded && !recorded->repeated) RememberFiles(options, work.recorder, terminal);
    return recorded;
  });
}

ExitCode RunComplete(const RunOptions& options, Terminal& terminal) {
  const auto given = OpenDraft(schemas::Kind::kCompletion, options.draft, options.fill);
  if (!given) return terminal.Fail(given.error());
  const auto draft = StepDraft(schemas::Kind::kCompletion, *given, {}, terminal);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenRecordedModel(options.files, options.follow, options.covering, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(options, terminal, [&](const AtWork& work) {
    work.recorder.NameDraft(draft->origin);
    auto recorded = work.recorder.Complete(draft->text, *files, work.moment);
    if (recorded && !recorded->repeated) RememberFiles(options, work.recorder, terminal);
    return recorded;
  });
}

ExitCode RunAbort(const RunOptions& options, Terminal& terminal) {
  return WithRecorder(options, terminal, [&](const AtWork& work) {
    return work.recorder.Abort(options.reason, work.moment);
  });
}

ExitCode RunStatus(const RunOptions& options, Terminal& terminal) {
  const auto status = pipeline::ReadRunStatus(options.directory);
  if (!status) return terminal.Fail(status.error());
  terminal.Out(options.json ? StatusJson(*status) : StatusText(*status));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
