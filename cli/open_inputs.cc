#include "cli/open_inputs.h"

#include <filesystem>

#include "api/find_policy.h"
#include "core/file.h"
#include "signer/file_key.h"
#include "trust/load_trust.h"

namespace carnet::cli {
namespace {

template <typename T>
Result<T> CallersSide(Result<T> opened) {
  if (!opened) return Io(std::move(opened).error().message);
  return opened;
}

Error Exists(const std::string& path) {
  return Io(path + ": the file already exists (--force overwrites it)");
}

}  // namespace

Result<std::unique_ptr<ledger::Ledger>> OpenLedger(const std::string& folder,
                                                   const std::string& guard, Terminal& terminal) {
  ledger::LedgerOptions options;
  options.guard = guard;
  options.password = terminal.LedgerPassword();
  auto opened = ledger::Ledger::Open(folder, options);
  const bool busy = !opened && opened.error().code == ErrorCode::kConflict;
  return busy ? CallersSide(std::move(opened)) : std::move(opened);
}

Result<std::unique_ptr<signer::Signer>> OpenSigner(const std::string& path, Terminal& terminal) {
  return CallersSide(signer::OpenKey(path, terminal.KeyPassword()));
}

Result<trust::Trust> OpenTrust(const std::string& folder) {
  return CallersSide(trust::LoadTrust(folder));
}

Result<verifier::policy::Policy> OpenPolicy(const std::string& name, const std::string& trust,
                                            const std::string& at, const Terminal& terminal) {
  TimestampMs date = terminal.Now();
  if (!at.empty()) {
    CARNET_TRY(date, ParseDate(at));
  }
  return CallersSide(api::FindPolicy(name, trust, date));
}

Result<artifact::ModelFiles> OpenModel(const std::string& path, bool follow, Terminal& terminal) {
  artifact::ReadOptions options;
  options.follow_links = follow;
  options.progress = terminal.Progress("digest");
  auto model = artifact::ReadModel(path, options);
  terminal.EndProgress();
  // A file changed while it was read.
  const bool busy = !model && model.error().code == ErrorCode::kConflict;
  return busy ? CallersSide(std::move(model)) : std::move(model);
}

Result<> CheckOutput(const std::string& path, bool force) {
  if (path.empty()) return Ok();
  if (!force && PathExists(path)) return Exists(path);
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty() && !PathExists(folder)) return Io(path + ": no such folder");
  return Ok();
}

Result<> WriteOutput(const std::string& path, std::string_view content, bool force) {
  auto written = WriteFileAtomic(path, content, force ? Overwrite::kReplace : Overwrite::kForbid);
  if (!written && written.error().code == ErrorCode::kConflict) return Exists(path);
  return written;
}

Result<> WriteOrPrint(const std::string& path, std::string_view content, bool force,
                      Terminal& terminal) {
  if (!path.empty()) return WriteOutput(path, content, force);
  terminal.Out(content);
  return Ok();
}

}  // namespace carnet::cli
