#include "artifact/streamed_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "artifact/leavable_content.h"
#include "artifact/model_stream.h"
#include "artifact/torch_file.h"
#include "core/not_covered.h"

namespace carnet::artifact {
namespace {

// Hashed for the file and for its tensors while it is in the cache of a core.
constexpr size_t kChunkBytes = 16 * 1024;

}  // namespace

StreamedFile::StreamedFile(ModelStream& model, std::string path, uint64_t announced, bool counts)
    : model_(model),
      path_(std::move(path)),
      announced_(announced),
      counts_(counts),
      leavable_(counts && !NotCovered::Matching(path_).empty()),
      digester_(path_, announced, counts) {
  if (leavable_ || digester_.wants_header()) kept_.emplace(model.room_);
}

StreamedFile::~StreamedFile() {
  model_.room_.memory.Give(memory_);
  model_.open_files_.Give(1);
}

Result<> StreamedFile::Write(ByteSpan bytes) {
  if (bytes.size() > announced_ - bytes_) {
    return Rejected(fmt::format("has more than the {} bytes that were announced", announced_));
  }
  bytes_ += bytes.size();
  if (!counts_) return Ok();
  CARNET_TRY_VOID(Keep(bytes));
  return Digest(bytes);
}

Result<> StreamedFile::Digest(ByteSpan bytes) {
  while (!bytes.empty()) {
    const ByteSpan chunk =
        bytes.first(std::min({uint64_t{bytes.size()}, uint64_t{kChunkBytes}, digester_.room()}));
    inputs_.clear();
    digester_.Feed(chunk, inputs_);
    crypto::UpdateMany(inputs_);
    digester_.Settle();
    CARNET_TRY_VOID(HoldMemory(digester_.kept_bytes()));
    CARNET_TRY_VOID(CountTensors(digester_.tensor_count()));
    bytes = bytes.subspan(chunk.size());
  }
  return Ok();
}

// A page that is too long may not be left out whatever is in it, but `._model.bin` has tensors too.
Result<> StreamedFile::Keep(ByteSpan bytes) {
  if (bytes_ > kMaxLeavableBytes && !digester_.wants_header()) kept_.reset();
  if (!kept_) return Ok();
  return kept_->Append(bytes);
}

Result<> StreamedFile::HoldMemory(uint64_t bytes) {
  if (bytes > memory_ && !model_.room_.memory.Take(bytes - memory_)) {
    return Unsupported(fmt::format("headers and other parts that are kept would take over {} bytes",
                                   model_.room_.memory.most()));
  }
  if (bytes < memory_) model_.room_.memory.Give(memory_ - bytes);
  memory_ = bytes;
  return Ok();
}

Result<> StreamedFile::CountTensors(size_t tensors) {
  if (tensors > tensors_ && !model_.tensors_.Take(tensors - tensors_)) {
    return Rejected("the model has over 1,048,576 tensors");
  }
  if (tensors < tensors_) model_.tensors_.Give(tensors_ - tensors);
  tensors_ = tensors;
  return Ok();
}

// The tensors are hashed once their places are known, which is at the end of the file.
Result<> StreamedFile::ReadTorch() {
  const auto read = [this](uint64_t offset, std::span<uint8_t> into) {
    return kept_->Read(offset, into);
  };
  auto header = ReadTorchFile(read, bytes_);
  if (!header && header.error().code == ErrorCode::kIo) return header.error();
  digester_.TakeHeader(std::move(header));
  CARNET_TRY_VOID(CountTensors(digester_.tensor_count()));
  if (!digester_.refusal().empty()) return Ok();
  Bytes chunk(kChunkBytes);
  for (uint64_t at = 0; at < bytes_; at += chunk.size()) {
    chunk.resize(std::min<uint64_t>(kChunkBytes, bytes_ - at));
    CARNET_TRY_VOID(kept_->Read(at, chunk));
    inputs_.clear();
    digester_.FeedTensors(chunk, inputs_);
    crypto::UpdateMany(inputs_);
    digester_.Settle();
  }
  return Ok();
}

Result<std::optional<FileEntry>> StreamedFile::Close() {
  if (announced_ != kUnknownBytes && bytes_ != announced_) {
    return Rejected(
        fmt::format("ended after {} of the {} bytes that were announced", bytes_, announced_));
  }
  if (!counts_) return std::optional<FileEntry>();
  if (digester_.wants_header()) CARNET_TRY_VOID(ReadTorch());
  std::optional<std::string> why;
  if (leavable_) {
    const auto read = [this](uint64_t offset, std::span<uint8_t> into) {
      return kept_->Read(offset, into);
    };
    CARNET_TRY(why, WhyNotLeavable(path_, read, bytes_));
    why_not_leavable_ = *why;
  }
  kept_.reset();
  FileOutcome outcome = digester_.Finish();
  CARNET_TRY_VOID(CountTensors(outcome.tensors ? outcome.tensors->size() : 0));
  CARNET_TRY_VOID(HoldMemory(digester_.kept_bytes()));
  memory_ = 0;  // it is the model's from here on
  outcome.why_not_leavable = std::move(why);
  std::optional<FileEntry> entry = outcome.entry;
  model_.Add(std::move(outcome));
  return entry;
}

}  // namespace carnet::artifact
