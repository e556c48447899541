#include "tests/cli/carnet_process.h"

#include <fcntl.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>

#include "core/file.h"
#include "tests/support/party_keys.h"

namespace carnet::test {
namespace {

std::string ContentOf(int fd) {
  std::string content;
  char buffer[4096];
  if (::lseek(fd, 0, SEEK_SET) != 0) GiveUp("lseek");
  while (const ssize_t got = ::read(fd, buffer, sizeof buffer)) {
    if (got < 0) GiveUp("read");
    content.append(buffer, static_cast<size_t>(got));
  }
  return content;
}

std::vector<char*> Pointers(std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (std::string& text : texts) pointers.push_back(text.data());
  pointers.push_back(nullptr);
  return pointers;
}

}  // namespace

CarnetProcess::CarnetProcess(std::string folder) : folder_(std::move(folder)) {
  const char* path = ::getenv("PATH");
  const std::string binary = std::filesystem::path(CARNET_BINARY).parent_path().string();
  environment_ = {{"PATH", binary + ":" + (path == nullptr ? "/usr/bin:/bin" : path)},
                  {"CARNET_PASSWORD", "secret"}};
}

Ran CarnetProcess::Run(const std::vector<std::string>& arguments) const {
  std::vector<std::string> all = {"carnet"};
  all.insert(all.end(), arguments.begin(), arguments.end());
  return Start(CARNET_BINARY, std::move(all));
}

Ran CarnetProcess::Shell(const std::string& command) const {
  return Start("/bin/sh", {"sh", "-c", command});
}

Ran CarnetProcess::Start(const std::string& program, std::vector<std::string> arguments) const {
  const FileDescriptor out(::memfd_create("out", MFD_CLOEXEC));
  const FileDescriptor err(::memfd_create("err", MFD_CLOEXEC));
  std::vector<std::string> environment;
  for (const auto& [name, value] : environment_) environment.push_back(name + "=" + value);
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  ::posix_spawn_file_actions_adddup2(&actions, out.get(), STDOUT_FILENO);
  ::posix_spawn_file_actions_adddup2(&actions, err.get(), STDERR_FILENO);
  ::posix_spawn_file_actions_addchdir_np(&actions, folder_.c_str());
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSID);  // no controlling terminal
  pid_t process = 0;
  const int failed = ::posix_spawn(&process, program.c_str(), &actions, &attributes,
                                   Pointers(arguments).data(), Pointers(environment).data());
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) GiveUp("cannot start " + program);
  int status = 0;
  if (::waitpid(process, &status, 0) != process) GiveUp("waitpid");
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, ContentOf(out.get()), ContentOf(err.get())};
}

}  // namespace carnet::test
