#include <fmt/core.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/open_run.h"
#include "cli/record_step.h"
#include "cli/step_draft.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"

namespace carnet::cli {
namespace {

using pipeline::ComposedDraft;

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

Result<ComposedDraft> SegmentText(const RunOptions& options, const pipeline::GivenDraft& given,
                                  const artifact::ModelFiles& checkpoint, const AtWork& work,
                                  Terminal& terminal) {
  CARNET_TRY(const auto reader, work.ledger.Read());
  CARNET_TRY(auto composed, pipeline::FillSegment(given,
                                                  {.run_directory = options.directory,
                                                   .lane = options.lane,
                                                   .model = &checkpoint,
                                                   .reader = reader.get()},
                                                  terminal.Now()));
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
  if (const std::string wrong = WrongInOpening(options); !wrong.empty()) {
    return terminal.WrongUsage(wrong);
  }
  const auto fill = WithWholeIds(options.fill, options.signing.ledger, terminal);
  if (!fill) return terminal.Fail(fill.error());
  const auto given = OpenDraft(schemas::Kind::kRun, options.draft, *fill);
  if (!given) return terminal.Fail(given.error());
  return Report(RecordOpening(options, *given, terminal), options.json, terminal);
}

ExitCode RunSegment(const RunOptions& options, Terminal& terminal) {
  const auto given = OpenDraft(schemas::Kind::kSegment, options.draft, options.fill);
  if (!given) return terminal.Fail(given.error());
  const auto files = OpenRecordedModel(options.files, options.follow, options.covering, terminal,
                                       options.digest_cache);
  if (!files) return terminal.Fail(files.error());
  const auto step =
      RecordStep(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
        CARNET_TRY(const auto draft, SegmentText(options, *given, *files, work, terminal));
        work.recorder.NameDraft(draft.origin);
        auto recorded =
            work.recorder.Segment(draft.text, options.lane, *files, work.moment, options.seq);
        if (recorded && !recorded->repeated) RememberFiles(options, work.recorder, terminal);
        return recorded;
      });
  return Report(step, options.json, terminal);
}

ExitCode RunComplete(const RunOptions& options, Terminal& terminal) {
  const auto given = OpenDraft(schemas::Kind::kCompletion, options.draft, options.fill);
  if (!given) return terminal.Fail(given.error());
  const auto draft = StepDraft(schemas::Kind::kCompletion, *given, {}, terminal);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenRecordedModel(options.files, options.follow, options.covering, terminal,
                                       options.digest_cache);
  if (!files) return terminal.Fail(files.error());
  const auto step =
      RecordStep(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
        work.recorder.NameDraft(draft->origin);
        auto recorded = work.recorder.Complete(draft->text, *files, work.moment);
        if (recorded && !recorded->repeated) RememberFiles(options, work.recorder, terminal);
        return recorded;
      });
  return Report(step, options.json, terminal);
}

ExitCode RunAbort(const RunOptions& options, Terminal& terminal) {
  const auto step =
      RecordStep(options, terminal, [&](const AtWork& work) -> Result<pipeline::Recorded> {
        return work.recorder.Abort(options.reason, work.moment);
      });
  return Report(step, options.json, terminal);
}

ExitCode RunStatus(const RunOptions& options, Terminal& terminal) {
  const auto status = pipeline::ReadRunStatus(options.directory);
  if (!status) return terminal.Fail(status.error());
  terminal.Out(options.json ? StatusJson(*status) : StatusText(*status));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
