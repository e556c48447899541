// A model on disk as digests: the one call that others use. Each byte is read once, on all cores;
// memory does not grow with the size of the files (beyond the headers of weight files, which are
// bounded). Pickles are read as data, never run.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "artifact/adapter.h"
#include "artifact/manifest.h"
#include "artifact/tensor_root.h"
#include "artifact/unread_weights.h"
#include "core/digests.h"
#include "core/not_covered.h"
#include "core/result.h"

namespace carnet::artifact {

// A file of a name that a passport may leave out of the model digest.
struct LeavableFile {
  std::string path;
  NotCovered patterns;  // those that match
  std::string why_not;  // its content says otherwise; empty where it may be left out

  friend bool operator==(const LeavableFile&, const LeavableFile&) = default;
};

struct ModelFiles {
  std::vector<FileEntry> files;          // sorted by the path's bytes; never empty
  ModelDigest digest;                    // over all of them, except those that `leaves_out` matches
  std::vector<WeightSet> weight_sets;    // sorted by name
  std::vector<std::string> not_covered;  // left out by S5; folders end in '/'
  std::vector<std::string> warnings;     // colliding paths; why a weight file has no tensor root
  uint64_t total_bytes;
  std::optional<Adapter> adapter = std::nullopt;  // what they tell of a base, if they adapt one
  // Loading these runs a program: "path: calls posix.system". Here they are not run.
  std::vector<std::string> executable_pickles = {};
  std::vector<UnreadWeights> unread_weights = {};  // files that no weight set has, by path
  std::vector<LeavableFile> leavable = {};         // among `files`; sorted by path
  NotCovered leaves_out = {};                      // artifact/covered_files.h
};

class DigestCache;

struct ReadOptions {
  bool follow_links = false;
  bool tensors = true;
  unsigned threads = 0;  // 0: as many as the machine has
  // Called after every stretch of bytes, from the reading threads but never from two at once.
  std::function<void(uint64_t bytes_done, uint64_t bytes_total)> progress;
  std::function<bool()> stop;  // asked likewise; true ends the reading with an error
  // Digests of files that are unchanged, and takes those of the others; null: all are hashed, as
  // they have to be for a verdict. Outlives the call.
  DigestCache* cache = nullptr;
};

// A directory or a single file. A weight file whose header is refused counts as a file like any
// other; `warnings` says why it has no tensor root, and it is among `unread_weights`, where files
// of other frameworks are too. The digest covers all files: LeaveOut makes one that does not. Of a
// single file nothing can be left out. Weight files are recognised by how their names end:
// .safetensors, .gguf, .bin, .pt, .pth, .ckpt, and the indexes .safetensors.index.json and
// .bin.index.json. Errors: those of ListFiles; conflict for a file that changes while being read;
// io, also where `stop` says so.
Result<ModelFiles> ReadModel(const std::string& path, const ReadOptions& options = {});

}  // namespace carnet::artifact
