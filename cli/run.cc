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
    CARNET_TRY(const auto ledger,
               OpenLedger(options.signing.ledger, options.signing.guard, terminal));
    auto opened =
        pipeline::Recorder::Open(options.directory, *signer, *ledger, OnFindingOf(options.signing));
    if (!opened) return Io(opened.error().message);  // another recorder is at work
    const auto recorder = std::move(opened).value();
    const pipeline::Moment moment = {terminal.Now(),
                                     options.nonce.empty() ? terminal.Nonce() : options.nonce};
    return record(*recorder, moment);
  };
  const auto recorded = step();
  if (!recorded) return terminal.Fail(recorded.error());
  if (recorded->repeated) terminal.Note(recorded->step + " was already recorded");
  for (const std::string& note : recorded->notes) terminal.Note(note);
  terminal.Out(RecordedText(*recorded, options.json));
  return ExitCode::kYes;
}

std::string StatusText(const pipeline::RunStatus& status) {
  std::string text = "outcome   " + status.outcome + "\n";
  if (status.run) text += "run       " + HexEncode(status.run->span()) + "\n";
  for (size_t lane = 0; lane < status.segments.size(); ++lane) {
    text += "lane " + std::to_string(lane) + "    " + std::to_string(status.segments[lane]) +
            (status.segments[lane] == 1 ? " segment\n" : " segments\n");
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
  for (const uint64_t count : status.segments) writer.Unsigned(count);
  writer.EndArray();
  if (status.closing) writer.Member("completion", HexEncode(status.closing->span()));
  writer.Key("unlogged_steps").BeginArray();
  for (const std::string& step : status.unlogged_steps) writer.String(step);
  return writer.EndArray().EndObject().Take();
}

Result<std::string> DraftOf(const RunOptions& options) {
  if (options.draft.empty()) return std::string("{}");
  return ReadFile(options.draft, kMaxInputBytes);
}

}  // namespace

ExitCode RunOpen(const RunOptions& options, Terminal& terminal) {
  const auto draft = DraftOf(options);
  if (!draft) return terminal.Fail(draft.error());
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        return recorder.OpenRun(*draft, moment);
                      });
}

ExitCode RunSegment(const RunOptions& options, Terminal& terminal) {
  const auto draft = DraftOf(options);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenModel(options.files, options.follow, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        return recorder.Segment(*draft, options.lane, *files, moment);
                      });
}

ExitCode RunComplete(const RunOptions& options, Terminal& terminal) {
  const auto draft = DraftOf(options);
  if (!draft) return terminal.Fail(draft.error());
  const auto files = OpenModel(options.files, options.follow, terminal);
  if (!files) return terminal.Fail(files.error());
  return WithRecorder(options, terminal,
                      [&](pipeline::Recorder& recorder, const pipeline::Moment& moment) {
                        return recorder.Complete(*draft, *files, moment);
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
