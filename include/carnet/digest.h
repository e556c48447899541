// Model files as digests: the model digest, each file, and tensor roots that survive resharding.
// `sha256sum` over the paths as `LC_ALL=C sort` orders them, piped into `sha256sum`, gives the
// same. Link carnet::verify. Digests are lowercase hex. Values: copies share state, never change,
// and are safe from several threads.
#pragma once

#include <carnet/export.h>
#include <carnet/result.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace carnet {

struct ModelFile {
  std::string path;    // relative to the model's folder, with '/'
  std::string sha256;  // of its bytes
  uint64_t bytes;
};

// The tensors of one safetensors index, safetensors file, or GGUF file or series.
struct WeightSet {
  std::string name;   // path of the index, file or first shard
  std::string root;   // RFC 6962 root over one leaf per tensor
  uint64_t tensors;   // how many
  uint64_t elements;  // the parameter count, unless packed
  bool packed;        // several elements of a tensor share bytes
};

struct ModelOptions {
  bool follow_links = false;  // to files inside, and to the blobs of a Hugging Face snapshot
  bool tensors = true;        // compute tensor roots too
  unsigned threads = 0;       // 0: as many as the machine has
  // Called as bytes are read, from other threads, but never from two at once. Must not throw.
  std::function<void(uint64_t bytes_done, uint64_t bytes_total)> progress;
  // Asked likewise; true ends the call with the error io, "stopped by the caller". Must not throw.
  std::function<bool()> stop;
  // Which files the digest leaves out, and a passport that is issued for the model: those that hubs
  // and systems add by themselves (README.md, .gitattributes, …; docs/rules.md, S5), or none. A
  // gate goes by the passport that it checks, whatever this says.
  bool cover_all = false;
  std::vector<std::string> not_covered = {};  // these too; only patterns of the list in S5
};

class CARNET_API Model {
 public:
  // A folder or a single file; each byte is read once. Errors: not_found, io; rejected (a link, a
  // file that is neither file nor folder, limits); conflict (a file changed while it was read);
  // malformed (a pattern). Where a file may not be left out for its content, none is: a warning
  // says so.
  static Result<Model> Read(const std::string& path, const ModelOptions& options = {});

  Model(const Model&) = default;
  Model& operator=(const Model&) = default;
  ~Model();

  const std::string& digest() const;
  const std::vector<ModelFile>& files() const;        // that it covers; sorted by path; never empty
  const std::vector<WeightSet>& weight_sets() const;  // sorted by name
  const std::vector<std::string>& not_covered() const;  // paths left out; folders end in '/'
  const std::vector<std::string>& warnings() const;
  uint64_t total_bytes() const;  // of the files that it covers

 private:
  friend struct Internals;
  struct State;
  explicit Model(std::shared_ptr<const State> state);
  std::shared_ptr<const State> state_;
};

}  // namespace carnet
