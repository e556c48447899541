// Whole files, read within a bound and written so that a crash leaves the old file or the new one,
// never part of one. POSIX only. Errors: io (with the path and the system's reason), not_found,
// malformed (larger than the bound).
#pragma once

#include <sys/types.h>

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

// Requires a file of at most `max_bytes`. A named pipe is refused, as opening one waits for a
// writer that may never come; a pipe that was handed to this process, such as /dev/stdin or a
// shell's `<(…)`, is read.
Result<std::string> ReadFile(const std::string& path, uint64_t max_bytes);

// The first `max_bytes` of a file: for input that is judged, not refused, when it is too large.
Result<std::string> ReadFilePrefix(const std::string& path, uint64_t max_bytes);

// The same of an open descriptor, from where it stands; `name` is for messages.
Result<std::string> ReadDescriptor(int fd, const std::string& name, uint64_t max_bytes);
Result<std::string> ReadDescriptorPrefix(int fd, const std::string& name, uint64_t max_bytes);

// The system calls that writing uses, each as in POSIX. Tests pass their own, to see the order of
// the calls and to make one of them fail.
struct FileCalls {
  int (*create)(const char* path, mode_t mode);  // open(2) for writing, of a file that is not there
  int (*fchmod)(int fd, mode_t mode);
  ssize_t (*write)(int fd, const void* from, size_t count);
  int (*fsync)(int fd);
  int (*close)(int fd);
  int (*rename)(const char* from, const char* to);
  int (*link)(const char* from, const char* to);
  int (*unlink)(const char* path);
  int (*open)(const char* path, int flags);
};
extern const FileCalls kFileCalls;

enum class Overwrite { kForbid, kReplace };  // a regular file, and nothing else
// kOwnerOnly: mode 0600 whatever the umask. kAsBefore: owner, group and mode of the file that is
// replaced; refused where the system forbids that.
enum class Readers { kByUmask, kOwnerOnly, kAsBefore };

// Temporary file in the same folder, fsync, rename (or link, where overwriting is forbidden),
// fsync of the folder. Also errors: conflict when the file exists and overwriting is forbidden; io
// for anything but a regular file in its place. After an error the file is as before, unless one
// was replaced and only the fsync of the folder failed: then it is the new one, which a crash may
// still undo.
Result<> WriteFileAtomic(const std::string& path, std::string_view content, Overwrite overwrite,
                         Readers readers = Readers::kByUmask, const FileCalls& calls = kFileCalls);

// The same, but the temporary file is `stem` with a random end, elsewhere on the same file system:
// for a folder in which every file counts.
Result<> WriteFileAtomicVia(const std::string& stem, const std::string& path,
                            std::string_view content, Overwrite overwrite,
                            Readers readers = Readers::kByUmask,
                            const FileCalls& calls = kFileCalls);

// Removes the temporary files that a crash of WriteFileAtomic left in a folder. Requires that
// nobody else writes there meanwhile. What cannot be removed stays: it is in nobody's way.
void RemoveTemporaries(const std::string& folder);

// Ok where there is nothing, or a regular file. Errors: io.
Result<> CheckReplaceable(const std::string& path);

Result<> SyncFolder(const std::string& path, const FileCalls& calls = kFileCalls);
bool PathExists(const std::string& path);
// `path`, or where that is taken the first of `path`-2, `path`-3, … that is not.
std::string FirstFreeName(const std::string& path);

// A descriptor that this process was given under a name: /dev/stdin, /dev/stdout, /dev/stderr,
// /dev/fd/N, /proc/self/fd/N. -1 for every other path.
int GivenDescriptor(std::string_view path);
// Requires an open descriptor; `path` is its name in messages.
Result<> WriteToDescriptor(int fd, const std::string& path, std::string_view content);

}  // namespace carnet
