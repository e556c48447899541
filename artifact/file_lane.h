// FileLane: one file of a disk on its way to a digest, window by window. Three threads may be in
// one lane at once: one in Fill, one hashing what FileInput gives, one in FeedContent and Settle;
// each takes the windows in order.
#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "artifact/file_digester.h"
#include "artifact/file_outcome.h"
#include "artifact/manifest.h"
#include "core/file.h"
#include "core/result.h"
#include "crypto/sha256_many.h"

namespace carnet::artifact {

class FileLane {
 public:
  // Opens the file and, when `tensors` are wanted and its name is that of a PyTorch file, reads and
  // parses its header. Looks into one whose name says that it may be left out. `file` must outlive
  // the lane. Errors: io, not_found, conflict when the file is no longer the one that was listed.
  static Result<std::unique_ptr<FileLane>> Open(const ListedFile& file, bool tensors);

  uint64_t bytes() const { return file_.stamp.bytes; }
  uint64_t unfilled() const { return bytes() - filled_; }  // bytes that no Fill has read

  // Reads the next bytes into `window`, all of it but at the end of the file, and returns them.
  // Has the system read on meanwhile where it has to wait for the disk.
  Result<ByteSpan> Fill(std::span<uint8_t> window);

  // The window for the digest of the file.
  crypto::StreamInput FileInput(ByteSpan window) { return digester_.FileInput(window); }
  // Adds to `inputs` what else of the window is to be hashed; hashes what comes before that. Settle
  // must be called when the inputs are hashed, and before the window is used for other things.
  void FeedContent(ByteSpan window, std::vector<crypto::StreamInput>& inputs);
  void Settle() { digester_.Settle(); }

  bool wants_digest_only() const { return digester_.wants_digest_only(); }
  size_t tensor_count() const { return digester_.tensor_count(); }  // 0 until the header is read

  // Requires that all windows went both ways. Errors: conflict when the file has changed since
  // Open.
  Result<FileOutcome> Finish();

 private:
  FileLane(const ListedFile& file, FileDescriptor fd, bool tensors);

  void ReadAhead(size_t window_bytes) const;
  Result<> CheckAtEnd() const;
  Result<> CheckUnchanged() const;
  Result<> ReadBytes(uint64_t offset, std::span<uint8_t> into) const;
  Result<> CheckLeavable();
  Result<> ReadTorch();

  const ListedFile& file_;
  FileDescriptor fd_;
  FileDigester digester_;
  uint64_t filled_ = 0;
  bool is_cold_ = false;  // some of it was not in the page cache
  std::optional<std::string> why_not_leavable_;
};

}  // namespace carnet::artifact
