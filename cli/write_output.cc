#include "cli/write_output.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <filesystem>

#include "cli/read_input.h"
#include "core/file.h"
#include "pipeline/write_in_model.h"

namespace carnet::cli {
namespace {

Error Exists(const std::string& path) {
  return Io(path + ": the file already exists (--force overwrites it)");
}

enum class Target { kNewFile, kFile, kStream, kNeither };

// A link to a stream is that stream, as /dev/stdout is; a link to anything else is neither: what it
// would replace is not what it is called.
Target TargetAt(const std::string& path) {
  if (path == kStandard || GivenDescriptor(path) >= 0) return Target::kStream;
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0 && (S_ISCHR(status.st_mode) || S_ISFIFO(status.st_mode))) {
    return Target::kStream;
  }
  if (::lstat(path.c_str(), &status) != 0) return Target::kNewFile;
  return S_ISREG(status.st_mode) ? Target::kFile : Target::kNeither;
}

Result<> WriteToStream(const std::string& path, std::string_view content) {
  if (path == kStandard) return WriteToDescriptor(STDOUT_FILENO, "standard output", content);
  if (const int given = GivenDescriptor(path); given >= 0) {
    return WriteToDescriptor(given, path, content);
  }
  const FileDescriptor stream(::open(path.c_str(), O_WRONLY | O_NOCTTY | O_CLOEXEC));
  if (stream.get() < 0) return SystemError(path, "open");
  return WriteToDescriptor(stream.get(), path, content);
}

}  // namespace

Result<> CheckOutput(const std::string& path, bool force) {
  if (path.empty()) return Ok();
  switch (TargetAt(path)) {
    case Target::kStream:
      return Ok();
    case Target::kFile:
      return force ? Ok() : Exists(path);
    case Target::kNeither:
      return CheckReplaceable(path);
    case Target::kNewFile:
      break;
  }
  const std::string folder = std::filesystem::path(path).parent_path().string();
  if (!folder.empty() && !PathExists(folder)) return Io(path + ": no such folder");
  return Ok();
}

bool IsStandardOutput(const std::string& path) {
  return path == kStandard || GivenDescriptor(path) == STDOUT_FILENO;
}

Result<> WriteOutput(const std::string& path, std::string_view content, bool force) {
  if (TargetAt(path) == Target::kStream) return WriteToStream(path, content);
  auto written = WriteFileAtomic(path, content, force ? Overwrite::kReplace : Overwrite::kForbid);
  if (!written && written.error().code == ErrorCode::kConflict) return Exists(path);
  return written;
}

Result<> WriteOutputInModel(const std::string& model, const std::string& path,
                            std::string_view content, bool force) {
  if (TargetAt(path) == Target::kStream) return WriteToStream(path, content);
  auto written = pipeline::WriteInModel(model, path, content,
                                        force ? Overwrite::kReplace : Overwrite::kForbid);
  if (!written && written.error().code == ErrorCode::kConflict) return Exists(path);
  return written;
}

Result<> WriteOrPrint(const std::string& path, std::string_view content, bool force,
                      Terminal& terminal) {
  if (!path.empty()) return WriteOutput(path, content, force);
  terminal.Out(content);
  return Ok();
}

}  // namespace carnet::cli
