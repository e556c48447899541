#include "core/file.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>

#include "core/hex.h"

namespace carnet {
namespace {

constexpr std::string_view kTemporaryMark = ".tmp-";
constexpr size_t kRandomBytes = 6;

std::string FolderOf(const std::string& path) {
  const auto folder = std::filesystem::path(path).parent_path();
  return folder.empty() ? "." : folder.string();
}

// open(2) with the arguments used here.
int OpenFile(const char* path, int flags) { return ::open(path, flags); }
int CreateFile(const char* path, mode_t mode) {
  return ::open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
}

// Beside `path`, under a name that nothing has. Unlike mkostemp it lets the umask decide who may
// read the file; where only its owner may, it is never open to others, not even for a moment.
Result<int> CreateTemporary(const std::string& path, const std::string& stem, Readers readers,
                            const FileCalls& calls, std::string& name) {
  const mode_t mode = readers == Readers::kByUmask ? 0666 : 0600;
  for (int tries = 0; tries < 100; ++tries) {
    std::array<uint8_t, kRandomBytes> random{};
    if (::getentropy(random.data(), random.size()) != 0) return SystemError(path, "getentropy");
    name = stem + std::string(kTemporaryMark) + HexEncode(random);
    const int fd = calls.create(name.c_str(), mode);
    if (fd >= 0) return fd;
    if (errno != EEXIST) break;
  }
  return SystemError(path, "create");
}

Result<> WriteAll(int fd, const std::string& path, std::string_view content,
                  const FileCalls& calls) {
  while (!content.empty()) {
    const ssize_t written = calls.write(fd, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return SystemError(path, "write");
    content.remove_prefix(static_cast<size_t>(written));
  }
  return Ok();
}

Result<> TakeOwner(int fd, const std::string& path, const FileCalls& calls) {
  struct stat before {};
  struct stat now {};
  if (::stat(path.c_str(), &before) != 0) return SystemError(path, "stat");
  if (::fstat(fd, &now) != 0) return SystemError(path, "stat");
  const bool same = before.st_uid == now.st_uid && before.st_gid == now.st_gid;
  if (!same && ::fchown(fd, before.st_uid, before.st_gid) != 0) return SystemError(path, "chown");
  return calls.fchmod(fd, before.st_mode & 0777) == 0 ? Ok() : SystemError(path, "chmod");
}

// Removes the temporary file unless it has become the real one.
class TemporaryFile {
 public:
  TemporaryFile(std::string path, const FileCalls& calls) : path_(std::move(path)), calls_(calls) {}
  TemporaryFile(const TemporaryFile&) = delete;
  TemporaryFile& operator=(const TemporaryFile&) = delete;
  ~TemporaryFile() {
    if (!path_.empty()) calls_.unlink(path_.c_str());
  }
  void Keep() { path_.clear(); }

 private:
  std::string path_;
  const FileCalls& calls_;
};

Result<> Place(const std::string& temporary, const std::string& path, Overwrite overwrite,
               const FileCalls& calls) {
  if (overwrite == Overwrite::kReplace) {
    CARNET_TRY_VOID(CheckReplaceable(path));
    if (calls.rename(temporary.c_str(), path.c_str()) != 0) return SystemError(path, "rename");
    return Ok();
  }
  // Unlike rename, link fails where the name exists: no window between test and write.
  if (calls.link(temporary.c_str(), path.c_str()) != 0) {
    if (errno == EEXIST) return Conflict(path + ": the file exists");
    return SystemError(path, "link");
  }
  calls.unlink(temporary.c_str());
  return Ok();
}

// "<name>.tmp-" and the digits of CreateTemporary.
bool IsTemporary(const std::string& name) {
  constexpr size_t kTail = kTemporaryMark.size() + 2 * kRandomBytes;
  if (name.size() <= kTail) return false;
  const std::string_view tail = std::string_view(name).substr(name.size() - kTail);
  return tail.starts_with(kTemporaryMark) &&
         HexDecode(tail.substr(kTemporaryMark.size())).has_value();
}

// Whether there is more to read, or the end of it: a descriptor from elsewhere may be non-blocking.
bool WaitFor(int fd) {
  pollfd readable{fd, POLLIN, 0};
  return ::poll(&readable, 1, -1) >= 0 || errno == EINTR;
}

Result<std::string> AtMost(uint64_t max_bytes, const std::string& name,
                           Result<std::string> content) {
  if (!content || content->size() <= max_bytes) return content;
  return Malformed(name + ": larger than the limit of " + std::to_string(max_bytes) + " bytes");
}

}  // namespace

const FileCalls kFileCalls = {CreateFile, ::fchmod, ::write,  ::fsync, ::close,
                              ::rename,   ::link,   ::unlink, OpenFile};

FileDescriptor& FileDescriptor::operator=(FileDescriptor&& other) noexcept {
  if (this != &other) {
    if (fd_ >= 0) ::close(fd_);
    fd_ = other.Release();
  }
  return *this;
}

FileDescriptor::~FileDescriptor() {
  if (fd_ >= 0) ::close(fd_);
}

int FileDescriptor::Release() { return std::exchange(fd_, -1); }

Error SystemError(const std::string& path, std::string_view what) {
  const int error = errno;
  return {error == ENOENT ? ErrorCode::kNotFound : ErrorCode::kIo,
          path + ": " + std::string(what) + ": " + std::strerror(error)};
}

// As root a rename would put a file in the place of a device.
Result<> CheckReplaceable(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode)) return Ok();
  return Io(path + ": is not a regular file, and nothing else is replaced");
}

