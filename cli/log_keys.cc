#include "cli/log_keys.h"

#include "cli/open_inputs.h"
#include "cli/settings.h"
#include "core/utf8.h"

namespace carnet::cli {

Result<pipeline::LogKeys> OpenLogKeys(const std::string& vkey, const std::string& trust,
                                      const std::string& note, Terminal& terminal) {
  if (!vkey.empty()) {
    const auto key = merkle::NoteKey::ParseVkey(vkey);
    if (!key) return Io("--vkey: " + key.error().message);
    return pipeline::LogKeys{"the key given", *key};
  }
  CARNET_TRY(const trust::Trust trusted, OpenTrust(trust, terminal));
  CARNET_TRY(const merkle::SignedNote parsed, merkle::ParseUnverifiedNote(note));
  CARNET_TRY(const merkle::Checkpoint head, merkle::ParseUnverifiedCheckpoint(parsed.text));
  return pipeline::KeysOf(trusted, head.origin, terminal.Now());
}

ExitCode PrintChecked(const std::string& vkey, const std::string& trust,
                      const std::function<Result<std::string>()>& check, Terminal& terminal) {
  if (vkey.empty() && trust.empty())
    return terminal.WrongUsage("a key of the log is required: --vkey, " +
                               WaysToGive(Setting::kTrust, "--trust"));
  const auto report = check();
  if (!report) return terminal.Fail(report.error());
  terminal.Out(*report);
  return ExitCode::kYes;
}

}  // namespace carnet::cli
