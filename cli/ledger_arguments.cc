#include "cli/argument_checks.h"
#include "cli/parser.h"

namespace carnet::cli {

CLI::App* Parser::AddLedgerCommand(CLI::App* ledger, const std::string& name,
                                   const std::string& description, const std::string& example,
                                   const std::shared_ptr<LedgerOptions>& options,
                                   ExitCode (*function)(const LedgerOptions&, Terminal&),
                                   Need folder) {
  CLI::App* command = Add(*ledger, name, description, example, options, function);
  if (folder == Need::kRequired) {
    command->add_option("folder", options->folder, "folder of the ledger")->required();
  } else {
    AddSetting(command, Setting::kLedger, "folder", options->folder, "folder of the ledger",
               Need::kRequired);
  }
  return command;
}

void Parser::AddLedger() {
  CLI::App* ledger = app_.add_subcommand("ledger", "create, show, check and repair a ledger");
  ledger->require_subcommand(1);
  auto options = std::make_shared<LedgerOptions>();
  CLI::App* init = AddLedgerCommand(ledger, "init", "create a ledger with its own key",
                                    "carnet ledger init ./ledger --origin log.example.org", options,
                                    &LedgerInit, Need::kRequired);
  init->add_option("--origin", options->origin,
                   "its permanent name: a bare hostname, no scheme or port")
      ->required()
      ->check(&CheckOrigin);
  init->add_option("--guard", options->guard, "folder for its guard, best on another disk");
  AddLedgerChecks(ledger, options);
  AddLedgerRepairs(ledger, options);
  AddLedgerTexts(ledger, options);
  AddLedgerProofs(ledger);
  AddLedgerAppend(ledger);
}

void Parser::AddLedgerChecks(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options) {
  CLI::App* info = AddLedgerCommand(ledger, "info", "show origin, key, size and root",
                                    "carnet ledger info ./ledger", options, &LedgerInfo);
  AddJson(info, options->json);
  AddLedgerCommand(ledger, "checkpoint", "print the latest signed checkpoint",
                   "carnet ledger checkpoint ./ledger", options, &LedgerCheckpoint);
  CLI::App* fsck =
      AddLedgerCommand(ledger, "fsck", "re-derive everything from the entries and compare",
                       "carnet ledger fsck ./ledger", options, &LedgerFsck);
  AddGuard(fsck, options->guard);
  fsck->add_option("--threads", options->threads, "threads that check entries")
      ->check(CLI::Range(1, 256));
  constexpr uint64_t kMostEntries = uint64_t{1} << 53;
  fsck->add_option("--from", options->from, "first entry to check, a multiple of 256")
      ->check(CLI::Range(uint64_t{0}, kMostEntries));
  fsck->add_option("--to", options->to, "the entry after the last one to check (default: all)")
      ->check(CLI::Range(uint64_t{0}, kMostEntries));
  AddJson(fsck, options->json);
  CLI::App* trust = AddLedgerCommand(
      ledger, "trust", "write its trusted_root.json (Sigstore's format)",
      "carnet ledger trust ./ledger --out trust/trusted_root.json", options, &LedgerTrust);
  trust->add_option("--out", options->out, "file to write (default: standard output)");
  trust
      ->add_option("--operator", options->operator_name,
                   "who runs the ledger; the file is of version 0.2 then, which cosign 3.1 and "
                   "sigstore-python 4.5 do not read")
      ->check(&CheckText);
  AddForce(trust, options->force);
}

void Parser::AddLedgerRepairs(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options) {
  AddLedgerCommand(ledger, "compact", "merge its database's tables; needs as much free disk space",
                   "carnet ledger compact ./ledger", options, &LedgerCompact);
  CLI::App* rebuild = AddLedgerCommand(
      ledger, "rebuild",
      "make a damaged database anew from its entries, and compare with the last signed checkpoint",
      "carnet ledger rebuild ./ledger --from model.passport.sigstore.jsonl", options,
      &LedgerRebuild);
  rebuild
      ->add_option("--from", options->files,
                   "bundle or passport that may contain lost entries; may be repeated")
      ->allow_extra_args(false);
  AddGuard(rebuild, options->guard);
  CLI::App* guard = AddLedgerCommand(
      ledger, "restore-guard",
      "make a lost guard from the latest checkpoint at hand; a later one is then unknown here",
      "carnet ledger restore-guard ./ledger --checkpoint from-a-witness.txt", options,
      &LedgerRestoreGuard);
  guard
      ->add_option("--checkpoint", options->files,
                   "signed checkpoint kept elsewhere, or a bundle with a receipt; may be repeated")
      ->allow_extra_args(false);
  AddGuard(guard, options->guard);
}

void Parser::AddLedgerTexts(CLI::App* ledger, const std::shared_ptr<LedgerOptions>& options) {
  CLI::App* erase = AddLedgerCommand(
      ledger, "erase-text",
      "remove a statement's text from the database; its entry and receipts stay good",
      "carnet ledger erase-text ./ledger 91ab… --reason 'court order 12/26'", options,
      &LedgerEraseText, Need::kRequired);
  erase
      ->add_option("statement", options->statement,
                   "statement id, all 64 digits of it: this cannot be undone")
      ->required()
      ->transform(StatementIdArgument());
  erase->add_option("--reason", options->reason, "why: shown in place of the text")
      ->required()
      ->check(&CheckReason);
  CLI::App* restore =
      AddLedgerCommand(ledger, "restore-text", "put erased or withheld texts back from bundles",
                       "carnet ledger restore-text ./ledger device.sigstore.json", options,
                       &LedgerRestoreText, Need::kRequired);
  restore->add_option("bundles", options->files, "bundles or passports")->required();
}

void Parser::AddLedgerAppend(CLI::App* ledger) {
  auto options = std::make_shared<AppendOptions>();
  CLI::App* append = Add(*ledger, "append", "verify and log statements that others signed",
                         "carnet ledger append device.sigstore.json --key cosign.pub --ledger "
                         "./ledger --out logged.sigstore.json",
                         options, &LedgerAppend);
  append
      ->add_option("bundles", options->bundles,
                   "Sigstore bundles, one a file or one a line; - is standard input")
      ->required();
  append
      ->add_option("--key", options->keys,
                   "public key that signed, in place of a trust directory's; may be repeated")
      ->allow_extra_args(false);
  AddSetting(append, Setting::kTrust, "--trust", options->trust,
             "trust directory with the keys and identities that may have signed", Need::kOptional);
  AddSetting(append, Setting::kLedger, "--ledger", options->ledger, "folder of the ledger",
             Need::kRequired);
  AddGuard(append, options->guard);
  AddWait(append, options->wait);
  append->add_flag("--append-anyway", options->anyway,
                   "log also what the gate will refuse, to try a gate out");
  append->add_option("--out", options->out,
                     "write the bundles, with their receipts, to this file, one a line; - is "
                     "standard output");
  AddForce(append, options->force);
  AddJson(append, options->json);
}

}  // namespace carnet::cli
