#include "artifact/file_lane.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "artifact/gguf.h"
#include "artifact/leavable_content.h"
#include "artifact/torch_file.h"
#include "core/check.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr uint64_t kFirstGgufBytes = 64 * 1024;

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

Error Changed(const std::string& path) {
  return Conflict(Printable(path) + ": changed while being read");
}

}  // namespace

FileLane::FileLane(const ListedFile& file, FileDescriptor fd) : file_(file), fd_(std::move(fd)) {}

Result<std::unique_ptr<FileLane>> FileLane::Open(const ListedFile& file, bool tensors) {
  // Non-blocking, as a FIFO may have taken the place of the file since it was listed.
  const int flags = O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY;
  FileDescriptor fd(::open(file.on_disk.c_str(), flags));
  if (fd.get() < 0) return SystemError(Printable(file.path), "open");
  std::unique_ptr<FileLane> lane(new FileLane(file, std::move(fd)));
  CARNET_TRY_VOID(lane->CheckUnchanged());
  if (tensors) CARNET_TRY_VOID(lane->ReadHeader());
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

// Reads on until the head is `bytes` long, or is the whole file.
Result<> FileLane::GrowHead(uint64_t bytes) {
  const size_t before = head_.size();
  head_.resize(std::min(bytes, file_.stamp.bytes));
  return ReadBytes(before, std::span(head_).subspan(before));
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

Result<> FileLane::ReadHeader() {
  if (file_.path.ends_with(".safetensors")) return ReadSafetensors();
  if (file_.path.ends_with(".gguf")) return ReadGguf();
  if (IsTorchFileName(file_.path)) return ReadTorch();
  for (const char* index : {".safetensors.index.json", ".bin.index.json"}) {
    if (file_.path.ends_with(index)) return ReadIndex();
  }
  if (IsQuantizationConfigName(BaseName(file_.path))) return ReadConfig();
  return Ok();
}

Result<> FileLane::ReadSafetensors() {
  CARNET_TRY_VOID(GrowHead(8));
  const auto header_bytes = SafetensorsHeaderBytes(head_, file_.stamp.bytes);
  if (!header_bytes) {
    Refuse(header_bytes.error());
    return Ok();
  }
  CARNET_TRY_VOID(GrowHead(*header_bytes));
  Take(ParseSafetensorsHeader(head_, file_.stamp.bytes));
  return Ok();
}

Result<> FileLane::ReadGguf() {
  for (uint64_t bytes = kFirstGgufBytes;; bytes *= 2) {
    CARNET_TRY_VOID(GrowHead(std::min(bytes, kMaxHeaderBytes)));
    auto header = ParseGgufHeader(head_, file_.stamp.bytes);
    if (header && !header->has_value()) continue;
    if (header) {
      Take(std::move(**header));
    } else {
      Take(header.error());
    }
    return Ok();
  }
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
  Take(std::move(header));
  return Ok();
}

Result<> FileLane::ReadIndex() {
  if (file_.stamp.bytes > kMaxHeaderBytes) {
    Refuse(Malformed("index is over 100,000,000 bytes"));
    return Ok();
  }
  CARNET_TRY_VOID(GrowHead(file_.stamp.bytes));
  auto index = ParseShardIndex(AsText(head_));
  if (index) {
    index_ = std::move(*index);
  } else {
    Refuse(index.error());
  }
  return Ok();
}

// A configuration that cannot be read says nothing, which leaves open what it would tell.
Result<> FileLane::ReadConfig() {
  if (file_.stamp.bytes > kMaxConfigBytes) return Ok();
  CARNET_TRY_VOID(GrowHead(file_.stamp.bytes));
  const auto quantization = ParseQuantizationConfig(AsText(head_));
  if (quantization) quantization_ = *quantization;
  if (BaseName(file_.path) != "config.json") return Ok();
  auto config = ParseModelConfig(AsText(head_));
  if (config) config_ = std::move(*config);
  return Ok();
}

void FileLane::Take(Result<WeightHeader> header) {
  if (!header) {
    Refuse(header.error());
    return;
  }
  tensor_count_ = header->tensors.size();
  part_ = std::move(header->part);
  uncounted_bytes_ = header->uncounted_bytes;
  config_ = std::move(header->config);
  tensors_.emplace(std::move(*header));
}

void FileLane::Refuse(const Error& why) {
  refusal_ = why.message;
  refusal_code_ = why.code;
}

Result<> FileLane::Read(std::span<uint8_t> buffer, std::vector<crypto::StreamInput>& inputs) {
  ByteSpan chunk = head_;
  if (chunk.empty()) {
    const auto into =
        buffer.first(std::min<uint64_t>(buffer.size(), file_.stamp.bytes - position_));
    CARNET_TRY_VOID(ReadBytes(position_, into));
    chunk = into;
  }
  inputs.push_back({&stream_, chunk});
  if (tensors_) tensors_->Feed(chunk, inputs);
  position_ += chunk.size();
  return Ok();
}

void FileLane::Settle() {
  if (tensors_) tensors_->Settle();
  head_ = Bytes();
}

Result<FileOutcome> FileLane::Finish() {
  CARNET_CHECK(at_end());
  CARNET_TRY_VOID(CheckUnchanged());
  CARNET_TRY_VOID(CheckAtEnd());
  FileOutcome outcome{{file_.path, position_, stream_.Finish()},
                      {},
                      std::move(index_),
                      refusal_,
                      quantization_,
                      refusal_code_,
                      part_,
                      uncounted_bytes_,
                      std::move(config_),
                      std::move(why_not_leavable_)};
  if (!tensors_) return outcome;
  auto tensors = std::move(*tensors_).Finish();
  if (tensors) {
    outcome.tensors = std::move(*tensors);
  } else {
    outcome.refusal = tensors.error().message;
    outcome.refusal_code = tensors.error().code;
  }
  return outcome;
}

}  // namespace carnet::artifact
