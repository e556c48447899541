#include "cli/open_inputs.h"

#include <fmt/core.h>

#include <sys/stat.h>

#include <array>
#include <utility>

#include "api/find_chips.h"
#include "api/find_policy.h"
#include "artifact/covered_files.h"
#include "cli/hints.h"
#include "cli/open_digest_cache.h"
#include "cli/quantity_text.h"
#include "cli/read_input.h"
#include "core/closest.h"
#include "core/file.h"
#include "core/shell_word.h"
#include "crypto/random.h"
#include "ledger/folder_lock.h"
#include "signer/key_place.h"
#include "signer/open_signer.h"
#include "signer/pkcs11_uri.h"
#include "trust/load_trust.h"

namespace carnet::cli {
namespace {

// An error whose exit status says that the command could not be done, whatever its content.
Error CallersSide(Error error) {
  return ExitCodeOf(error.code) == ExitCode::kCouldNotTell ? error : Io(std::move(error.message));
}

template <typename T>
Result<T> CallersSide(Result<T> opened) {
  if (!opened) return CallersSide(std::move(opened).error());
  return opened;
}

// A wrong PIN counts against those that the token allows: no guess is made twice unasked.
Error HintedPinError(Error error, Terminal& terminal) {
  if (error.message.find("CKR_PIN_INCORRECT") == error.message.npos) return error;
  return terminal.Hinted(std::move(error), HintFor(Situation::kWrongPassword, kPinVariable));
}

void WarnIfPinExposed(const std::string& key, Terminal& terminal) {
  const auto uri = signer::ParsePkcs11Uri(key);
  if (uri && !uri->pin_file.empty()) WarnIfExposed(uri->pin_file, terminal, "PIN");
}

Result<std::unique_ptr<signer::Signer>> OpenSignerElsewhere(const std::string& key,
                                                            Terminal& terminal) {
  if (signer::KeyPlaceOf(key) == signer::KeyPlace::kToken) WarnIfPinExposed(key, terminal);
  auto signer = signer::OpenSigner(key, {terminal.KeyPassword(), terminal.TokenPin()});
  if (!signer) return CallersSide(HintedPinError(signer.error(), terminal));
  terminal.Detail("opened a key that is elsewhere: " + (*signer)->id().ToString());
  return signer;
}

}  // namespace

void WarnIfExposed(const std::string& path, Terminal& terminal, std::string_view secret) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return;
  if ((status.st_mode & (S_IRGRP | S_IROTH)) == 0) return;
  terminal.Warn(fmt::format("{}: others can read this {} (mode {:04o}): chmod 600", path, secret,
                            status.st_mode & 07777));
}

Error HintedKeyError(Error error, const std::string& path, const std::string& variable,
                     Terminal& terminal) {
  if (error.code == ErrorCode::kRejected && error.message.find("wrong password") != path.npos) {
    return terminal.Hinted(std::move(error), HintFor(Situation::kWrongPassword, variable));
  }
  if (error.code != ErrorCode::kNotFound || PathExists(path)) return error;
  const std::string prefix = path.ends_with(".key") ? path.substr(0, path.size() - 4) : path;
  return terminal.Hinted(std::move(error), HintFor(Situation::kNoKey, ShellWord(prefix)));
}

signer::KeyFileRandomness FreshRandomness() {
  std::array<uint8_t, 32> salt{};
  std::array<uint8_t, 24> nonce{};
  crypto::FillRandom(salt);
  crypto::FillRandom(nonce);
  return {salt, crypto::BoxNonce(nonce)};
}

Error HintedLedgerError(Error error, const std::string& folder, Terminal& terminal) {
  if (!PathExists(folder + "/db")) {
    return terminal.Hinted(std::move(error), HintFor(Situation::kNoLedger, ShellWord(folder)));
  }
  const bool listed = PathExists(folder + "/db/CURRENT");  // else RocksDB knows no tables
  if (error.code == ErrorCode::kCorruption || !listed) {
    return terminal.Hinted(std::move(error), HintFor(Situation::kDamagedLedger, ShellWord(folder)));
  }
  if (!error.message.ends_with(ledger::kLedgerInUse)) {
    return HintedKeyError(std::move(error), folder, kLedgerPasswordVariable, terminal);
  }
  return terminal.Hinted(std::move(error), HintFor(Situation::kBusyLedger, ShellWord(folder)));
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
  if (opened) {
    terminal.Detail("opened ledger " + folder + " to write");
    return opened;
  }
  Error error = HintedLedgerError(opened.error(), folder, terminal);
  const bool busy = error.code == ErrorCode::kConflict;
  const bool about_the_key = error.message.starts_with(key + ": ");  // a wrong password
  if (busy || about_the_key) error.code = ErrorCode::kIo;
  return error;
}

Result<std::unique_ptr<ledger::Reader>> OpenReader(const std::string& folder, Terminal& terminal) {
  auto reader = ledger::Reader::Open(folder);
  if (!reader) return HintedLedgerError(reader.error(), folder, terminal);
  terminal.Detail(
      fmt::format("opened ledger {} to read: tree size {}", folder, (*reader)->size().value()));
  return reader;
}

