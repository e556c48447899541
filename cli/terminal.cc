#include "cli/terminal.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstdlib>

#include "core/file.h"
#include "core/hex.h"
#include "crypto/random.h"

namespace carnet::cli {
namespace {

constexpr char kLedgerPassword[] = "CARNET_LEDGER_PASSWORD";

// Switches the terminal's echo off, and back on when a question was answered or abandoned.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), valid_(::tcgetattr(fd, &before_) == 0) {
    if (!valid_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(fd_, TCSAFLUSH, &quiet);
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (valid_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }

 private:
  int fd_;
  termios before_{};
  bool valid_;
};

Result<crypto::SecretBytes> Ask(std::string_view question, std::string_view variables) {
  const FileDescriptor tty(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (tty.get() < 0) {
    return Io("a password is needed: set " + std::string(variables) +
              " (there is no terminal to ask for it)");
  }
  const EchoOff echo_off(tty.get());
  const std::string prompt = std::string(question) + ": ";
  if (::write(tty.get(), prompt.data(), prompt.size()) < 0) return SystemError("/dev/tty", "write");
  constexpr size_t kMaxPassword = 1024;
  crypto::SecretBytes line(kMaxPassword);
  const ssize_t got = ::read(tty.get(), line.ExposeMutable().data(), kMaxPassword);
  if (got <= 0) return Io("no password was entered");
  if (::write(tty.get(), "\n", 1) < 0) return SystemError("/dev/tty", "write");
  size_t size = static_cast<size_t>(got);
  if (line.Expose()[size - 1] == '\n') --size;
  return crypto::SecretBytes::CopyOf(line.Expose().first(size));
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

Terminal::Terminal()
    : colours_(::isatty(STDOUT_FILENO) == 1 && std::getenv("NO_COLOR") == nullptr),
      progress_(::isatty(STDERR_FILENO) == 1),
      started_(std::chrono::steady_clock::now()),
      drawn_(started_) {}

void Terminal::Out(std::string_view text) {
  const bool written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size();
  if (std::fflush(stdout) != 0 || !written) out_failed_ = true;
}

ExitCode Terminal::Finish(ExitCode status) {
  return out_failed_ ? CouldNotTell(Io("standard output: could not be written")) : status;
}

void Terminal::Note(std::string_view line) {
  EndProgress();
  std::fprintf(stderr, "carnet: %.*s\n", static_cast<int>(line.size()), line.data());
}

ExitCode Terminal::Fail(const Error& error) {
  Note("error: " + error.message);
  return ExitCodeOf(error.code);
}

ExitCode Terminal::Done(const Result<>& result) {
  return result ? ExitCode::kYes : Fail(result.error());
}

ExitCode Terminal::WrongUsage(std::string_view why) {
  Note("error: " + std::string(why));
  return ExitCode::kUsage;
}

ExitCode Terminal::CouldNotTell(const Error& error) {
  Note("error: " + error.message);
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
  return []() -> Result<crypto::SecretBytes> {
    for (const char* variable : {"CARNET_PASSWORD", "COSIGN_PASSWORD"}) {
      if (const char* value = std::getenv(variable)) {
        return crypto::SecretBytes::CopyOf(std::string_view(value));
      }
    }
    return Ask("password of the private key", "CARNET_PASSWORD");
  };
}

std::function<Result<crypto::SecretBytes>()> Terminal::LedgerPassword() {
  return []() -> Result<crypto::SecretBytes> {
    if (const char* value = std::getenv(kLedgerPassword)) {
      return crypto::SecretBytes::CopyOf(std::string_view(value));
    }
    return Ask("password of the ledger's key", kLedgerPassword);
  };
}

bool HasLedgerPassword() { return std::getenv(kLedgerPassword) != nullptr; }

}  // namespace carnet::cli
