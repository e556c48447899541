#include "pipeline/trace.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <optional>

#include "cli/command.h"
#include "cli/hints.h"
#include "cli/open_inputs.h"
#include "cli/write_output.h"
#include "core/file.h"
#include "pipeline/resolve_digest.h"

extern char** environ;

namespace carnet::cli {
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

// Runs `dot -Tsvg` on the drawing. Its input is an unnamed file, so that neither side can
// block on a full pipe.
Result<std::string> DrawSvg(const std::string& dot, Terminal& terminal) {
  const FileDescriptor input(::memfd_create("lineage", 0));
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
    return terminal.Hinted(
        NotFound("dot is not installed: --format svg needs Graphviz (--format dot does not)"),
        HintFor(Situation::kNoGraphviz, ""));
  }
  output_of_dot = FileDescriptor(-1);
  CARNET_TRY(std::string svg, ReadAll(output.get()));
  int status = 0;
  if (::waitpid(process, &status, 0) != process || status != 0) {
    return Io("dot failed to draw the lineage");
  }
  return svg;
}

constexpr size_t kMaxStatements = 100'000;  // each way

std::optional<pipeline::TraceDirection> DirectionOf(const TraceOptions& options) {
  if (options.direction == "ancestors") return pipeline::TraceDirection::kAncestors;
  if (options.direction == "descendants") return pipeline::TraceDirection::kDescendants;
  if (options.direction == "both") return pipeline::TraceDirection::kBoth;
  return std::nullopt;
}

Result<std::string> Render(const TraceOptions& options, Terminal& terminal) {
  CARNET_TRY(const ledger::DigestPrefix named, pipeline::ParseDigest(options.subject));
  CARNET_TRY_VOID(CheckOutput(options.out, options.force));
  CARNET_TRY(const auto policy, OpenPolicy(options.policy, options.trust, options.at, terminal));
  std::optional<trust::Trust> trust;
  if (!options.trust.empty()) {
    CARNET_TRY(trust, OpenTrust(options.trust, terminal));
  }
  CARNET_TRY(const auto reader, OpenReader(options.ledger, terminal));
  CARNET_TRY(const SubjectDigest subject, pipeline::ResolveDigest(*reader, named));
  CARNET_TRY(const pipeline::Trace trace,
             pipeline::TraceLineage(*reader, subject, policy, trust ? &*trust : nullptr,
                                    kMaxStatements, DirectionOf(options)));
  if (options.format == "tree") return RenderTrace(trace, pipeline::TraceFormat::kTree);
  if (options.format == "json") return RenderTrace(trace, pipeline::TraceFormat::kJson);
  const std::string dot = RenderTrace(trace, pipeline::TraceFormat::kDot);
  if (options.format == "dot") return dot;
  return DrawSvg(dot, terminal);
}

}  // namespace

ExitCode Trace(const TraceOptions& options, Terminal& terminal) {
  const auto text = Render(options, terminal);
  if (!text) return terminal.Fail(text.error());
  const auto written = WriteOrPrint(options.out, *text, options.force, terminal);
  if (!written) return terminal.Fail(written.error());
  return ExitCode::kYes;
}

}  // namespace carnet::cli