Result<std::unique_ptr<signer::Signer>> OpenSigner(const std::string& path, Terminal& terminal) {
  if (signer::KeyPlaceOf(path) != signer::KeyPlace::kFile) {
    return OpenSignerElsewhere(path, terminal);
  }
  WarnIfExposed(path, terminal);
  auto signer = signer::OpenKey(path, terminal.KeyPassword());
  if (!signer) {
    return CallersSide(HintedKeyError(signer.error(), path, kPasswordVariable, terminal));
  }
  terminal.Detail("opened key " + path + ": " + (*signer)->id().ToString());
  return signer;
}

pipeline::OnFinding OnFindingOf(const SigningOptions& signing) {
  return signing.anyway ? pipeline::OnFinding::kNote : pipeline::OnFinding::kRefuse;
}

Result<trust::Trust> OpenTrust(const std::string& folder, Terminal& terminal) {
  auto trust = CallersSide(trust::LoadTrust(folder));
  if (trust) {
    terminal.Detail(fmt::format("read trust directory {}: {} keys, {} logs", folder,
                                trust->keys().size(), trust->logs().size()));
    return trust;
  }
  if (PathExists(folder + "/trusted_root.json")) return trust;
  return terminal.Hinted(trust.error(), HintFor(Situation::kNoTrust, ShellWord(folder)));
}

Error HintedPolicyError(Error error, const std::string& name, const std::string& trust,
                        Terminal& terminal) {
  if (error.code != ErrorCode::kNotFound || name.ends_with(".toml")) return error;
  const auto ids = api::PolicyIds(trust);
  const auto meant = ids ? Closest(name, *ids) : std::nullopt;
  if (meant) return terminal.Hinted(std::move(error), "did you mean " + *meant + "?");
  const std::string option = trust.empty() ? "" : " --trust " + ShellWord(trust);
  return terminal.Hinted(std::move(error), HintFor(Situation::kUnknownPolicy, option));
}

Result<verifier::policy::Policy> OpenPolicy(const std::string& name, const std::string& trust,
                                            const std::string& at, Terminal& terminal) {
  TimestampMs date = terminal.Now();
  if (!at.empty()) {
    CARNET_TRY(date, ParseDate(at));
  }
  auto policy = api::FindPolicy(name, trust, date);
  if (!policy) return CallersSide(HintedPolicyError(policy.error(), name, trust, terminal));
  terminal.Detail("read policy " + policy->id + ": sha256:" + policy->digest);
  return policy;
}

Result<verifier::compute::Catalogue> OpenChips(const trust::Trust& trust, const std::string& file) {
  return CallersSide(api::FindChips(file, trust));
}

Result<verifier::compute::Catalogue> OpenChipsIn(const std::string& folder, const std::string& file,
                                                 Terminal& terminal) {
  CARNET_TRY(const trust::Trust trust,
             folder.empty() ? trust::Trust::Create({}, {}) : OpenTrust(folder, terminal));
  return OpenChips(trust, file);
}

Result<artifact::ModelFiles> ReadModelFiles(const std::string& path,
                                            const artifact::ReadOptions& options) {
  auto model = artifact::ReadModel(path, options);
  const bool busy = !model && model.error().code == ErrorCode::kConflict;
  return busy ? CallersSide(std::move(model)) : std::move(model);
}

Result<artifact::ModelFiles> OpenModel(const std::string& path, bool follow, Terminal& terminal,
                                       const std::string& digest_cache) {
  CARNET_TRY(auto cache, OpenedDigestCache::Open(digest_cache, {&path, 1}, terminal));
  artifact::ReadOptions options;
  options.cache = cache.cache();
  options.follow_links = follow;
  options.progress = terminal.Progress("digest");
  auto model = ReadModelFiles(path, options);
  terminal.EndProgress();
  if (model) {
    cache.Save(terminal);
    terminal.Detail(fmt::format("read {}: {} files, {}", path, GroupedText(model->files.size()),
                                BytesText(model->total_bytes)));
  }
  return model;
}

Result<std::vector<pipeline::ParentModel>> OpenParents(const std::vector<std::string>& paths,
                                                       bool follow, Terminal& terminal) {
  std::vector<pipeline::ParentModel> parents;
  for (const std::string& path : paths) {
    CARNET_TRY(auto files, OpenModel(path, follow, terminal));
    parents.push_back({path, std::move(files)});
  }
  return parents;
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
                                               const CoveringOptions& covering, Terminal& terminal,
                                               const std::string& digest_cache) {
  CARNET_TRY(artifact::ModelFiles model, OpenModel(path, follow, terminal, digest_cache));
  auto recorded = artifact::LeaveOut(std::move(model), PatternsOf(covering));
  return recorded ? std::move(recorded) : recorded.error().In(path);
}

Result<std::string> OpenFile(const std::string& path, uint64_t max_bytes, Terminal& terminal) {
  auto content = ReadInput(path, max_bytes);
  if (content) terminal.Detail("read " + path + ": " + BytesText(content->size()));
  return content;
}

}  // namespace carnet::cli
