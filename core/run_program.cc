#include "core/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <utility>

#include "core/check.h"
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

  // Its status, if it has ended.
  std::optional<int> Ended() {
    int status = 0;
    if (::waitpid(process_, &status, WNOHANG) == 0) return std::nullopt;
    process_ = 0;
    return status;
  }

 private:
  pid_t process_;
};

struct Pipe {
  FileDescriptor read;
  FileDescriptor write;
};

Result<Pipe> MakePipe(const std::string& program) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError(program, "pipe");
  return Pipe{FileDescriptor(ends[0]), FileDescriptor(ends[1])};
}

// A pipe holds all of it, so nobody waits here for a reader.
Result<FileDescriptor> PrepareInput(std::string_view input, const std::string& program) {
  CARNET_CHECK(input.size() <= kMaxProgramInput);
  CARNET_TRY(Pipe pipe, MakePipe(program));
  if (::write(pipe.write.get(), input.data(), input.size()) != static_cast<ssize_t>(input.size())) {
    return SystemError(program, "write its input");
  }
  return std::move(pipe.read);
}

// What the program has, as seen from it.
struct Streams {
  int input;
  int output;
  int errors;
};

Result<pid_t> Start(std::vector<std::string>& arguments, const Streams& streams) {
  std::vector<char*> pointers;
  pointers.reserve(arguments.size() + 1);
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, streams.input, STDIN_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, streams.output, STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, streams.errors, STDERR_FILENO);
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

constexpr size_t kKeptErrorBytes = 4 * 1024;
constexpr int kPauseMs = 5;

// What is there now; false at the end. At most `keep` bytes are kept of it all.
Result<bool> TakeSome(int fd, const std::string& program, size_t keep, std::string& text) {
  std::array<char, 16 * 1024> chunk{};
  const ssize_t got = ::read(fd, chunk.data(), chunk.size());
  if (got < 0 && errno == EINTR) return true;
  if (got < 0) return SystemError(program, "read");
  const size_t room = keep - std::min(keep, text.size());
  text.append(chunk.data(), std::min(room, static_cast<size_t>(got)));
  return got > 0;
}

// A program that has started, and what it says.
class ProgramAtWork {
 public:
  ProgramAtWork(const std::string& program, const ProgramLimits& limits, pid_t process, Pipe output,
                Pipe errors)
      : program_(program),
        limits_(limits),
        child_(process),
        output_(std::move(output.read)),
        errors_(std::move(errors.read)) {}

  // Until its output and itself have ended. What it leaves behind may hold its standard error for
  // ever: that is not waited for.
  Result<ProgramOutput> WaitForEnd() {
    CARNET_TRY(const FileDescriptor timer, StartTimer(limits_.time, program_));
    ProgramOutput said{};
    std::optional<int> status;
    while (!status) {
      CARNET_TRY_VOID(WaitForSome(timer.get(), said));
      if (!output_open_) status = child_.Ended();
    }
    errors_open_ = errors_open_ && IsReadable(errors_.get());
    if (errors_open_) CARNET_TRY_VOID(TakeErrors(said));
    if (!WIFEXITED(*status)) return Io(program_ + ": ended by a signal");
    said.status = WEXITSTATUS(*status);
    return said;
  }

 private:
  static bool IsReadable(int fd) {
    pollfd wanted{fd, POLLIN, 0};
    return ::poll(&wanted, 1, 0) == 1;
  }

  // Once the output has ended, its end is asked for every few milliseconds.
  Result<> WaitForSome(int timer, ProgramOutput& said) {
    std::array<pollfd, 3> ready = {pollfd{timer, POLLIN, 0},
                                   pollfd{output_open_ ? output_.get() : -1, POLLIN, 0},
                                   pollfd{errors_open_ ? errors_.get() : -1, POLLIN, 0}};
    if (::poll(ready.data(), ready.size(), output_open_ ? -1 : kPauseMs) < 0) {
      return errno == EINTR ? Ok() : Result<>(SystemError(program_, "poll"));
    }
    if (ready[0].revents != 0) {
      return Io(program_ + ": no end after " + std::to_string(limits_.time.count()) + " ms");
    }
    if (ready[1].revents != 0) CARNET_TRY_VOID(TakeOutput(said));
    if (ready[2].revents != 0) CARNET_TRY_VOID(TakeErrors(said));
    return Ok();
  }

  Result<> TakeOutput(ProgramOutput& said) {
    CARNET_TRY(output_open_,
               TakeSome(output_.get(), program_, limits_.output_bytes + 1, said.text));
    if (said.text.size() <= limits_.output_bytes) return Ok();
    return Io(program_ + ": more than " + std::to_string(limits_.output_bytes) +
              " bytes of output");
  }

  Result<> TakeErrors(ProgramOutput& said) {
    CARNET_TRY(errors_open_, TakeSome(errors_.get(), program_, kKeptErrorBytes, said.errors));
    return Ok();
  }

  const std::string& program_;
  const ProgramLimits& limits_;
  Child child_;
  FileDescriptor output_, errors_;
  bool output_open_ = true, errors_open_ = true;
};

}  // namespace

Result<std::optional<ProgramOutput>> RunProgram(std::vector<std::string> arguments,
                                                const ProgramLimits& limits,
                                                std::string_view input) {
  const std::string program = arguments.at(0);
  CARNET_TRY(Pipe output, MakePipe(program));
  CARNET_TRY(Pipe errors, MakePipe(program));
  CARNET_TRY(const FileDescriptor prepared, PrepareInput(input, program));
  const auto process = Start(arguments, {prepared.get(), output.write.get(), errors.write.get()});
  if (!process && process.error().code == ErrorCode::kNotFound) {
    return std::optional<ProgramOutput>();
  }
  if (!process) return process.error();
  ProgramAtWork at_work(program, limits, *process, std::move(output), std::move(errors));
  CARNET_TRY(ProgramOutput said, at_work.WaitForEnd());
  return std::optional(std::move(said));
}

}  // namespace carnet
