#include "cli/record_step.h"

#include "cli/recorded_text.h"

namespace carnet::cli {

void NoteRecorded(const pipeline::Recorded& recorded, Terminal& terminal) {
  if (recorded.repeated) terminal.Note(recorded.step + " was already recorded");
  for (const std::string& note : recorded.notes) terminal.Note(note);
}

ExitCode Report(const Result<pipeline::Recorded>& recorded, bool json, Terminal& terminal) {
  if (!recorded) return terminal.Fail(recorded.error());
  if (recorded->unsigned_statement != nullptr) {
    PrintDryRun(*recorded->unsigned_statement, recorded->notes, terminal);
    return ExitCode::kYes;
  }
  NoteRecorded(*recorded, terminal);
  terminal.Out(RecordedText(*recorded, json));
  return ExitCode::kYes;
}

}  // namespace carnet::cli
