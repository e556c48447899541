#include "artifact/file_digester.h"

#include <algorithm>
#include <utility>

#include "artifact/gguf.h"
#include "artifact/safetensors.h"
#include "artifact/torch_file.h"
#include "core/check.h"

namespace carnet::artifact {
namespace {

constexpr uint64_t kHeaderLengthBytes = 8;  // of a safetensors header
constexpr uint64_t kFirstGgufBytes = 64 * 1024;

std::string_view BaseName(std::string_view path) { return path.substr(path.rfind('/') + 1); }

size_t MemoryOf(const ModelConfig& config) {
  constexpr size_t kNumberBytes = 128;
  size_t bytes = config.model_type.size();
  for (const auto& [name, number] : config.numbers) bytes += kNumberBytes + name.size();
  return bytes;
}

// Beside kTensorMemoryBytes of each tensor.
size_t MemoryOf(const WeightHeader& header) {
  size_t bytes = header.part.size() + (header.config ? MemoryOf(*header.config) : 0);
  for (const TensorInfo& tensor : header.tensors) bytes += tensor.name.size();
  return bytes;
}

size_t MemoryOf(const ShardIndex& index) {
  size_t bytes = index.weight_map.capacity() * sizeof(ShardIndex::Mapping);
  for (const auto& [tensor, file] : index.weight_map) bytes += tensor.size() + file.size();
  return bytes;
}

}  // namespace

FileDigester::FileDigester(std::string path, uint64_t bytes, bool tensors)
    : path_(std::move(path)), bytes_(bytes), wanted_(tensors ? WantedOf(path_) : Wanted::kDigest) {
  if (const uint64_t first = FirstLook(wanted_); first > 0) GatherUntil(first);
}

FileDigester::Wanted FileDigester::WantedOf(const std::string& path) {
  if (path.ends_with(".safetensors")) return Wanted::kSafetensors;
  if (path.ends_with(".gguf")) return Wanted::kGguf;
  if (IsTorchFileName(path)) return Wanted::kTorch;
  for (const char* index : {".safetensors.index.json", ".bin.index.json"}) {
    if (path.ends_with(index)) return Wanted::kIndex;
  }
  return IsQuantizationConfigName(BaseName(path)) ? Wanted::kConfig : Wanted::kDigest;
}

// After how many bytes there is something to see; 0: never.
uint64_t FileDigester::FirstLook(Wanted wanted) {
  switch (wanted) {
    case Wanted::kSafetensors:
      return kHeaderLengthBytes;
    case Wanted::kGguf:
      return kFirstGgufBytes;
    case Wanted::kIndex:  // one byte more than the limit shows that it is exceeded
      return kMaxHeaderBytes + 1;
    case Wanted::kConfig:
      return kMaxConfigBytes + 1;
    case Wanted::kDigest:
    case Wanted::kTorch:
      return 0;
  }
  CARNET_CHECK(false);
}

void FileDigester::GatherUntil(uint64_t bytes) {
  head_end_ = std::min(bytes, bytes_);
  // Of a file that is too long nothing need be kept.
  if (is_kept_whole() && knows_size() && head_end_ == bytes) return RefuseLongFile();
  gathers_ = true;
}

void FileDigester::StopGathering() {
  gathers_ = false;
  head_ = Bytes();
}

void FileDigester::TakeHeader(Result<WeightHeader> header) {
  CARNET_CHECK(wants_header());
  if (header) return Take(std::move(*header));
  Refuse(header.error());
}

uint64_t FileDigester::room() const { return gathers_ ? head_end_ - head_.size() : UINT64_MAX; }

void FileDigester::Feed(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs) {
  inputs.push_back(FileInput(chunk));
  FeedContent(chunk, inputs);
}

void FileDigester::FeedContent(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs) {
  CARNET_CHECK(chunk.size() <= room());
  position_ += chunk.size();
  if (!gathers_) return FeedTensors(chunk, inputs);
  Keep(chunk);
  if (head_.size() == head_end_) LookAtHead();
  FeedTensors(head_, inputs);
}

void FileDigester::FeedTensors(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs) {
  if (tensors_) tensors_->Feed(chunk, inputs);
}

// No more room than the file can need: whoever sends it says how long its header is.
void FileDigester::Keep(ByteSpan chunk) {
  const uint64_t needed = head_.size() + chunk.size();
  if (needed > head_.capacity()) {
    head_.reserve(std::min(head_end_, std::max<uint64_t>(needed, 2 * head_.size())));
  }
  head_.insert(head_.end(), chunk.begin(), chunk.end());
}

void FileDigester::Settle() {
  if (tensors_) tensors_->Settle();
  if (!gathers_ && !provisional_) head_ = Bytes();
}

void FileDigester::LookAtHead() {
  if (wanted_ == Wanted::kSafetensors) return LookAtSafetensors();
  if (wanted_ == Wanted::kGguf) return LookAtGguf();
  if (!knows_size()) RefuseLongFile();
}

void FileDigester::LookAtSafetensors() {
  const auto header_bytes = SafetensorsHeaderBytes(head_, bytes_);
  if (!header_bytes) return Decide(header_bytes.error());
  if (head_.size() < *header_bytes) return GatherUntil(*header_bytes);
  Decide(ParseSafetensorsHeader(head_, bytes_));
}

void FileDigester::LookAtGguf() {
  auto header = ParseGgufHeader(head_, bytes_);
  if (!header) return Decide(header.error());
  if (*header) return Decide(std::move(**header));
  GatherUntil(std::min(2 * head_end_, kMaxHeaderBytes));
}

// Without the size an error is not final: another may come before it.
void FileDigester::Decide(Result<WeightHeader> header) {
  gathers_ = false;
  provisional_ = !knows_size();
  if (header) {
    Take(std::move(*header));
  } else if (knows_size()) {
    Refuse(header.error());
  }
}

// A configuration that cannot be read says nothing, which leaves open what it would tell.
void FileDigester::RefuseLongFile() {
  if (wanted_ == Wanted::kIndex) Refuse(Malformed("index is over 100,000,000 bytes"));
  wanted_ = Wanted::kDigest;
  StopGathering();
}

void FileDigester::ReadWhole() {
  if (wanted_ == Wanted::kIndex) {
    auto index = ParseShardIndex(AsText(head_));
    if (!index) return Refuse(index.error());
    index_ = std::move(*index);
    read_bytes_ = MemoryOf(*index_);
    return;
  }
  const auto quantization = ParseQuantizationConfig(AsText(head_));
  if (quantization) quantization_ = *quantization;
  if (BaseName(path_) != "config.json") return;
  auto config = ParseModelConfig(AsText(head_));
  if (!config) return;
  config_ = std::move(*config);
  read_bytes_ = MemoryOf(*config_);
}

// The header as that of a file of all the bytes that there were.
Result<WeightHeader> FileDigester::HeaderAtEnd() const {
  if (wanted_ == Wanted::kSafetensors) {
    CARNET_TRY_VOID(SafetensorsHeaderBytes(head_, position_));
    return ParseSafetensorsHeader(head_, position_);
  }
  CARNET_TRY(auto header, ParseGgufHeader(head_, position_));
  if (!header) return Malformed("header is longer than the file");
  return std::move(*header);
}

void FileDigester::DecideAtEnd() {
  auto header = HeaderAtEnd();
  if (!header) {
    tensors_.reset();
    config_.reset();
    tensor_count_ = 0;
    read_bytes_ = 0;
    return Refuse(header.error());
  }
  if (tensors_) return;  // the tensors lie where they were taken to lie
  Take(std::move(*header));
  std::vector<crypto::StreamInput> inputs;  // all of the file is in the head
  FeedTensors(head_, inputs);
  crypto::UpdateMany(inputs);
  tensors_->Settle();
}

void FileDigester::Take(WeightHeader header) {
  tensor_count_ = header.tensors.size();
  read_bytes_ = MemoryOf(header);
  part_ = std::move(header.part);
  uncounted_bytes_ = header.uncounted_bytes;
  config_ = std::move(header.config);
  tensors_.emplace(std::move(header));
}

void FileDigester::Refuse(const Error& why) {
  refusal_ = why.message;
  refusal_code_ = why.code;
}

FileOutcome FileDigester::Finish() {
  if (is_kept_whole()) {
    ReadWhole();
  } else if (gathers_ || provisional_) {
    DecideAtEnd();
  }
  StopGathering();
  FileOutcome outcome{{path_, position_, stream_.Finish()}};
  outcome.index = std::move(index_);
  outcome.refusal = std::move(refusal_);
  outcome.quantization = quantization_;
  outcome.refusal_code = refusal_code_;
  outcome.part = std::move(part_);
  outcome.uncounted_bytes = uncounted_bytes_;
  outcome.config = std::move(config_);
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
