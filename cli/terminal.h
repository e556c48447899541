// Terminal: the only place where a command meets its user and its machine: standard streams,
// colours, passwords, the system clock, randomness.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/secret_bytes.h"

namespace carnet::cli {

class Terminal {
 public:
  Terminal();

  void Out(std::string_view text);   // results, to stdout; no LF added
  void Note(std::string_view line);  // everything else, a line to stderr

  // Prints `carnet: error: …` and returns the exit status that goes with it.
  ExitCode Fail(const Error& error);
  // "Done", or Fail.
  ExitCode Done(const Result<>& result);
  // The same for options that do not go together.
  ExitCode WrongUsage(std::string_view why);
  // The same for errors on the caller's side of a verdict: always "could not tell".
  ExitCode CouldNotTell(const Error& error);

  // `text` in a colour, if stdout is a terminal and NO_COLOR is not set.
  std::string Green(std::string_view text) const;
  std::string Red(std::string_view text) const;
  std::string Yellow(std::string_view text) const;

  // A line on stderr that is overwritten; only after the first second, and only on a terminal.
  std::function<void(uint64_t done, uint64_t total)> Progress(std::string what);
  void EndProgress();

  // The status to exit with: "could not be done" if the output could not be written.
  ExitCode Finish(ExitCode status);

  TimestampMs Now() const;
  std::string Nonce() const;  // 32 random lowercase hex digits

  // From CARNET_PASSWORD or COSIGN_PASSWORD, in this order, else from the terminal. Errors: io.
  std::function<Result<crypto::SecretBytes>()> KeyPassword();
  // From CARNET_LEDGER_PASSWORD, else from the terminal.
  std::function<Result<crypto::SecretBytes>()> LedgerPassword();

 private:
  std::string Coloured(std::string_view code, std::string_view text) const;
  bool colours_;
  bool progress_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_;
  bool progress_shown_ = false;
  bool out_failed_ = false;
};

// Whether CARNET_LEDGER_PASSWORD is set (a new ledger's key is then encrypted under it).
bool HasLedgerPassword();

}  // namespace carnet::cli
