#include "signer/change_password.h"

#include <filesystem>

#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "core/file.h"
#include "core/shell_word.h"

namespace carnet::cli {
namespace {

// A ledger's own key has a password of its own: `key.pem`, beside its database.
bool IsOfLedger(const std::string& path) {
  const std::filesystem::path file(path);
  return file.filename() == "key.pem" && PathExists((file.parent_path() / "db").string());
}

Result<> Change(const PasswdOptions& options, Terminal& terminal) {
  WarnIfExposed(options.key, terminal);
  const bool of_ledger = IsOfLedger(options.key);
  const signer::PasswordChange change = {
      of_ledger ? terminal.LedgerPassword() : terminal.KeyPassword(),
      [&]() -> Result<crypto::SecretBytes> {
        if (options.no_password) return crypto::SecretBytes(0);
        return terminal.NewPassword("carnet passwd " + ShellWord(options.key));
      }};
  const auto changed = signer::ChangePassword(options.key, change, FreshRandomness());
  if (!changed) {
    return HintedKeyError(changed.error(), options.key,
                          of_ledger ? kLedgerPasswordVariable : kPasswordVariable, terminal);
  }
  terminal.Note("changed the password of " + options.key);
  return Ok();
}

}  // namespace

ExitCode Passwd(const PasswdOptions& options, Terminal& terminal) {
  const auto changed = Change(options, terminal);
  if (!changed) return terminal.CouldNotTell(changed.error());
  return ExitCode::kYes;
}

}  // namespace carnet::cli
