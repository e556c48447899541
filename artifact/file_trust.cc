#include "artifact/file_trust.h"

#include <sys/stat.h>
#include <sys/vfs.h>

#include <algorithm>
#include <chrono>

#include "core/file.h"
#include "core/hex.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr char kBootIdFile[] = "/proc/sys/kernel/random/boot_id";
constexpr uint64_t kBootIdBytes = 37;  // 36 and LF

// File systems whose inodes and change times are this kernel's own: nobody else writes them, as
// behind FUSE, NFS, SMB or 9p. From linux/magic.h; those of xfs and zfs are in their own sources.
// overlayfs is as good as what lies below it, which it does not tell.
bool IsKeptByKernel(uint64_t type) {
  switch (type) {
    case 0xef53:      // ext2, ext3, ext4
    case 0x58465342:  // xfs
    case 0x9123683e:  // btrfs
    case 0xf2f52010:  // f2fs
    case 0x2fc12fc1:  // zfs
    case 0x01021994:  // tmpfs
    case 0x794c7630:  // overlayfs
      return true;
  }
  return false;
}

Result<BootId> ReadBootId() {
  CARNET_TRY(std::string text, ReadFile(kBootIdFile, kBootIdBytes));
  std::erase_if(text, [](char c) { return c == '-' || c == '\n'; });
  const auto boot = HexDecodeTo<BootId>(text);
  if (!boot) return Malformed(std::string(kBootIdFile) + ": is not a boot id");
  return *boot;
}

}  // namespace

Result<FileTrust> TrustOfThisMachine() {
  CARNET_TRY(const BootId boot, ReadBootId());
  const auto now_ns = [] {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return int64_t{std::chrono::duration_cast<std::chrono::nanoseconds>(now).count()};
  };
  const auto keeps_change_times = [](int fd) {
    struct statfs status {};
    if (::fstatfs(fd, &status) != 0) return false;
    return IsKeptByKernel(static_cast<uint32_t>(status.f_type));  // signed on some machines
  };
  return FileTrust{boot, now_ns, keeps_change_times};
}

Result<FileKey> FileKeyOf(int fd, const std::string& path) {
  CARNET_TRY(const FileStamp stamp, StampOf(fd, path));
  struct stat status {};
  if (::fstat(fd, &status) != 0) return SystemError(Printable(path), "stat");
  return FileKey{stamp, int64_t{status.st_ctim.tv_sec} * 1'000'000'000 + status.st_ctim.tv_nsec};
}

}  // namespace carnet::artifact
