// Terminal: the only place where a command meets its user and its machine: standard streams,
// colours, passwords, the system clock, randomness.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "cli/exit_code.h"
#include "cli/failure_json.h"
#include "core/result.h"
#include "core/timestamp.h"
#include "crypto/secret_bytes.h"
#include "json/writer.h"

namespace carnet::cli {

struct GivenPassword {
  const char* variable;
  std::string_view value;
};

class Terminal {
 public:
  // `json_failures`: a command that fails without a result prints what it reported as one JSON
  // document of this layout, when it finishes.
  explicit Terminal(std::optional<json::Layout> json_failures);

  void Hush();                             // --quiet: no notes, no progress
  void TellDetails() { verbose_ = true; }  // --verbose

  void Out(std::string_view text);  // results, to stdout; no LF added
  bool out_failed() const { return out_failed_; }
  void Note(std::string_view line);    // everything else, a line to stderr
  void Say(std::string_view line);     // the same, also where notes are not wanted
  void Warn(std::string_view line);    // the same, as a warning
  void Detail(std::string_view line);  // only for --verbose; with the time since the one before

  // `error`, for which Fail and CouldNotTell will print `carnet: hint: …` too.
  Error Hinted(Error error, std::string hint);

  // Prints `carnet: error: …` and returns the exit status that goes with it.
  ExitCode Fail(const Error& error);
  // "Done", or Fail.
  ExitCode Done(const Result<>& result);
  // The same for options that do not go together.
  ExitCode WrongUsage(std::string_view why, std::string hint = "");
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
  // From CARNET_PIN, else from the terminal.
  std::function<Result<crypto::SecretBytes>()> TokenPin();
  // From CARNET_LEDGER_PASSWORD, else from the terminal.
  std::function<Result<crypto::SecretBytes>()> LedgerPassword();
  // For a key that is made, from the variables of KeyPassword, and for one that is there, from
  // CARNET_NEW_PASSWORD; else asked for twice. An empty one is refused: the hint is `command` with
  // --no-password. Errors: io, rejected (two that differ).
  Result<crypto::SecretBytes> PasswordOfNewKey(const std::string& command);
  Result<crypto::SecretBytes> NewPassword(const std::string& command);
  // From CARNET_LEDGER_PASSWORD, which is set, for a ledger's key that is made. Errors: io (empty).
  Result<crypto::SecretBytes> PasswordOfNewLedger();

 private:
  void Line(std::string_view line);
  void Report(std::string_view code, const std::string& message, std::string hint);
  Result<crypto::SecretBytes> NotEmpty(const std::optional<GivenPassword>& given,
                                       std::string_view variable, const std::string& command);
  std::string Coloured(std::string_view code, std::string_view text) const;
  const std::optional<json::Layout> json_failures_;
  bool quiet_ = false;
  bool verbose_ = false;
  std::optional<Failure> failure_;  // the first
  std::optional<Failure> hinted_;
  bool colours_;
  bool progress_;
  std::chrono::steady_clock::time_point started_;
  std::chrono::steady_clock::time_point drawn_;
  bool progress_shown_ = false;
  std::chrono::steady_clock::time_point began_;
  std::chrono::steady_clock::time_point last_detail_;
  bool out_used_ = false;
  bool out_failed_ = false;
};

// Whether CARNET_LEDGER_PASSWORD is set (a new ledger's key is then encrypted under it).
bool HasLedgerPassword();

}  // namespace carnet::cli
