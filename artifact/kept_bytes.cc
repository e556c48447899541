#include "artifact/kept_bytes.h"

#include <fmt/core.h>

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "core/check.h"

namespace carnet::artifact {

bool Allowance::Take(uint64_t amount) {
  uint64_t taken = taken_;
  do {
    if (amount > most_ - taken) return false;
  } while (!taken_.compare_exchange_weak(taken, taken + amount));
  return true;
}

KeptBytes::~KeptBytes() {
  room_.memory.Give(memory_taken_);
  room_.disk.Give(disk_taken_);
}

Result<> KeptBytes::Append(ByteSpan bytes) {
  if (!file_) {
    if (AppendToMemory(bytes)) return Ok();
    CARNET_TRY_VOID(MoveToDisk());
  }
  return AppendToDisk(bytes);
}

bool KeptBytes::AppendToMemory(ByteSpan bytes) {
  const uint64_t needed = size_ + bytes.size();
  if (needed > kMaxInMemory) return false;
  if (needed > memory_taken_) {
    const uint64_t wanted = std::min(kMaxInMemory, std::max(needed, 2 * memory_taken_));
    if (!room_.memory.Take(wanted - memory_taken_)) return false;
    memory_taken_ = wanted;
    memory_.reserve(wanted);
  }
  memory_.insert(memory_.end(), bytes.begin(), bytes.end());
  size_ = needed;
  return true;
}

Result<> KeptBytes::MoveToDisk() {
  if (room_.folder.empty()) {
    return Unsupported(fmt::format(
        "has to be kept until it is judged, which takes a spool folder or more than {} bytes of "
        "memory",
        std::min(kMaxInMemory, room_.memory.most())));
  }
  std::string name = room_.folder + "/carnet-XXXXXX";
  file_.emplace(::mkostemp(name.data(), O_CLOEXEC));
  if (file_->get() < 0) {
    return Io(SystemError(room_.folder, "make a file to keep bytes in").message);
  }
  if (::unlink(name.c_str()) != 0) return SystemError(name, "unlink");
  size_ = 0;
  const Bytes kept = std::move(memory_);
  memory_ = Bytes();
  CARNET_TRY_VOID(AppendToDisk(kept));
  room_.memory.Give(memory_taken_);
  memory_taken_ = 0;
  return Ok();
}

Result<> KeptBytes::AppendToDisk(ByteSpan bytes) {
  if (!room_.disk.Take(bytes.size())) {
    return Unsupported(fmt::format(
        "has to be kept until it is judged, and over {} bytes would be in the spool folder",
        room_.disk.most()));
  }
  disk_taken_ += bytes.size();
  while (!bytes.empty()) {
    const ssize_t wrote = ::write(file_->get(), bytes.data(), bytes.size());
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) return SystemError(room_.folder, "write");
    size_ += static_cast<uint64_t>(wrote);
    bytes = bytes.subspan(static_cast<size_t>(wrote));
  }
  return Ok();
}

Result<> KeptBytes::Read(uint64_t offset, std::span<uint8_t> into) const {
  CARNET_CHECK(offset <= size_ && into.size() <= size_ - offset);
  if (!file_) {
    std::copy_n(memory_.begin() + static_cast<std::ptrdiff_t>(offset), into.size(), into.begin());
    return Ok();
  }
  while (!into.empty()) {
    const ssize_t got = ::pread(file_->get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(room_.folder, "read");
    if (got == 0) return Io(room_.folder + ": kept bytes are gone");
    offset += static_cast<uint64_t>(got);
    into = into.subspan(static_cast<size_t>(got));
  }
  return Ok();
}

}  // namespace carnet::artifact
