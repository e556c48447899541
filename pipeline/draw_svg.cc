#include "pipeline/draw_svg.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>

#include "core/file.h"

extern char** environ;

namespace carnet::pipeline {
namespace {

Result<> WriteAll(int fd, std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(fd, text.data(), text.size());
    if (written <= 0) return SystemError("dot", "write");
    text.remove_prefix(static_cast<size_t>(written));
  }
  return Ok();
}

Result<std::string> ReadAll(int fd) {
  std::string text;
  std::array<char, 64 * 1024> chunk{};
  for (;;) {
    const ssize_t got = ::read(fd, chunk.data(), chunk.size());
    if (got < 0) return SystemError("dot", "read");
    if (got == 0) return text;
    text.append(chunk.data(), static_cast<size_t>(got));
  }
}

}  // namespace

// Its input is an unnamed file, so that neither side can block on a full pipe.
Result<std::string> DrawSvg(std::string_view dot) {
  const FileDescriptor input(::memfd_create("lineage", MFD_CLOEXEC));
  if (input.get() < 0) return SystemError("dot", "memfd_create");
  CARNET_TRY_VOID(WriteAll(input.get(), dot));
  if (::lseek(input.get(), 0, SEEK_SET) != 0) return SystemError("dot", "lseek");
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return SystemError("dot", "pipe");
  const FileDescriptor output(ends[0]);
  FileDescriptor output_of_dot(ends[1]);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, input.get(), STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&actions, output_of_dot.get(), STDOUT_FILENO);
  std::string name = "dot", format = "-Tsvg";
  std::array<char*, 3> arguments = {name.data(), format.data(), nullptr};
  pid_t process = 0;
  const int failed = ::posix_spawnp(&process, "dot", &actions, nullptr, arguments.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (failed != 0) {
    return NotFound("dot is not installed: Graphviz draws the SVG (as DOT it needs no program)");
  }
  output_of_dot = FileDescriptor(-1);
  CARNET_TRY(std::string svg, ReadAll(output.get()));
  int status = 0;
  if (::waitpid(process, &status, 0) != process || status != 0) {
    return Io("dot failed to draw the lineage");
  }
  return svg;
}

}  // namespace carnet::pipeline
