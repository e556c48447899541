#include "artifact/long_file.h"

#include <algorithm>
#include <utility>

#include "core/check.h"

namespace carnet::artifact {

LongFile::LongFile(const ListedFile& file, size_t index, bool tensors, size_t window_bytes)
    : file_(file),
      index_(index),
      tensors_(tensors),
      window_bytes_(std::min<uint64_t>(window_bytes, std::max<uint64_t>(file.stamp.bytes, 1))),
      digest_only_(FileDigester(file.path, file.stamp.bytes, tensors).wants_digest_only()),
      rest_(file.stamp.bytes) {}

bool LongFile::IsReady(Step step) const {
  if (begun_[static_cast<size_t>(step)]) return false;
  switch (step) {
    case Step::kFill:
      return !all_filled() && filled_ - std::min(hashed_, content_hashed_) < kWindows;
    case Step::kHashFile:
      return hashed_ < filled_;
    case Step::kHashContent:
      return content_hashed_ < filled_;
    case Step::kFinish:
      return all_filled() && hashed_ == filled_ && content_hashed_ == filled_;
  }
  CARNET_CHECK(false);
}

void LongFile::Begin(Step step) {
  CARNET_CHECK(IsReady(step));
  begun_[static_cast<size_t>(step)] = true;
}

void LongFile::End(Step step) {
  switch (step) {
    case Step::kFill:
      filled_bytes_ += At(filled_).filled.size();
      ++filled_;
      if (digest_only_) content_hashed_ = filled_;
      break;
    case Step::kHashFile:
      rest_ -= At(hashed_).filled.size();
      ++hashed_;
      break;
    case Step::kHashContent:
      ++content_hashed_;
      break;
    case Step::kFinish:
      return;  // once
  }
  begun_[static_cast<size_t>(step)] = false;
}

Result<> LongFile::Fill() {
  if (lane_ == nullptr) {
    CARNET_TRY(lane_, FileLane::Open(file_, tensors_));
  }
  Window& window = At(filled_);
  if (window.room == nullptr) {
    window.room = std::make_unique_for_overwrite<uint8_t[]>(window_bytes_);
  }
  CARNET_TRY(window.filled, lane_->Fill({window.room.get(), window_bytes_}));
  if (digest_only_) {
    std::vector<crypto::StreamInput> none;
    lane_->FeedContent(window.filled, none);
    CARNET_CHECK(none.empty());
  }
  return Ok();
}

void LongFile::Inputs(Step step, std::vector<crypto::StreamInput>& inputs) {
  if (step == Step::kHashFile) {
    inputs.push_back(lane_->FileInput(At(hashed_).filled));
  } else {
    CARNET_CHECK(step == Step::kHashContent);
    lane_->FeedContent(At(content_hashed_).filled, inputs);
  }
}

size_t LongFile::NewTensors() {
  return lane_->tensor_count() - std::exchange(tensors_seen_, lane_->tensor_count());
}

Result<FileOutcome> LongFile::Finish() {
  for (Window& window : windows_) window = {};
  return lane_->Finish();
}

}  // namespace carnet::artifact
