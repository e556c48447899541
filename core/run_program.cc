#include "core/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "core/file.h"

extern char** environ;

namespace carnet {
namespace {

// A process in a group of its own, killed with all that it has started unless it was waited for.
class Child {
 public:
  explicit Child(pid_t process) : process_(process) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (process_ <= 0) return;
    ::kill(-process_, SIGKILL);
    int status = 0;
    while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
    }
  }

  // Its status, once it has ended; absent where `timer` comes first.
  std::optional<int> WaitUntil(int timer) {
    constexpr int kPauseMs = 5;
    int status = 0;
    while (::waitpid(process_, &status, WNOHANG) == 0) {
      pollfd over{timer, POLLIN, 0};
      if (::poll(&over, 1, kPauseMs) > 0) return std::nullopt;
    }
    process_ = 0;
    return status;
  }

 private:
  pid_t process_;
};

Result<pid_t> Start(std::vector<std::string>& arguments, int output) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  ::posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP);
  pid_t process = 0;
  const int failed =
      ::posix_spawnp(&process, pointers[0], &actions, &attributes, pointers.data(), environ);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed == 0) return process;
  errno = failed;
  return SystemError(arguments[0], "start");
}

// Readable once the time is over: a clock that nobody has to read.
Result<FileDescriptor> StartTimer(std::chrono::milliseconds time, const std::string& program) {
  FileDescriptor timer(::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC));
  itimerspec spec{};
  spec.it_value.tv_sec = time.count() / 1000;
  spec.it_value.tv_nsec = time.count() % 1000 * 1'000'000;
  if (timer.get() < 0 || ::timerfd_settime(timer.get(), 0, &spec, nullptr) != 0) {
    return SystemError(program, "timer");
  }
  return timer;
}

Error TooSlow(const std::string& program, const ProgramLimits& limits) {
  return Io(program + ": no end after " + std::to_string(limits.time.count()) + " ms");
}

Result<std::string> ReadOutput(int output, int timer, const std::string& program,
                               const ProgramLimits& limits) {
  std::string text;
  std::array<char, 16 * 1024> chunk{};
  while (true) {
    std::array<pollfd, 2> ready = {pollfd{output, POLLIN, 0}, pollfd{timer, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), -1) < 0) {
      if (errno == EINTR) continue;
      return SystemError(program, "poll");
    }
    if (ready[1].revents != 0) return TooSlow(program, limits);
    const ssize_t got = ::read(output, chunk.data(), chunk.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(program, "read");
    if (got == 0) return text;
    text.append(chunk.data(), static_cast<size_t>(got));
    if (text.size() > limits.output_bytes) {
      return Io(program + ": more than " + std::to_string(limits.output_bytes) +
                " bytes of output");
    }
  }
}

}  // namespace

Result<std::optional<ProgramOutput>> RunProgram(std::vector<std::string> arguments,
                                                const ProgramLimits& limits) {
  const std::string program = arguments.at(0);
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError(program, "pipe");
  const FileDescriptor output(ends[0]);
  std::optional<FileDescriptor> output_of_program{FileDescriptor(ends[1])};
  auto process = Start(arguments, output_of_program->get());
  output_of_program.reset();
  if (!process && process.error().code == ErrorCode::kNotFound) {
    return std::optional<ProgramOutput>();
  }
  if (!process) return std::move(process).error();
  Child child(*process);
  CARNET_TRY(const FileDescriptor timer, StartTimer(limits.time, program));
  CARNET_TRY(std::string text, ReadOutput(output.get(), timer.get(), program, limits));
  const auto status = child.WaitUntil(timer.get());
  if (!status) return TooSlow(program, limits);
  if (!WIFEXITED(*status)) return Io(program + ": ended by a signal");
  return std::optional<ProgramOutput>({WEXITSTATUS(*status), std::move(text)});
}

}  // namespace carnet
