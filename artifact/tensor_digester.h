// TensorDigester: deals the bytes of a weight file out to the hash streams of its tensors as they
// come by. Not thread safe.
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "artifact/tensor_root.h"
#include "artifact/weight_header.h"
#include "core/bytes.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/sha256.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {

class TensorDigester {
 public:
  explicit TensorDigester(WeightHeader header);

  // Adds to `inputs` what `chunk`, the next bytes of the file, contributes to each tensor. Settle
  // must be called once the inputs have been hashed, before the next Feed.
  void Feed(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs);
  void Settle();

  // Requires that the whole file was fed. Errors: malformed when the bytes between the tensors,
  // which can only be padding, are not zero.
  Result<std::vector<TensorSummary>> Finish() &&;

 private:
  struct OpenTensor {
    size_t index;
    crypto::Sha256 stream;
  };

  void FeedTensor(size_t index, ByteSpan piece, std::vector<crypto::StreamInput>& inputs);
  void CheckPadding(ByteSpan chunk, uint64_t until);

  WeightHeader header_;
  std::vector<std::optional<Sha256Digest>> digests_;
  std::deque<OpenTensor> open_;  // a deque, as inputs point into it while it grows
  size_t next_ = 0;              // first tensor that is not fed completely
  uint64_t position_ = 0;        // in the file, after what was fed
  uint64_t accounted_;           // in the file; all bytes before it are header, tensors or zero
  bool padding_is_zero_ = true;
};

}  // namespace carnet::artifact
