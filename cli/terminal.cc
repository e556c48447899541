#include "cli/terminal.h"

#include <fmt/core.h>

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <initializer_list>
#include <utility>

#include "cli/hints.h"
#include "cli/password_prompt.h"
#include "core/hex.h"
#include "core/utf8.h"
#include "crypto/random.h"

namespace carnet::cli {
namespace {

constexpr char kLedgerPassword[] = "CARNET_LEDGER_PASSWORD";
constexpr char kNewPassword[] = "CARNET_NEW_PASSWORD";
constexpr size_t kMaxMessage = size_t{1} << 16;

std::string Seconds(std::chrono::steady_clock::duration time) {
  return fmt::format("{:.3f} s", std::chrono::duration<double>(time).count());
}

// Of the first of these variables that is set.
std::optional<GivenPassword> FirstSet(std::initializer_list<const char*> variables) {
  for (const char* variable : variables) {
    if (const char* value = std::getenv(variable)) return GivenPassword{variable, value};
  }
  return std::nullopt;
}

Result<crypto::SecretBytes> GivenOrAsked(std::initializer_list<const char*> variables,
                                         std::string_view question) {
  if (const auto given = FirstSet(variables)) return crypto::SecretBytes::CopyOf(given->value);
  return AskPassword(question, *variables.begin());
}

// Safe to show; some messages have lines to copy.
std::string Shown(std::string_view message) {
  std::string shown;
  for (size_t begin = 0; begin <= message.size();) {
    const size_t end = std::min(message.find('\n', begin), message.size());
    if (begin > 0) shown += '\n';
    shown += Printable(message.substr(begin, end - begin), kMaxMessage);
    begin = end + 1;
  }
  return shown;
}

}  // namespace

ExitCode ExitCodeOf(ErrorCode code) {
  switch (code) {
    case ErrorCode::kMalformed:
    case ErrorCode::kRejected:
    case ErrorCode::kConflict:
    case ErrorCode::kCorruption:
      return ExitCode::kNo;
    case ErrorCode::kNotFound:
    case ErrorCode::kIo:
    case ErrorCode::kUnsupported:
      return ExitCode::kCouldNotTell;
  }
  CARNET_CHECK(false);
}

Terminal::Terminal(std::optional<json::Layout> json_failures)
    : json_failures_(json_failures),
      colours_(::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr),
      progress_(::isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()),
      drawn_(started_),
      began_(started_),
      last_detail_(started_) {}

void Terminal::Hush() {
  quiet_ = true;
  progress_ = false;
}

void Terminal::Out(std::string_view text) {
  out_used_ = out_used_ || !text.empty();
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) != 0 || !written) out_failed_ = true;
}

ExitCode Terminal::Finish(ExitCode status) {
  if (out_failed_) return CouldNotTell(Io("standard output: could not be written"));
  Detail("ended with status " + std::to_string(static_cast<int>(status)) + " after " +
         Seconds(std::chrono::steady_clock::now() - began_));
  if (!json_failures_ || out_used_ || !failure_) return status;
  Out(FailureJson(*failure_, status, *json_failures_));
  return out_failed_ ? CouldNotTell(Io("standard output: could not be written")) : status;
}

void Terminal::Line(std::string_view line) {
  EndProgress();
  std::fprintf(stderr, "carnet: %s\n", Shown(line).c_str());
}

void Terminal::Note(std::string_view line) {
  if (!quiet_) Line(line);
}

void Terminal::Say(std::string_view line) { Line(line); }

void Terminal::Warn(std::string_view line) { Line("warning: " + std::string(line)); }

void Terminal::Detail(std::string_view line) {
  if (!verbose_) return;
  const auto now = std::chrono::steady_clock::now();
  Line(fmt::format("[{}] {}", Seconds(now - last_detail_), line));
  last_detail_ = now;
}

Error Terminal::Hinted(Error error, std::string hint) {
  hinted_ = Failure{"", error.message, std::move(hint)};
  return error;
}

// A hint belongs to its error, in whatever context that is reported, and to no other.
void Terminal::Report(std::string_view code, const std::string& message, std::string hint) {
  if (hint.empty() && hinted_ && message.ends_with(hinted_->message)) hint = hinted_->hint;
  Line("error: " + message);
  if (!hint.empty()) Line("hint: " + hint);
  if (!failure_) failure_ = Failure{std::string(code), Shown(message), Shown(hint)};
}

ExitCode Terminal::Fail(const Error& error) {
  Report(ErrorCodeName(error.code), error.message, "");
  return ExitCodeOf(error.code);
}

