// Where the files of a zip archive lie. Stricter than unzip: entries are stored, not compressed;
// they follow one another from the first byte, each as its local header and the central directory
// agree to describe it, and the directory ends the file. So every reader finds the same bytes under
// the same name. Checksums are not checked: whoever reads a file's bytes hashes them. Thread safe.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

#include "core/result.h"

namespace carnet::artifact {

// Reads exactly `into.size()` bytes at `offset`, which lie inside the file. Errors: io, conflict.
using ReadAt = std::function<Result<>(uint64_t offset, std::span<uint8_t> into)>;

struct ZipEntry {
  std::string name;
  uint64_t begin;  // byte offsets in the archive
  uint64_t end;
};

inline constexpr uint64_t kMaxZipEntries = 1 << 18;  // against memory and reads: ~100 bytes each

// In the order of their bytes. Errors: those of `read`; malformed; unsupported: compressed or
// encrypted entries, several disks, comments.
Result<std::vector<ZipEntry>> ReadZipDirectory(const ReadAt& read, uint64_t file_bytes);

}  // namespace carnet::artifact
