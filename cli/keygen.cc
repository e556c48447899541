#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "core/file.h"
#include "core/shell_word.h"
#include "core/signer_id.h"
#include "crypto/ecdsa.h"
#include "crypto/wiped_text.h"
#include "signer/file_key.h"
#include "sigstore/key_file.h"

namespace carnet::cli {
namespace {

Result<crypto::P256PrivateKey> KeyToWrite(const KeygenOptions& options, Terminal& terminal) {
  if (options.in.empty()) return crypto::P256PrivateKey::Generate();
  WarnIfExposed(options.in, terminal);
  CARNET_TRY(std::string text, ReadFile(options.in, sigstore::kMaxKeyFileBytes));
  const crypto::WipedText pem(std::move(text));
  const auto key = [&]() -> Result<crypto::P256PrivateKey> {
    CARNET_TRY(const sigstore::KeyFileForm form, sigstore::DetectKeyFile(pem.text()));
    crypto::SecretBytes password(0);
    if (sigstore::NeedsPassword(form)) {
      CARNET_TRY(password, terminal.KeyPassword()());
    }
    CARNET_TRY(const crypto::SecretBytes pkcs8, sigstore::OpenKeyFile(pem.text(), password));
    return crypto::P256PrivateKey::ParsePkcs8(pkcs8);
  };
  auto result = key();
  if (result) return result;
  Error error = result.error().In(options.in);
  if (error.code != ErrorCode::kRejected) return error;
  return HintedKeyError(std::move(error), options.in, kPasswordVariable, terminal);
}

// As it was called.
std::string CommandOf(const KeygenOptions& options) {
  std::string command = "carnet keygen --out " + ShellWord(options.out);
  if (!options.in.empty()) command += " --in " + ShellWord(options.in);
  return command + (options.force ? " --force" : "");
}

Result<> WriteKey(const KeygenOptions& options, const crypto::P256PrivateKey& key,
                  Terminal& terminal) {
  const Overwrite overwrite = options.force ? Overwrite::kReplace : Overwrite::kForbid;
  if (options.no_password) return signer::WritePlainKeyPair(options.out, key, overwrite);
  CARNET_TRY(const crypto::SecretBytes password, terminal.PasswordOfNewKey(CommandOf(options)));
  return signer::WriteKeyPair(options.out, key, password, FreshRandomness(), overwrite);
}

Result<> WritePair(const KeygenOptions& options, Terminal& terminal) {
  CARNET_TRY(const crypto::P256PrivateKey key, KeyToWrite(options, terminal));
  CARNET_TRY_VOID(WriteKey(options, key, terminal));
  terminal.Out(SignerId(key.public_key().id()).ToString() + "\n");
  const std::string how = options.no_password ? ".key (NOT encrypted)" : ".key (encrypted)";
  terminal.Note("wrote " + options.out + how + " and " + options.out + ".pub");
  return Ok();
}

}  // namespace

ExitCode Keygen(const KeygenOptions& options, Terminal& terminal) {
  const auto written = WritePair(options, terminal);
  if (!written) return terminal.CouldNotTell(written.error());
  return ExitCode::kYes;
}

}  // namespace carnet::cli
