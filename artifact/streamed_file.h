// StreamedFile: one file of a model, of which the bytes arrive in chunks. What is in it is found as
// the bytes go by; kept until the end are only those of files whose contents lead from one place to
// another: PyTorch's, and those of names that a passport may leave out. For one thread at a time.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "artifact/file_digester.h"
#include "artifact/kept_bytes.h"
#include "artifact/manifest.h"
#include "core/bytes.h"
#include "core/result.h"

namespace carnet::artifact {

class ModelStream;

class StreamedFile {
 public:
  StreamedFile(const StreamedFile&) = delete;
  StreamedFile& operator=(const StreamedFile&) = delete;
  ~StreamedFile();

  const std::string& path() const { return path_; }
  uint64_t bytes() const { return bytes_; }  // so far
  bool counts() const { return counts_; }    // false: S5 leaves it out
  // Why it is not the weight file that its name promises, as far as that is known by now.
  const std::string& refusal() const { return digester_.refusal(); }
  // Of a file that was closed and of a name that may be left out: why it may not; else empty.
  const std::string& why_not_leavable() const { return why_not_leavable_; }

  // After an error, and after Close, the file takes nothing more. Errors: rejected (more bytes than
  // were announced; too many tensors), unsupported (no room to keep what has to be kept), io.
  Result<> Write(ByteSpan bytes);
  // The end of the file. Absent where it does not count. Errors: rejected (fewer bytes than were
  // announced), unsupported, io.
  Result<std::optional<FileEntry>> Close();

 private:
  friend class ModelStream;
  // `model` must outlive it.
  StreamedFile(ModelStream& model, std::string path, uint64_t announced, bool counts);

  Result<> Digest(ByteSpan bytes);
  Result<> Keep(ByteSpan bytes);
  Result<> HoldMemory(uint64_t bytes);
  Result<> CountTensors(size_t tensors);
  Result<> ReadTorch();

  ModelStream& model_;
  const std::string path_;
  const uint64_t announced_;
  const bool counts_;
  const bool leavable_;
  uint64_t bytes_ = 0;
  FileDigester digester_;
  std::optional<KeptBytes> kept_;
  std::vector<crypto::StreamInput> inputs_;
  uint64_t memory_ = 0;  // of the model's allowance
  size_t tensors_ = 0;   // that were counted
  std::string why_not_leavable_;
};

}  // namespace carnet::artifact
