#include "cli/password_prompt.h"

#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <csignal>
#include <optional>
#include <string>
#include <utility>

#include "core/file.h"

namespace carnet::cli {
namespace {

constexpr size_t kMaxPassword = 1024;

// Those that a person at the terminal causes, or that a closing one does.
constexpr std::array kCaught = {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP};

std::atomic<int> caught_signal = 0;  // lock-free, so a handler may set it
static_assert(std::atomic<int>::is_always_lock_free);

void Catch(int signal) { caught_signal = signal; }

// While it lives, a signal only ends `Wait`. `Restore` gives all back, and then the signal to whom
// it was meant for.
class HeldSignals {
 public:
  HeldSignals() {
    caught_signal = 0;
    sigset_t held;
    ::sigemptyset(&held);
    for (const int signal : kCaught) ::sigaddset(&held, signal);
    ::sigprocmask(SIG_BLOCK, &held, &mask_before_);
    struct sigaction action {};
    action.sa_handler = &Catch;
    for (size_t i = 0; i < kCaught.size(); ++i) ::sigaction(kCaught[i], &action, &before_[i]);
  }
  HeldSignals(const HeldSignals&) = delete;
  HeldSignals& operator=(const HeldSignals&) = delete;
  ~HeldSignals() {
    for (size_t i = 0; i < kCaught.size(); ++i) ::sigaction(kCaught[i], &before_[i], nullptr);
    if (const int signal = caught_signal) ::raise(signal);
    ::sigprocmask(SIG_SETMASK, &mask_before_, nullptr);
  }

  // Until there is something to read, or a signal came; then false.
  bool Wait(int fd) const {
    pollfd wanted{fd, POLLIN, 0};
    return ::ppoll(&wanted, 1, nullptr, &mask_before_) == 1 && caught_signal == 0;
  }

 private:
  sigset_t mask_before_{};
  std::array<struct sigaction, kCaught.size()> before_{};
};

// The terminal without echo; with it again when the question was answered or given up.
class EchoOff {
 public:
  explicit EchoOff(int fd) : fd_(fd), valid_(::tcgetattr(fd, &before_) == 0) {
    if (!valid_) return;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    valid_ = ::tcsetattr(fd_, TCSAFLUSH, &quiet) == 0;
  }
  EchoOff(const EchoOff&) = delete;
  EchoOff& operator=(const EchoOff&) = delete;
  ~EchoOff() {
    if (valid_) ::tcsetattr(fd_, TCSAFLUSH, &before_);
  }
  bool valid() const { return valid_; }

 private:
  int fd_;
  termios before_{};
  bool valid_;
};

Result<crypto::SecretBytes> ReadLine(int tty) {
  crypto::SecretBytes line(kMaxPassword + 1);
  const ssize_t got = ::read(tty, line.ExposeMutable().data(), line.size());
  if (got <= 0) return Io("no password was entered");
  const auto size = static_cast<size_t>(got);
  if (line.Expose()[size - 1] != '\n') {
    ::tcflush(tty, TCIFLUSH);  // the rest is not for whoever reads the terminal next
    return Io("the password was not one line of at most 1024 bytes");
  }
  return crypto::SecretBytes::CopyOf(line.Expose().first(size - 1));
}

// Absent where a signal came first.
Result<std::optional<crypto::SecretBytes>> AskOnce(int tty, const std::string& prompt) {
  const HeldSignals signals;
  const EchoOff echo_off(tty);
  if (!echo_off.valid()) return SystemError("/dev/tty", "turn the echo off");
  if (::write(tty, prompt.data(), prompt.size()) < 0) return SystemError("/dev/tty", "write");
  if (!signals.Wait(tty)) {
    if (::write(tty, "\n", 1) < 0) return SystemError("/dev/tty", "write");
    return std::optional<crypto::SecretBytes>();
  }
  CARNET_TRY(crypto::SecretBytes line, ReadLine(tty));
  if (::write(tty, "\n", 1) < 0) return SystemError("/dev/tty", "write");
  return std::optional(std::move(line));
}

bool Same(const crypto::SecretBytes& a, const crypto::SecretBytes& b) {
  return std::equal(a.Expose().begin(), a.Expose().end(), b.Expose().begin(), b.Expose().end());
}

}  // namespace

Result<crypto::SecretBytes> AskPassword(std::string_view question, std::string_view variable) {
  const FileDescriptor tty(::open("/dev/tty", O_RDWR | O_CLOEXEC));
  if (tty.get() < 0) {
    return Io("a password is needed: set " + std::string(variable) +
              " (there is no terminal to ask for it)");
  }
  const std::string prompt = std::string(question) + ": ";
  // A signal ends the process, or stops it for a while: then the question is asked again.
  for (;;) {
    CARNET_TRY(auto answer, AskOnce(tty.get(), prompt));
    if (answer) return *std::move(answer);
  }
}

Result<crypto::SecretBytes> AskNewPassword(std::string_view question, std::string_view variable) {
  CARNET_TRY(crypto::SecretBytes first, AskPassword(question, variable));
  if (first.size() == 0) return first;
  CARNET_TRY(const crypto::SecretBytes second,
             AskPassword(std::string(question) + ", again", variable));
  if (!Same(first, second)) return Rejected("the two passwords differ");
  return first;
}

}  // namespace carnet::cli
