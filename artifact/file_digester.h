// FileDigester: what the bytes of one file tell as they go by, wherever they come from: its digest,
// and of weight files, indexes and configurations what is in them. Bytes are shown once, in order,
// in chunks of any size. Not thread safe.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "artifact/file_outcome.h"
#include "artifact/tensor_digester.h"
#include "artifact/weight_header.h"
#include "core/bytes.h"
#include "crypto/sha256.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {

class FileDigester {
 public:
  // What a file of some name is read for.
  enum class Wanted : uint8_t { kDigest, kSafetensors, kGguf, kTorch, kIndex, kConfig };
  static Wanted WantedOf(const std::string& path);

  // `bytes` is the size of the file, or kUnknownBytes: then the header is kept until the end, which
  // decides whether it is that of this file. Where no `tensors` are wanted, there is only the
  // digest.
  FileDigester(std::string path, uint64_t bytes, bool tensors);

  // Whether the name is that of a file whose header need not be at its front.
  bool wants_header() const { return wanted_ == Wanted::kTorch; }
  // The header of such a file: before the first Feed; or after the last, and then FeedTensors has
  // to follow.
  void TakeHeader(Result<WeightHeader> header);
  // Adds to `inputs` what the next bytes contribute to the tensors alone. Settle as after Feed.
  void FeedTensors(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs);

  // The most bytes that the next Feed may have: what is there then decides how to go on.
  uint64_t room() const;
  // Takes the next bytes of the file, and adds to `inputs` what is to be hashed. When that is done,
  // and before the chunk is used for other things, Settle must be called.
  void Feed(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs);
  void Settle();

  // Feed in two halves, which two threads may be in at once, each taking the bytes in order: what
  // goes to the digest of the file, and all else. Settle is part of the second.
  crypto::StreamInput FileInput(ByteSpan chunk) { return {&stream_, chunk}; }
  void FeedContent(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs);
  // Whether the content adds nothing to `inputs`, at no time.
  bool wants_digest_only() const { return wanted_ == Wanted::kDigest; }

  uint64_t position() const { return position_; }
  size_t tensor_count() const { return tensor_count_; }  // 0 until the header is read
  // Of memory: the head, and what was read in the file, which is the outcome's after Finish.
  size_t kept_bytes() const { return head_.capacity() + read_bytes_; }
  // Why a weight file or index is refused, as far as it is known by now; empty: it is not.
  const std::string& refusal() const { return refusal_; }

  // Requires that the whole file was fed; ends the object.
  FileOutcome Finish();

 private:
  static uint64_t FirstLook(Wanted wanted);
  bool knows_size() const { return bytes_ != kUnknownBytes; }
  bool is_kept_whole() const { return wanted_ == Wanted::kIndex || wanted_ == Wanted::kConfig; }
  void GatherUntil(uint64_t bytes);
  void StopGathering();
  void Keep(ByteSpan chunk);
  void LookAtHead();
  void LookAtSafetensors();
  void LookAtGguf();
  void Decide(Result<WeightHeader> header);
  void RefuseLongFile();
  void ReadWhole();
  Result<WeightHeader> HeaderAtEnd() const;
  void DecideAtEnd();
  void Take(WeightHeader header);
  void Refuse(const Error& why);

  const std::string path_;
  const uint64_t bytes_;
  Wanted wanted_;
  Bytes head_;            // the first bytes of the file
  bool gathers_ = false;  // head_ grows until it has `head_end_` bytes
  uint64_t head_end_ = 0;
  bool provisional_ = false;  // what head_ says was read without knowing the size
  uint64_t position_ = 0;
  size_t tensor_count_ = 0;
  size_t read_bytes_ = 0;  // of names and settings, which are as long as whoever wrote them likes
  crypto::Sha256 stream_;
  std::optional<TensorDigester> tensors_;
  std::optional<ShardIndex> index_;
  std::string part_;
  uint64_t uncounted_bytes_ = 0;
  std::string refusal_;
  ErrorCode refusal_code_ = ErrorCode::kMalformed;
  std::optional<QuantizationConfig> quantization_;
  std::optional<ModelConfig> config_;
};

}  // namespace carnet::artifact
