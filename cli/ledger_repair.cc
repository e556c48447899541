#include <fmt/core.h>

#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "cli/read_bundles.h"
#include "cli/read_input.h"
#include "core/hex.h"
#include "core/shell_word.h"
#include "ledger/compact.h"
#include "ledger/erase.h"
#include "ledger/ledger.h"
#include "ledger/rebuild.h"
#include "ledger/restore_guard.h"
#include "schemas/limits.h"

namespace carnet::cli {
namespace {

// Checkpoints as `ledger checkpoint` prints them, or those of a bundle's or passport's receipts.
Result<std::vector<std::string>> ReadCheckpoints(const std::vector<std::string>& files) {
  std::vector<std::string> notes;
  for (const std::string& file : files) {
    CARNET_TRY(std::string text, ReadInput(file, schemas::kMaxPassportBytes));
    if (!text.starts_with('{')) {
      notes.push_back(std::move(text));  // of any size: the reader of notes has its limit
      continue;
    }
    Bundles bundles;
    CARNET_TRY_VOID(ReadBundleLines(file, text, bundles));
    for (const ledger::NamedBundle& each : bundles)
      for (const sigstore::LogEntry& entry : each.bundle.entries)
        if (notes.empty() || notes.back() != entry.checkpoint) notes.push_back(entry.checkpoint);
  }
  return notes;
}

std::string ListOf(const std::vector<LeafIndex>& entries) {
  std::string list;
  for (const LeafIndex entry : entries)
    list += (list.empty() ? "" : ", ") + std::to_string(entry.value());
  return list;
}

Result<> Rebuild(const LedgerOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto bundles, ReadBundles(options.files));
  ledger::LedgerOptions open;
  open.guard = options.guard;
  open.password = terminal.LedgerPassword();
  const auto rebuilt = ledger::Rebuild(options.folder, open, bundles, terminal.Progress("rebuild"));
  terminal.EndProgress();
  if (!rebuilt) return rebuilt.error();
  terminal.Out(
      fmt::format("rebuilt  {} entries; their root is the last signed checkpoint's, of size {}\n",
                  rebuilt->size.value(), rebuilt->signed_size.value()));
  if (!rebuilt->supplied.empty())
    terminal.Out(fmt::format("supplied {} of them from bundles, with their texts: {}\n",
                             rebuilt->supplied.size(), ListOf(rebuilt->supplied)));
  if (rebuilt->dropped > 0)
    terminal.Out(fmt::format(
        "dropped  {} entries beyond the checkpoint, behind a gap; no receipt at hand has them\n",
        rebuilt->dropped));
  if (!rebuilt->set_aside.empty())
    terminal.Note("the database as it was is in " + rebuilt->set_aside);
  return Ok();
}

Result<> RestoreGuard(const LedgerOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto notes, ReadCheckpoints(options.files));
  CARNET_TRY(const auto restored, ledger::RestoreGuard(options.folder, options.guard, notes));
  terminal.Out(fmt::format("guard  {}\nsize   {} signed, {} in the database\n", restored.folder,
                           restored.size.value(), restored.database_size.value()));
  terminal.Note(
      "given up: whether this log has signed a later checkpoint. If it has, and this database is a "
      "restored backup, the next entry forks the log. Compare with a witness or the newest receipt "
      "first");
  return Ok();
}

Result<> EraseText(const LedgerOptions& options, Terminal& terminal) {
  const auto id = HexDecodeTo<StatementId>(options.statement);
  CARNET_CHECK(id.has_value());  // the command line accepts no other
  CARNET_TRY(const ledger::Erased erased,
             ledger::Erase(options.folder, *id, terminal.Now(), options.reason));
  terminal.Out(fmt::format("erased  the text of statement {}, entry {}\n", options.statement,
                           ListOf(erased.entries)));
  if (erased.already) terminal.Note("it was erased before; the reason given then stays");
  terminal.Note(
      "copies elsewhere remain: backups, databases that `ledger rebuild` set aside (db.damaged), "
      "passports, run directories, the disk's unused blocks");
  return Ok();
}

Result<> RestoreText(const LedgerOptions& options, Terminal& terminal) {
  CARNET_TRY(const auto bundles, ReadBundles(options.files));
  std::vector<Bytes> payloads;
  payloads.reserve(bundles.size());
  for (const auto& each : bundles) payloads.push_back(each.bundle.envelope.payload);
  CARNET_TRY(const auto restored, ledger::Restore(options.folder, payloads));
  if (restored.empty())
    return NotFound(options.folder +
                    ": nothing to restore: of these statements it lacks no text, or has no entry");
  bool index_differs = false;
  for (const ledger::RestoredText& text : restored) {
    index_differs = index_differs || text.index_differs;
    terminal.Out(fmt::format("restored  the text of statement {}, entry {}\n",
                             HexEncode(text.id.span()), ListOf(text.entries)));
  }
  if (index_differs)
    terminal.Note("the index has other terms than these texts: run `carnet ledger rebuild`");
  return Ok();
}

ExitCode DoneIn(const std::string& folder, const Result<>& result, Terminal& terminal) {
  if (result) return ExitCode::kYes;
  return terminal.Fail(HintedLedgerError(result.error(), folder, terminal));
}

}  // namespace

ExitCode LedgerCompact(const LedgerOptions& options, Terminal& terminal) {
  return DoneIn(options.folder, ledger::Compact(options.folder), terminal);
}

ExitCode LedgerRebuild(const LedgerOptions& options, Terminal& terminal) {
  const std::string wrong = CheckOneStandard(options.files);
  if (!wrong.empty()) return terminal.WrongUsage(wrong);
  const auto rebuilt = Rebuild(options, terminal);
  if (rebuilt || rebuilt.error().code != ErrorCode::kCorruption)
    return DoneIn(options.folder, rebuilt, terminal);
  // Of a damaged ledger the hint would be this very command.
  if (rebuilt.error().message.find(" are lost: ") == std::string::npos)
    return terminal.Fail(rebuilt.error());
  return terminal.Fail(terminal.Hinted(
      rebuilt.error(), HintFor(Situation::kLostEntries, ShellWord(options.folder))));
}

ExitCode LedgerRestoreGuard(const LedgerOptions& options, Terminal& terminal) {
  const std::string wrong = CheckOneStandard(options.files);
  if (!wrong.empty()) return terminal.WrongUsage(wrong);
  return DoneIn(options.folder, RestoreGuard(options, terminal), terminal);
}

ExitCode LedgerEraseText(const LedgerOptions& options, Terminal& terminal) {
  return DoneIn(options.folder, EraseText(options, terminal), terminal);
}

ExitCode LedgerRestoreText(const LedgerOptions& options, Terminal& terminal) {
  const std::string wrong = CheckOneStandard(options.files);
  if (!wrong.empty()) return terminal.WrongUsage(wrong);
  return DoneIn(options.folder, RestoreText(options, terminal), terminal);
}

}  // namespace carnet::cli
