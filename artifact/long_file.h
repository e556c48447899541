// LongFile: how far a file is that several threads read window by window: what is filled, hashed
// for the digest of the file, and hashed for its tensors. It says which step is ready and is told
// when one begins and ends, both under the lock of whoever owns it; a step itself runs outside.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "artifact/file_lane.h"
#include "artifact/file_outcome.h"
#include "artifact/manifest.h"
#include "core/bytes.h"
#include "core/result.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {

class LongFile {
 public:
  // One is filled while two are hashed: whoever hashes for the tensors may be ahead by one.
  static constexpr size_t kWindows = 3;

  enum class Step : uint8_t { kFill, kHashFile, kHashContent, kFinish };

  // `file` must outlive it; it is opened by the first step.
  LongFile(const ListedFile& file, size_t index, bool tensors, size_t window_bytes);

  size_t index() const { return index_; }  // of the caller's
  // Bytes that are not hashed for the digest of the file: what ends last is begun first.
  uint64_t rest() const { return rest_; }
  // 2: hashed for the file and for its tensors; 1: for the file.
  size_t streams() const { return digest_only_ ? 1 : 2; }

  bool IsReady(Step step) const;
  void Begin(Step step);
  void End(Step step);

  // The steps. Fill opens the file first. Errors: those of FileLane.
  Result<> Fill();
  // What is to be hashed in the step, which is ended when that is done. Settle ends kHashContent.
  void Inputs(Step step, std::vector<crypto::StreamInput>& inputs);
  // How many tensors the last Inputs for content found.
  size_t NewTensors();
  void Settle() { lane_->Settle(); }
  Result<FileOutcome> Finish();  // frees the windows

 private:
  struct Window {
    std::unique_ptr<uint8_t[]> room;
    ByteSpan filled;
  };

  Window& At(uint64_t number) { return windows_[number % kWindows]; }
  bool all_filled() const { return filled_ > 0 && filled_bytes_ == file_.stamp.bytes; }

  const ListedFile& file_;
  const size_t index_;
  const bool tensors_;
  const size_t window_bytes_;
  const bool digest_only_;

  std::unique_ptr<FileLane> lane_;
  std::array<Window, kWindows> windows_;
  size_t tensors_seen_ = 0;
  std::array<bool, 4> begun_{};  // by step: nobody else may begin it
  // Numbers of windows.
  uint64_t filled_ = 0;
  uint64_t hashed_ = 0;
  uint64_t content_hashed_ = 0;
  uint64_t filled_bytes_ = 0;
  uint64_t rest_;
};

}  // namespace carnet::artifact
