#include "ledger/ledger.h"

#include <fmt/core.h>

#include <algorithm>

#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "cli/quantity_text.h"
#include "cli/write_output.h"
#include "core/hex.h"
#include "core/shell_word.h"
#include "crypto/ed25519.h"
#include "json/writer.h"
#include "ledger/fsck/fsck.h"
#include "sigstore/trusted_root.h"

namespace carnet::cli {
namespace {

Result<> MakeLedger(const LedgerOptions& options, Terminal& terminal) {
  const auto key = crypto::Ed25519PrivateKey::Generate();
  ledger::LedgerOptions create;
  create.guard = options.guard;
  if (!HasLedgerPassword()) {
    CARNET_TRY_VOID(ledger::Ledger::Create(options.folder, options.origin, key, nullptr, create));
  } else {
    CARNET_TRY(const crypto::SecretBytes password, terminal.PasswordOfNewLedger());
    CARNET_TRY_VOID(ledger::Ledger::Create(options.folder, options.origin, key, &password, create));
  }
  CARNET_TRY(const auto reader, OpenReader(options.folder, terminal));
  terminal.Out("log id  " + HexEncode(reader->log_id().span()) + "\n" + "vkey    " +
               reader->key().ToVkey() + "\n");
  if (!HasLedgerPassword()) {
    terminal.Note("key.pem is not encrypted: CARNET_LEDGER_PASSWORD is not set");
  }
  return Ok();
}

std::string InfoJson(const ledger::Reader& reader) {
  return json::Writer(json::Layout::kIndented)
      .BeginObject()
      .Member("origin", reader.key().name())
      .Member("log_id", HexEncode(reader.log_id().span()))
      .Member("vkey", reader.key().ToVkey())
      .Member("tree_size", reader.size().value())
      .Member("root", HexEncode(reader.head().root().span()))
      .Member("checkpoint", reader.checkpoint())
      .EndObject()
      .Take();
}

std::string InfoText(const ledger::Reader& reader) {
  return fmt::format(
      "origin      {}\nlog id      {}\nvkey        {}\ntree size   {}\nroot        {}\n",
      reader.key().name(), HexEncode(reader.log_id().span()), reader.key().ToVkey(),
      reader.size().value(), HexEncode(reader.head().root().span()));
}

std::string FsckJson(const ledger::FsckReport& report) {
  json::Writer writer(json::Layout::kIndented);
  writer.BeginObject()
      .Member("clean", report.findings.empty())
      .Member("tree_size", report.size.value())
      .Member("from", report.from)
      .Member("to", report.to)
      .Member("rows_checked", report.rows_checked)
      .Member("withheld", report.withheld)
      .Member("erased", report.erased)
      .Key("findings")
      .BeginArray();
  for (const std::string& finding : report.findings) writer.String(finding);
  return writer.EndArray().EndObject().Take();
}

std::string CheckedText(const ledger::FsckReport& report) {
  if (!report.opened) return "damaged  the database cannot be opened: no row was checked\n";
  return fmt::format("{}  {} rows checked, tree size {}\n",
                     report.findings.empty() ? "clean  " : "damaged",
                     GroupedText(report.rows_checked), report.size.value());
}

std::string FsckText(const ledger::FsckReport& report) {
  std::string text;
  for (const std::string& finding : report.findings) text += "damaged  " + finding + "\n";
  text += CheckedText(report);
  if (report.from > 0 || report.to < report.size.value())
    text += fmt::format(
        "part     entries {} to {}; root, guard and rows that no entry calls for were not all "
        "compared\n",
        report.from, report.to);
  if (report.withheld + report.erased > 0)
    text += fmt::format("absent   the texts of {} entries: {} withheld, {} erased\n",
                        GroupedText(report.withheld + report.erased), GroupedText(report.withheld),
                        GroupedText(report.erased));
  return text;
}

Result<> Trust(const LedgerOptions& options, Terminal& terminal) {
  CARNET_TRY_VOID(CheckOutput(options.out, options.force));
  CARNET_TRY(const auto reader, OpenReader(options.folder, terminal));
  // A log may say when its key came into force; a key that its ledger made was always this log's.
  sigstore::TrustedLog log{"https://" + reader->key().name(), reader->key(), TimestampMs(0),
                           std::nullopt, options.operator_name};
  const std::string text = sigstore::WriteTrustedRoot({{std::move(log)}, 0});
  return WriteOrPrint(options.out, text, options.force, terminal);
}

// A guard that is lost is another case, with a remedy of its own.
bool IsOfRows(const ledger::FsckReport& report) {
  return std::any_of(report.findings.begin(), report.findings.end(),
                     [](const std::string& finding) { return !finding.starts_with("guard: "); });
}

}  // namespace

ExitCode LedgerInit(const LedgerOptions& options, Terminal& terminal) {
  return terminal.Done(MakeLedger(options, terminal));
}

ExitCode LedgerInfo(const LedgerOptions& options, Terminal& terminal) {
  const auto reader = OpenReader(options.folder, terminal);
  if (!reader) return terminal.Fail(reader.error());
  terminal.Out(options.json ? InfoJson(**reader) : InfoText(**reader));
  return ExitCode::kYes;
}

ExitCode LedgerCheckpoint(const LedgerOptions& options, Terminal& terminal) {
  const auto reader = OpenReader(options.folder, terminal);
  if (!reader) return terminal.Fail(reader.error());
  terminal.Out((*reader)->checkpoint());
  return ExitCode::kYes;
}

ExitCode LedgerFsck(const LedgerOptions& options, Terminal& terminal) {
  ledger::FsckOptions check;
  check.guard = options.guard;
  check.threads = options.threads;
  check.from = options.from;
  check.to = options.to;
  check.progress = terminal.Progress("fsck");
  const auto report = ledger::Fsck(options.folder, check);
  terminal.EndProgress();
  if (!report && report.error().code == ErrorCode::kRejected)
    return terminal.WrongUsage(report.error().message);
  if (!report) return terminal.Fail(HintedLedgerError(report.error(), options.folder, terminal));
  terminal.Out(options.json ? FsckJson(*report) : FsckText(*report));
  if (IsOfRows(*report))
    terminal.Note("hint: " + HintFor(Situation::kDamagedLedger, ShellWord(options.folder)));
  return report->findings.empty() ? ExitCode::kYes : ExitCode::kNo;
}

ExitCode LedgerTrust(const LedgerOptions& options, Terminal& terminal) {
  return terminal.Done(Trust(options, terminal));
}

}  // namespace carnet::cli
