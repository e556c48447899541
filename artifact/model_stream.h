// ModelStream: a model of which the files arrive in chunks, one after the other or several at once,
// in any order. In the end it is what ReadModel makes of the same files in a folder. Thread safe;
// each of its files is for one thread at a time.
//
// Memory: what limits the files of a folder (kMaxTensors of one, kMaxModelTensors of all), and
// `kept_bytes` for all else: paths, headers, configurations, what KeptBytes keeps. A header that is
// about to be too long for that is noticed when it is: a thread may hold up to 100 MB beyond.
#pragma once

#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "artifact/file_outcome.h"
#include "artifact/kept_bytes.h"
#include "artifact/model_files.h"
#include "artifact/streamed_file.h"
#include "artifact/weight_header.h"
#include "core/result.h"

namespace carnet::artifact {

struct StreamLimits {
  uint64_t kept_bytes = 256 << 20;              // in memory
  std::string spool_folder = "";                // empty: there is none
  uint64_t spooled_bytes = uint64_t{64} << 30;  // in that folder, of all files
};

// Against memory and descriptors: a hub that stores files has no more of them open either.
inline constexpr size_t kMaxOpenFiles = 1024;

class ModelStream {
 public:
  explicit ModelStream(StreamLimits limits);

  // The path is one that S5 allows, of no file or folder that is there. `bytes` is the size where
  // it is known before: what arrives has to have it. The file must not outlive the model, and
  // counts once it is closed. Errors: malformed, conflict, rejected (the size; too many files),
  // unsupported (too many are open; no room).
  Result<std::unique_ptr<StreamedFile>> Begin(const std::string& path,
                                              uint64_t bytes = kUnknownBytes);

  // Of the files that were closed; ends the object. Errors: rejected: no file that counts.
  Result<ModelFiles> Finish();

 private:
  friend class StreamedFile;
  Result<> Register(const std::string& path, const std::string& left_out);
  Result<> CheckFree(const std::string& path) const;
  void Add(FileOutcome outcome);

  KeepingRoom room_;
  Allowance tensors_{kMaxModelTensors};
  Allowance open_files_{kMaxOpenFiles};
  std::mutex mutex_;             // for all below
  std::set<std::string> paths_;  // of files; of folders that are left out, ending in '/'
  std::set<std::string> left_out_;
  std::vector<FileOutcome> outcomes_;
};

}  // namespace carnet::artifact