ExitCode Terminal::Done(const Result<>& result) {
  return result ? ExitCode::kYes : Fail(result.error());
}

ExitCode Terminal::WrongUsage(std::string_view why, std::string hint) {
  Report("usage", std::string(why), std::move(hint));
  return ExitCode::kUsage;
}

ExitCode Terminal::CouldNotTell(const Error& error) {
  Report(ErrorCodeName(error.code), error.message, "");
  return ExitCode::kCouldNotTell;
}

std::string Terminal::Coloured(std::string_view code, std::string_view text) const {
  if (!colours_) return std::string(text);
  return "\x1b[" + std::string(code) + "m" + std::string(text) + "\x1b[0m";
}

std::string Terminal::Green(std::string_view text) const { return Coloured("32", text); }
std::string Terminal::Red(std::string_view text) const { return Coloured("31", text); }
std::string Terminal::Yellow(std::string_view text) const { return Coloured("33", text); }

std::function<void(uint64_t, uint64_t)> Terminal::Progress(std::string what) {
  if (!progress_) return nullptr;
  started_ = std::chrono::steady_clock::now();
  return [this, what = std::move(what)](uint64_t done, uint64_t total) {
    using std::chrono::milliseconds;
    const auto now = std::chrono::steady_clock::now();
    if (now - started_ < milliseconds(1000) || now - drawn_ < milliseconds(100)) return;
    drawn_ = now;
    progress_shown_ = true;
    const uint64_t percent = total == 0 ? 0 : done / (total / 100 + 1);
    std::fprintf(stderr, "\rcarnet: %s %3d %%", what.c_str(), static_cast<int>(percent));
  };
}

void Terminal::EndProgress() {
  if (!progress_shown_) return;
  std::fputs("\r\x1b[K", stderr);
  progress_shown_ = false;
}

TimestampMs Terminal::Now() const {
  using std::chrono::milliseconds;
  const auto since = std::chrono::system_clock::now().time_since_epoch();
  return TimestampMs(
      static_cast<uint64_t>(std::chrono::duration_cast<milliseconds>(since).count()));
}

std::string Terminal::Nonce() const {
  std::array<uint8_t, 16> bytes{};
  crypto::FillRandom(bytes);
  return HexEncode(bytes);
}

std::function<Result<crypto::SecretBytes>()> Terminal::KeyPassword() {
  return [] {
    return GivenOrAsked({"CARNET_PASSWORD", "COSIGN_PASSWORD"}, "password of the private key");
  };
}

std::function<Result<crypto::SecretBytes>()> Terminal::TokenPin() {
  return [] { return GivenOrAsked({"CARNET_PIN"}, "PIN of the token"); };
}

std::function<Result<crypto::SecretBytes>()> Terminal::LedgerPassword() {
  return [] { return GivenOrAsked({kLedgerPassword}, "password of the ledger's key"); };
}

Result<crypto::SecretBytes> Terminal::PasswordOfNewKey(const std::string& command) {
  return NotEmpty(FirstSet({"CARNET_PASSWORD", "COSIGN_PASSWORD"}), "CARNET_PASSWORD", command);
}

Result<crypto::SecretBytes> Terminal::NewPassword(const std::string& command) {
  return NotEmpty(FirstSet({kNewPassword}), kNewPassword, command);
}

Result<crypto::SecretBytes> Terminal::PasswordOfNewLedger() {
  const auto given = FirstSet({kLedgerPassword});
  CARNET_CHECK(given.has_value());  // HasLedgerPassword
  if (!given->value.empty()) return crypto::SecretBytes::CopyOf(given->value);
  return Hinted(Io(std::string(kLedgerPassword) + " is set, but empty"),
                HintFor(Situation::kEmptyLedgerPassword, kLedgerPassword));
}

Result<crypto::SecretBytes> Terminal::NotEmpty(const std::optional<GivenPassword>& given,
                                               std::string_view variable,
                                               const std::string& command) {
  Result<crypto::SecretBytes> password =
      given ? crypto::SecretBytes::CopyOf(given->value) : AskNewPassword("new password", variable);
  if (!password || password->size() > 0) return password;
  const std::string why =
      given ? std::string(given->variable) + " is set, but empty" : "the new password is empty";
  return Hinted(Io(why), HintFor(Situation::kEmptyPassword, command));
}

bool HasLedgerPassword() { return std::getenv(kLedgerPassword) != nullptr; }

}  // namespace carnet::cli
