// Whole files, read within a bound and written so that a crash leaves the old file or the new one,
// never a part. POSIX only. Errors: io (with the path and the system's reason), not_found,
// malformed (larger than the bound).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "core/bytes.h"
#include "core/result.h"

namespace carnet {

// Owns a file descriptor.
class FileDescriptor {
 public:
  explicit FileDescriptor(int fd) : fd_(fd) {}
  FileDescriptor(FileDescriptor&& other) noexcept : fd_(other.Release()) {}
  FileDescriptor& operator=(FileDescriptor&& other) noexcept;
  ~FileDescriptor();

  int get() const { return fd_; }
  int Release();

 private:
  int fd_;
};

// "<path>: <what>: <strerror(errno)>"; not_found for ENOENT, io otherwise.
Error SystemError(const std::string& path, std::string_view what);

// Requires a regular file (or a pipe such as /dev/stdin) of at most `max_bytes`.
Result<std::string> ReadFile(const std::string& path, uint64_t max_bytes);

// The first `max_bytes` of a file: for input that is judged, not refused, when it is too large.
Result<std::string> ReadFilePrefix(const std::string& path, uint64_t max_bytes);

enum class Overwrite { kForbid, kReplace };

// Temporary file in the same folder, fsync, rename (or link, where overwriting is forbidden),
// fsync of the folder. `mode` are the permission bits. Errors also: conflict when the file exists
// and overwriting is forbidden.
Result<> WriteFileAtomic(const std::string& path, std::string_view content, Overwrite overwrite,
                         unsigned mode = 0644);

Result<> SyncFolder(const std::string& path);
bool PathExists(const std::string& path);

}  // namespace carnet
