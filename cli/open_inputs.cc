#include "cli/open_inputs.h"

#include <fmt/core.h>

#include <sys/stat.h>

#include "api/find_chips.h"
#include "api/find_policy.h"
#include "artifact/covered_files.h"
#include "signer/file_key.h"
#include "trust/load_trust.h"

namespace carnet::cli {
namespace {

template <typename T>
Result<T> CallersSide(Result<T> opened) {
  if (!opened) return Io(std::move(opened).error().message);
  return opened;
}

}  // namespace

void WarnIfExposed(const std::string& path, Terminal& terminal) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if ((status.st_mode & (S_IRGRP | S_IROTH)) == 0) return;
  terminal.Note(
      fmt::format("warning: {}: others can read this private key (mode {:04o}): chmod 600", path,
                  status.st_mode & 07777));
}

Result<std::unique_ptr<ledger::Ledger>> OpenLedger(const std::string& folder,
                                                   const std::string& guard, Terminal& terminal,
                                                   unsigned wait_seconds) {
  ledger::LedgerOptions options;
  options.guard = guard;
  options.password = terminal.LedgerPassword();
  const std::string key = folder + "/key.pem";
  WarnIfExposed(key, terminal);
  auto opened =
      WaitForLock(wait_seconds, terminal, [&] { return ledger::Ledger::Open(folder, options); });
  if (opened) return opened;
  const bool busy = opened.error().code == ErrorCode::kConflict;
  const bool about_the_key = opened.error().message.starts_with(key + ": ");  // a wrong password
  return busy || about_the_key ? CallersSide(std::move(opened)) : std::move(opened);
}

Result<std::unique_ptr<signer::Signer>> OpenSigner(const std::string& path, Terminal& terminal) {
  WarnIfExposed(path, terminal);
  return CallersSide(signer::OpenKey(path, terminal.KeyPassword()));
}

pipeline::OnFinding OnFindingOf(const SigningOptions& signing) {
  return signing.anyway ? pipeline::OnFinding::kNote : pipeline::OnFinding::kRefuse;
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

Result<verifier::compute::Catalogue> OpenChips(const trust::Trust& trust, const std::string& file) {
  return CallersSide(api::FindChips(file, trust));
}

Result<verifier::compute::Catalogue> OpenChipsIn(const std::string& folder,
                                                 const std::string& file) {
  CARNET_TRY(const trust::Trust trust,
             folder.empty() ? trust::Trust::Create({}, {}) : OpenTrust(folder));
  return OpenChips(trust, file);
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

NotCovered PatternsOf(const CoveringOptions& covering) {
  NotCovered patterns = covering.cover_all ? NotCovered() : NotCovered::Shipped();
  for (const std::string& stated : covering.not_covered) {
    const std::vector<std::string_view> one = {stated};
    const auto more = NotCovered::Of(one);
    CARNET_CHECK(more.has_value());  // the command line accepts no other
    patterns = patterns.With(*more);
  }
  return patterns;
}

Result<artifact::ModelFiles> OpenRecordedModel(const std::string& path, bool follow,
                                               const CoveringOptions& covering,
                                               Terminal& terminal) {
  CARNET_TRY(artifact::ModelFiles model, OpenModel(path, follow, terminal));
  auto recorded = artifact::LeaveOut(std::move(model), PatternsOf(covering));
  return recorded ? std::move(recorded) : recorded.error().In(path);
}

}  // namespace carnet::cli
