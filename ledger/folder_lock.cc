#include "ledger/folder_lock.h"

#include <fcntl.h>
#include <sys/file.h>

#include <cerrno>

namespace carnet::ledger {

Result<FileDescriptor> LockFolder(const std::string& folder, std::string_view busy) {
  const std::string path = folder + "/lock";
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666));
  if (file.get() < 0) return SystemError(path, "open");
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK) return Conflict(folder + ": " + std::string(busy));
    return SystemError(path, "lock");
  }
  return file;
}

}  // namespace carnet::ledger
