#include "tests/support/victim.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <stdexcept>

extern char** environ;

namespace carnet::test {

Victim::Victim(std::vector<std::string> arguments) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) throw std::runtime_error("pipe");
  output_ = FileDescriptor(ends[0]);
  const FileDescriptor writing(ends[1]);
  std::vector<char*> raw;
  for (std::string& argument : arguments) raw.push_back(argument.data());
  raw.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, writing.get(), STDOUT_FILENO);
  const int failed = ::posix_spawn(&pid_, raw[0], &actions, nullptr, raw.data(), environ);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) throw std::runtime_error("cannot start " + arguments[0]);
}

Victim::~Victim() {
  if (pid_ <= 0) return;
  ::kill(pid_, SIGKILL);
  ::waitpid(pid_, nullptr, 0);
}

void Victim::AwaitFirstLine(std::chrono::milliseconds at_most) {
  const auto deadline = std::chrono::steady_clock::now() + at_most;
  while (text_.find('\n') == text_.npos) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready{output_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) return;
    if (!ReadSome()) return;
  }
}

std::vector<std::string> Victim::Kill() {
  int status = 0;
  if (::kill(pid_, SIGKILL) != 0 || ::waitpid(pid_, &status, 0) != pid_)
    throw std::runtime_error("kill");
  pid_ = -1;
  while (ReadSome()) continue;
  if (!WIFSIGNALED(status)) throw std::runtime_error("ended by itself: " + text_);
  std::vector<std::string> lines;
  size_t begin = 0;
  for (size_t end; (end = text_.find('\n', begin)) != text_.npos; begin = end + 1) {
    lines.push_back(text_.substr(begin, end - begin));
  }
  return lines;
}

bool Victim::ReadSome() {
  char buffer[4096];
  const ssize_t got = ::read(output_.get(), buffer, sizeof buffer);
  if (got <= 0) return false;
  text_.append(buffer, static_cast<size_t>(got));
  return true;
}

}  // namespace carnet::test
