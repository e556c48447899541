#include "artifact/file_lane.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "artifact/leavable_content.h"
#include "artifact/torch_file.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

Error Changed(const std::string& path) {
  return Conflict(Printable(path) + ": changed while being read");
}

}  // namespace

FileLane::FileLane(const ListedFile& file, FileDescriptor fd, bool tensors)
    : file_(file), fd_(std::move(fd)), digester_(file.path, file.stamp.bytes, tensors) {}

Result<std::unique_ptr<FileLane>> FileLane::Open(const ListedFile& file, bool tensors) {
  // Non-blocking, as a FIFO may have taken the place of the file since it was listed.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  FileDescriptor fd(::open(file.on_disk.c_str(), flags));
  if (fd.get() < 0) return SystemError(Printable(file.path), "open");
  std::unique_ptr<FileLane> lane(new FileLane(file, std::move(fd), tensors));
  CARNET_TRY_VOID(lane->CheckUnchanged());
  if (lane->digester_.wants_header()) CARNET_TRY_VOID(lane->ReadTorch());
  if (file.leavable) CARNET_TRY_VOID(lane->CheckLeavable());
  return lane;
}

// A file may give more bytes than it says it has: those of /proc say 0.
Result<> FileLane::CheckAtEnd() const {
  uint8_t byte = 0;
  ssize_t got = -1;
  do {
    got = ::pread(fd_.get(), &byte, 1, static_cast<off_t>(file_.stamp.bytes));
  } while (got < 0 && errno == EINTR);
  if (got < 0) return SystemError(Printable(file_.path), "read");
  if (got > 0) return Conflict(Printable(file_.path) + ": has more bytes than its size says");
  return Ok();
}

Result<> FileLane::CheckUnchanged() const {
  CARNET_TRY(const FileStamp now, StampOf(fd_.get(), file_.path));
  if (now != file_.stamp) return Changed(file_.path);
  return Ok();
}

Result<> FileLane::ReadBytes(uint64_t offset, std::span<uint8_t> into) const {
  while (!into.empty()) {
    const ssize_t got = ::pread(fd_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return SystemError(Printable(file_.path), "read");
    if (got == 0) return Changed(file_.path);  // shorter than it was listed
    offset += static_cast<uint64_t>(got);
    into = into.subspan(static_cast<size_t>(got));
  }
  return Ok();
}

// CheckUnchanged sees to it that what was looked at is what is hashed.
Result<> FileLane::CheckLeavable() {
  if (file_.linked) {
    why_not_leavable_ = "is a link to another file of the model";
    return Ok();
  }
  const auto read = [this](uint64_t offset, std::span<uint8_t> into) {
    return ReadBytes(offset, into);
  };
  CARNET_TRY(why_not_leavable_, WhyNotLeavable(file_.path, read, file_.stamp.bytes));
  return Ok();
}

// Reads here and there in the file; CheckUnchanged sees to it that what is hashed is the same.
Result<> FileLane::ReadTorch() {
  const auto read = [this](uint64_t offset, std::span<uint8_t> into) {
    return ReadBytes(offset, into);
  };
  auto header = ReadTorchFile(read, file_.stamp.bytes);
  if (!header &&
      (header.error().code == ErrorCode::kIo || header.error().code == ErrorCode::kConflict)) {
    return header.error();
  }
  digester_.TakeHeader(std::move(header));
  return Ok();
}

// The system's own read-ahead is a few hundred kilobytes, too little for a disk that serves many
// requests at once.
void FileLane::ReadAhead(size_t window_bytes) const {
  constexpr size_t kWindowsAhead = 8;
  // A hint: where it fails, reading waits longer.
  ::posix_fadvise(fd_.get(), static_cast<off_t>(filled_),
                  static_cast<off_t>(kWindowsAhead * window_bytes), POSIX_FADV_WILLNEED);
}

Result<ByteSpan> FileLane::Fill(std::span<uint8_t> window) {
  const auto into = window.first(std::min<uint64_t>(window.size(), unfilled()));
  if (into.empty()) return ByteSpan();
  iovec part = {into.data(), into.size()};
  const ssize_t cached = ::preadv2(fd_.get(), &part, 1, static_cast<off_t>(filled_), RWF_NOWAIT);
  const size_t got = cached < 0 ? 0 : static_cast<size_t>(cached);
  // Once the disk had to be waited for, the next windows are asked for before they are needed.
  is_cold_ = is_cold_ || got < into.size();
  if (is_cold_) ReadAhead(window.size());
  if (got < into.size()) CARNET_TRY_VOID(ReadBytes(filled_ + got, into.subspan(got)));
  filled_ += into.size();
  return ByteSpan(into);
}

void FileLane::FeedContent(ByteSpan window, std::vector<crypto::StreamInput>& inputs) {
  // At its front are the bytes of a header, or some of them, which decide how to go on.
  while (digester_.room() <= window.size() && !window.empty()) {
    const auto head = static_cast<size_t>(digester_.room());
    std::vector<crypto::StreamInput> few;
    digester_.FeedContent(window.first(head), few);
    crypto::UpdateMany(few);
    digester_.Settle();
    window = window.subspan(head);
  }
  digester_.FeedContent(window, inputs);
}

Result<FileOutcome> FileLane::Finish() {
  CARNET_CHECK(unfilled() == 0 && digester_.position() == bytes());
  CARNET_TRY_VOID(CheckUnchanged());
  CARNET_TRY_VOID(CheckAtEnd());
  FileOutcome outcome = digester_.Finish();
  outcome.why_not_leavable = std::move(why_not_leavable_);
  return outcome;
}

}  // namespace carnet::artifact
