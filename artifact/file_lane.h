// FileLane: one file on its way to a digest, advanced chunk by chunk, so that a thread can hash
// several side by side (crypto/sha256_many.h). Not thread safe.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/manifest.h"
#include "artifact/model_config.h"
#include "artifact/quantization_config.h"
#include "artifact/safetensors.h"
#include "artifact/tensor_digester.h"
#include "artifact/tensor_root.h"
#include "core/file.h"
#include "core/result.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {

// What was learnt about one file.
struct FileOutcome {
  FileEntry entry;
  std::optional<std::vector<TensorSummary>> tensors;  // of a safetensors or GGUF file
  std::optional<ShardIndex> index;                    // of a safetensors index
  std::string refusal;  // why a weight file or index has neither; empty otherwise
  std::optional<QuantizationConfig> quantization = std::nullopt;  // of a configuration that has one
  // rejected: an executable pickle; not_found: the file holds no weights
  ErrorCode refusal_code = ErrorCode::kMalformed;
  std::string part = "";                             // WeightHeader::part
  uint64_t uncounted_bytes = 0;                      // WeightHeader::uncounted_bytes
  std::optional<ModelConfig> config = std::nullopt;  // of config.json, or a GGUF file
  // Of a file of a name that may be left out (leavable_content.h): why not, or empty.
  std::optional<std::string> why_not_leavable = std::nullopt;
};

class FileLane {
 public:
  // Opens the file and, when `tensors` are wanted and its name is that of a weight file, reads and
  // parses its header. Looks into one whose name says that it may be left out. `file` must outlive
  // the lane. Errors: io, not_found, conflict when the file is no longer the one that was listed.
  static Result<std::unique_ptr<FileLane>> Open(const ListedFile& file, bool tensors);

  // Takes the next chunk, read into `buffer` or left over from the header, and adds to `inputs`
  // what is to be hashed. Settle must be called before `buffer` is used again.
  Result<> Read(std::span<uint8_t> buffer, std::vector<crypto::StreamInput>& inputs);
  void Settle();

  bool at_end() const { return position_ == file_.stamp.bytes; }
  uint64_t position() const { return position_; }
  size_t tensor_count() const { return tensor_count_; }

  // Requires at_end. Errors: conflict when the file has changed since Open.
  Result<FileOutcome> Finish();

 private:
  FileLane(const ListedFile& file, FileDescriptor fd);

  Result<> CheckAtEnd() const;
  Result<> CheckUnchanged() const;
  Result<> ReadBytes(uint64_t offset, std::span<uint8_t> into) const;
  Result<> GrowHead(uint64_t bytes);
  Result<> ReadHeader();
  Result<> CheckLeavable();
  Result<> ReadSafetensors();
  Result<> ReadGguf();
  Result<> ReadTorch();
  Result<> ReadIndex();
  Result<> ReadConfig();
  void Take(Result<WeightHeader> header);
  void Refuse(const Error& why);

  const ListedFile& file_;
  FileDescriptor fd_;
  Bytes head_;  // first bytes of the file, read by Open and not yet hashed
  uint64_t position_ = 0;
  size_t tensor_count_ = 0;
  crypto::Sha256 stream_;
  std::optional<TensorDigester> tensors_;
  std::optional<ShardIndex> index_;
  std::string part_;
  uint64_t uncounted_bytes_ = 0;
  std::string refusal_;
  ErrorCode refusal_code_ = ErrorCode::kMalformed;
  std::optional<QuantizationConfig> quantization_;
  std::optional<ModelConfig> config_;
  std::optional<std::string> why_not_leavable_;
};

}  // namespace carnet::artifact
