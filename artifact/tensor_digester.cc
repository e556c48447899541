#include "artifact/tensor_digester.h"

#include <algorithm>

#include "core/check.h"

namespace carnet::artifact {
namespace {

// Smaller tensors are hashed at once: it bounds the streams that one chunk can open.
constexpr size_t kSmallTensorBytes = 4096;

bool HasSameBytes(const TensorInfo& a, const TensorInfo& b) {
  return a.begin == b.begin && a.end == b.end;
}

}  // namespace

TensorDigester::TensorDigester(WeightHeader header)
    : header_(std::move(header)),
      digests_(header_.tensors.size()),
      accounted_(header_.data_begin) {}

void TensorDigester::Feed(ByteSpan chunk, std::vector<crypto::StreamInput>& inputs) {
  const uint64_t chunk_end = position_ + chunk.size();
  while (next_ < header_.tensors.size() && header_.tensors[next_].begin <= chunk_end) {
    const TensorInfo& tensor = header_.tensors[next_];
    CheckPadding(chunk, tensor.begin);
    const uint64_t from = std::max(tensor.begin, position_);
    const uint64_t to = std::min(tensor.end, chunk_end);
    FeedTensor(next_, chunk.subspan(from - position_, to - from), inputs);
    accounted_ = to;
    if (tensor.end > chunk_end) break;
    while (next_ < header_.tensors.size() && HasSameBytes(tensor, header_.tensors[next_])) ++next_;
  }
  CheckPadding(chunk, chunk_end);
  position_ = chunk_end;
}

void TensorDigester::FeedTensor(size_t index, ByteSpan piece,
                                std::vector<crypto::StreamInput>& inputs) {
  const TensorInfo& tensor = header_.tensors[index];
  if (piece.empty() && tensor.begin != tensor.end) return;  // begins where the chunk ends
  if (piece.size() == tensor.end - tensor.begin && piece.size() < kSmallTensorBytes) {
    digests_[index] = crypto::Sha256Of(piece);
    return;
  }
  if (open_.empty() || open_.back().index != index) open_.push_back({index, crypto::Sha256()});
  inputs.push_back({&open_.back().stream, piece});
}

// Looks at the bytes from accounted_ to `until`, of those that lie in the chunk.
void TensorDigester::CheckPadding(ByteSpan chunk, uint64_t until) {
  if (header_.has_other_bytes) return;
  const uint64_t from = std::max(accounted_, position_);
  if (from >= until) return;
  const ByteSpan padding = chunk.subspan(from - position_, until - from);
  const auto is_zero = [](uint8_t byte) { return byte == 0; };
  padding_is_zero_ = padding_is_zero_ && std::all_of(padding.begin(), padding.end(), is_zero);
  accounted_ = until;
}

void TensorDigester::Settle() {
  while (!open_.empty() && open_.front().index < next_) {
    digests_[open_.front().index] = open_.front().stream.Finish();
    open_.pop_front();
  }
}

Result<std::vector<TensorSummary>> TensorDigester::Finish() && {
  CARNET_CHECK(next_ == header_.tensors.size());
  if (!padding_is_zero_) return Malformed("padding between tensors is not zero");
  std::vector<TensorSummary> tensors;
  tensors.reserve(header_.tensors.size());
  for (size_t i = 0; i < header_.tensors.size(); ++i) {
    TensorInfo& info = header_.tensors[i];
    if (!digests_[i]) digests_[i] = digests_[i - 1];  // the same bytes, hashed once
    tensors.push_back({std::move(info.name), std::move(info.dtype), std::move(info.shape),
                       info.elements, info.packed, digests_[i].value(), info.shared});
  }
  return tensors;
}

}  // namespace carnet::artifact
