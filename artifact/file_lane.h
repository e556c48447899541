// FileLane: one file of a disk on its way to a digest, advanced chunk by chunk, so that a thread
// can hash several side by side (crypto/sha256_many.h). Not thread safe.
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

  // Reads the next chunk into `buffer` and adds to `inputs` what is to be hashed. Settle must be
  // called before `buffer` is used again.
  Result<> Read(std::span<uint8_t> buffer, std::vector<crypto::StreamInput>& inputs);
  void Settle() { digester_.Settle(); }

  bool at_end() const { return position() == file_.stamp.bytes; }
  uint64_t position() const { return digester_.position(); }
  size_t tensor_count() const { return digester_.tensor_count(); }  // 0 until the header is read

  // Requires at_end. Errors: conflict when the file has changed since Open.
  Result<FileOutcome> Finish();

 private:
  FileLane(const ListedFile& file, FileDescriptor fd, bool tensors);

  Result<> CheckAtEnd() const;
  Result<> CheckUnchanged() const;
  Result<> ReadBytes(uint64_t offset, std::span<uint8_t> into) const;
  Result<> CheckLeavable();
  Result<> ReadTorch();

  const ListedFile& file_;
  FileDescriptor fd_;
  FileDigester digester_;
  std::optional<std::string> why_not_leavable_;
};

}  // namespace carnet::artifact
