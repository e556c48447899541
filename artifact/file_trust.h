// What a cached digest rests on, beside the key: that the kernel of this machine, and nobody else,
// keeps the times and numbers of a file. Injected, as tests have other machines. Thread safe.
#pragma once

#include <cstdint>
#include <functional>

#include "artifact/manifest.h"
#include "core/fixed_bytes.h"
#include "core/result.h"

namespace carnet::artifact {

// The machine, and since when it runs: numbers of devices mean nothing after that, and a machine
// that lost its power may have new bytes in a file of old times.
using BootId = FixedBytes<struct BootIdTag, 16>;

struct FileTrust {
  BootId boot;
  std::function<int64_t()> now_ns;                 // by the clock that stamps files
  std::function<bool(int fd)> keeps_change_times;  // whether the file system of an open file does
};

// Errors: io, not_found; malformed for a boot id that is none.
Result<FileTrust> TrustOfThisMachine();

// A file as the cache knows it: the same key, the same bytes. The change time is set by the kernel
// at each write and each change of the other times, and by no call of a program.
struct FileKey {
  FileStamp stamp;
  int64_t changed_ns;

  friend bool operator==(const FileKey&, const FileKey&) = default;
};

// Of an open file; `path` is for the message. Errors: io.
Result<FileKey> FileKeyOf(int fd, const std::string& path);

}  // namespace carnet::artifact