int GivenDescriptor(std::string_view path) {
  if (path == "/dev/stdin") return STDIN_FILENO;
  if (path == "/dev/stdout") return STDOUT_FILENO;
  if (path == "/dev/stderr") return STDERR_FILENO;
  for (const std::string_view folder : {"/dev/fd/", "/proc/self/fd/"}) {
    if (!path.starts_with(folder)) continue;
    const std::string_view digits = path.substr(folder.size());
    int fd = -1;
    const auto [end, error] = std::from_chars(digits.begin(), digits.end(), fd);
    if (error == std::errc() && end == digits.end() && fd >= 0) return fd;
  }
  return -1;
}

Result<> WriteToDescriptor(int fd, const std::string& path, std::string_view content) {
  return WriteAll(fd, path, content, kFileCalls);
}

Result<std::string> ReadDescriptorPrefix(int fd, const std::string& name, uint64_t max_bytes) {
  struct stat status {};
  if (::fstat(fd, &status) != 0) return SystemError(name, "stat");
  if (S_ISDIR(status.st_mode)) return Io(name + ": a folder, not a file");
  const auto expected = static_cast<uint64_t>(status.st_size);
  constexpr uint64_t kChunk = 64 * 1024;
  std::string content;
  // At once, so that no part of a secret is left behind in memory that was too small for it.
  content.reserve(std::min(max_bytes, expected + kChunk));
  uint64_t used = 0;
  while (used < max_bytes) {
    const uint64_t want =
        std::min(max_bytes - used, used < expected ? expected - used + 1 : kChunk);
    content.resize(used + want);
    const ssize_t got = ::read(fd, content.data() + used, want);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0 && errno == EAGAIN && WaitFor(fd)) continue;
    if (got < 0) return SystemError(name, "read");
    used += static_cast<uint64_t>(got);
    if (got == 0) break;
  }
  content.resize(used);
  return content;
}

Result<std::string> ReadFilePrefix(const std::string& path, uint64_t max_bytes) {
  // Without O_NONBLOCK, opening a named pipe that nobody writes to would never return.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (file.get() < 0) return SystemError(path, "open");
  struct stat status {};
  if (::fstat(file.get(), &status) != 0) return SystemError(path, "stat");
  if (S_ISDIR(status.st_mode)) return Io(path + ": a folder, not a file");
  if (S_ISFIFO(status.st_mode) && GivenDescriptor(path) < 0) {
    return Io(path + ": a named pipe, not a file");
  }
  if (::fcntl(file.get(), F_SETFL, 0) != 0) return SystemError(path, "fcntl");
  return ReadDescriptorPrefix(file.get(), path, max_bytes);
}

Result<std::string> ReadFile(const std::string& path, uint64_t max_bytes) {
  CARNET_CHECK(max_bytes < UINT64_MAX);
  return AtMost(max_bytes, path, ReadFilePrefix(path, max_bytes + 1));
}

Result<std::string> ReadDescriptor(int fd, const std::string& name, uint64_t max_bytes) {
  CARNET_CHECK(max_bytes < UINT64_MAX);
  return AtMost(max_bytes, name, ReadDescriptorPrefix(fd, name, max_bytes + 1));
}

Result<> WriteFileAtomic(const std::string& path, std::string_view content, Overwrite overwrite,
                         Readers readers, const FileCalls& calls) {
  return WriteFileAtomicVia(path, path, content, overwrite, readers, calls);
}

Result<> WriteFileAtomicVia(const std::string& stem, const std::string& path,
                            std::string_view content, Overwrite overwrite, Readers readers,
                            const FileCalls& calls) {
  std::string name;
  CARNET_TRY(const int fd, CreateTemporary(path, stem, readers, calls, name));
  FileDescriptor file(fd);
  TemporaryFile temporary(name, calls);
  // A umask may have taken the owner's own rights.
  const bool owner_only = readers == Readers::kOwnerOnly;
  if (owner_only && calls.fchmod(file.get(), 0600) != 0) return SystemError(path, "chmod");
  if (readers == Readers::kAsBefore) CARNET_TRY_VOID(TakeOwner(file.get(), path, calls));
  CARNET_TRY_VOID(WriteAll(file.get(), path, content, calls));
  if (calls.fsync(file.get()) != 0) return SystemError(path, "fsync");
  if (calls.close(file.Release()) != 0) return SystemError(path, "close");
  CARNET_TRY_VOID(Place(name, path, overwrite, calls));
  temporary.Keep();
  auto synced = SyncFolder(FolderOf(path), calls);
  if (!synced && overwrite == Overwrite::kForbid) calls.unlink(path.c_str());  // made above
  return synced;
}

Result<> SyncFolder(const std::string& path, const FileCalls& calls) {
  const FileDescriptor folder(calls.open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (folder.get() < 0) return SystemError(path, "open folder");
  if (calls.fsync(folder.get()) != 0) return SystemError(path, "fsync of the folder");
  return Ok();
}

void RemoveTemporaries(const std::string& folder) {
  namespace fs = std::filesystem;
  std::error_code failed;
  fs::directory_iterator file(folder, failed);
  for (; !failed && file != fs::directory_iterator(); file.increment(failed)) {
    std::error_code ignored;
    const bool regular = file->symlink_status(ignored).type() == fs::file_type::regular;
    if (regular && IsTemporary(file->path().filename().string())) fs::remove(file->path(), ignored);
  }
}

bool PathExists(const std::string& path) {
  struct stat status {};
  return ::lstat(path.c_str(), &status) == 0;
}

std::string FirstFreeName(const std::string& path) {
  std::string name = path;
  for (int i = 2; PathExists(name); ++i) name = path + "-" + std::to_string(i);
  return name;
}

}  // namespace carnet
