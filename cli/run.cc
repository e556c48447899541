#include <fmt/core.h>

#include <filesystem>

#include "cli/command.h"
#include "cli/open_inputs.h"
#include "cli/recorded_text.h"
#include "core/file.h"
#include "core/hex.h"
#include "json/writer.h"
#include "pipeline/recorder.h"
#include "pipeline/run_status.h"

namespace carnet::cli {
namespace {

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
    recorder->NameDrafts(options.draft);
    const pipeline::Moment moment = {
        terminal.Now(), options.nonce.empty() ? terminal.Nonce() : options.nonce, false};
    return record(*recorder, moment);
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

Result<std::string> DraftOf(const RunOptions& options, Terminal& terminal) {
  if (options.draft.empty()) return std::string("{}");
  return OpenFile(options.draft, kMaxInputBytes, terminal);
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
  const auto draft = DraftOf(options, terminal);
  if (!draft) return terminal.Fail(draft.error());
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        return recorder.OpenRun(*draft, moment);
                      });
}

ExitCode RunSegment(const RunOptions& options, Terminal& terminal) {
  const auto draft = DraftOf(options, terminal);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenModel(options.files, options.follow, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(
      options, terminal, [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
        auto recorded = recorder.Segment(*draft, options.lane, *files, moment, options.seq);
        if (recorded) RememberFiles(options, recorder, terminal);
        return recorded;
      });
}

ExitCode RunComplete(const RunOptions& options, Terminal& terminal) {
  const auto draft = DraftOf(options, terminal);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenModel(options.files, options.follow, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        auto recorded = recorder.Complete(*draft, *files, moment);
                        if (recorded) RememberFiles(options, recorder, terminal);
                        return recorded;
                      });
}

ExitCode RunAbort(const RunOptions& options, Terminal& terminal) {
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        return recorder.Abort(options.reason, moment);
                      });
}

ExitCode RunStatus(const RunOptions& options, Terminal& terminal) {
  const auto status = pipeline::ReadRunStatus(options.directory);
  if (!status) return terminal.Fail(status.error());
  terminal.Out(options.json ? StatusJson(*status) : StatusText(*status));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
