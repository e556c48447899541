// Loaded before a program (LD_PRELOAD): its n-th system call that writes fails, or the program ends
// there. CARNET_FAULT_AT: n, from 1. CARNET_FAULT: "eio", "enospc" or "kill". CARNET_FAULT_COUNT: a
// file that gets the number of such calls when the program exits.
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdarg>

namespace {

std::atomic<long> calls{0};

long FaultAt() {
  static const long at = [] {
    const char* text = ::getenv("CARNET_FAULT_AT");
    return text == nullptr ? 0 : ::atol(text);
  }();
  return at;
}

// Whether this call is to fail; errno is set then.
bool Strikes() {
  if (++calls != FaultAt()) return false;
  const char* fault = ::getenv("CARNET_FAULT");
  if (fault != nullptr && ::strcmp(fault, "kill") == 0) ::raise(SIGKILL);
  errno = fault != nullptr && ::strcmp(fault, "enospc") == 0 ? ENOSPC : EIO;
  return true;
}

// The streams of the terminal are not the disk.
bool IsFile(int fd) { return fd > STDERR_FILENO; }

template <typename Function>
Function* Next(const char* name) {
  return reinterpret_cast<Function*>(::dlsym(RTLD_NEXT, name));
}

struct Counted {
  ~Counted() {
    const char* path = ::getenv("CARNET_FAULT_COUNT");
    if (path == nullptr) return;
    char text[32];
    const int size = ::snprintf(text, sizeof text, "%ld\n", calls.load());
    const int fd = static_cast<int>(
        ::syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
    ::syscall(SYS_write, fd, text, static_cast<size_t>(size));
  }
} at_exit;

mode_t ModeOf(int flags, va_list arguments) {
  return (flags & O_CREAT) != 0 ? static_cast<mode_t>(va_arg(arguments, int)) : 0;
}

}  // namespace

#define SHIM_OPEN(name)                                                \
  extern "C" int name(const char* path, int flags, ...) {              \
    va_list arguments;                                                 \
    va_start(arguments, flags);                                        \
    const mode_t mode = ModeOf(flags, arguments);                      \
    va_end(arguments);                                                 \
    if ((flags & O_CREAT) != 0 && Strikes()) return -1;                \
    static auto* const next = Next<int(const char*, int, ...)>(#name); \
    return next(path, flags, mode);                                    \
  }
SHIM_OPEN(open)
SHIM_OPEN(open64)

#define SHIM_FD(result, name, parameters, arguments)          \
  extern "C" result name parameters {                         \
    if (IsFile(fd) && Strikes()) return -1;                   \
    static auto* const next = Next<result parameters>(#name); \
    return next arguments;                                    \
  }
SHIM_FD(ssize_t, write, (int fd, const void* from, size_t size), (fd, from, size))
SHIM_FD(ssize_t, writev, (int fd, const iovec* from, int count), (fd, from, count))
SHIM_FD(ssize_t, pwrite, (int fd, const void* from, size_t size, off_t at), (fd, from, size, at))
SHIM_FD(ssize_t, pwrite64, (int fd, const void* from, size_t size, off64_t at),
        (fd, from, size, at))
SHIM_FD(int, fsync, (int fd), (fd))
SHIM_FD(int, fdatasync, (int fd), (fd))
SHIM_FD(int, ftruncate, (int fd, off_t size), (fd, size))
SHIM_FD(int, ftruncate64, (int fd, off64_t size), (fd, size))
SHIM_FD(int, fallocate, (int fd, int mode, off_t at, off_t size), (fd, mode, at, size))
SHIM_FD(int, fallocate64, (int fd, int mode, off64_t at, off64_t size), (fd, mode, at, size))

#define SHIM_PATH(name, parameters, arguments)             \
  extern "C" int name parameters {                         \
    if (Strikes()) return -1;                              \
    static auto* const next = Next<int parameters>(#name); \
    return next arguments;                                 \
  }
SHIM_PATH(rename, (const char* from, const char* to), (from, to))
SHIM_PATH(link, (const char* from, const char* to), (from, to))
SHIM_PATH(unlink, (const char* path), (path))
SHIM_PATH(mkdir, (const char* path, mode_t mode), (path, mode))
