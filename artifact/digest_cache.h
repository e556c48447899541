// DigestCache: digests of files that were read before, so that a recorder does not hash an
// unchanged file at every checkpoint. A verdict never rests on one: `verify` reads every byte.
//
// Each entry is authenticated by a keyed hash (docs/formats.md, "Digest cache"), so that only who
// has the recorder's key can make one: an entry is true of the file that it names, or is none. What
// the key of a file is worth is what FileTrust says. Not thread safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "artifact/file_trust.h"
#include "artifact/weight_header.h"
#include "core/byte_reader.h"
#include "core/digests.h"
#include "core/result.h"
#include "crypto/keyed_hash.h"

namespace carnet::artifact {

using LayoutDigest = FixedBytes<struct LayoutDigestTag, 32>;

// The digests of a file's tensors. `layout` is of where their bytes lie, as the header said: the
// same file under another name can be of another format, and have other tensors.
struct KnownTensors {
  LayoutDigest layout;
  std::vector<Sha256Digest> digests;  // in the order of the header

  friend bool operator==(const KnownTensors&, const KnownTensors&) = default;
};

struct KnownFile {
  Sha256Digest sha256;
  std::optional<KnownTensors> tensors = std::nullopt;  // absent where they were not read

  friend bool operator==(const KnownFile&, const KnownFile&) = default;
};

struct CacheLimits {
  uint64_t least_file_bytes = 1 << 20;  // a smaller file is hashed as fast as it is looked up
  // Against a file that fills the memory of each recorder, and against one that grows for ever.
  uint64_t max_cache_bytes = uint64_t{256} << 20;
  uint64_t max_files = 65'536;
};

class DigestCache {
 public:
  // Empty.
  DigestCache(crypto::HashKey key, FileTrust trust, CacheLimits limits = {});

  // What Encode wrote. Left out are entries that were not made with this key, which are counted,
  // and all entries of another boot. Errors: malformed; unsupported for another version.
  static Result<DigestCache> Parse(std::string_view text, crypto::HashKey key, FileTrust trust,
                                   CacheLimits limits = {});
  // Most recently used first. Left out is what exceeds the limits, and all that was used before.
  std::string Encode() const;

  // Null unless it is known under this very key. Valid until the next Remember. Counts as a use.
  const KnownFile* Find(const FileKey& key);
  // In the place of what was known of that inode: it is no longer that file, or known better now.
  // The tensors of the same file, read under another name or before, are kept.
  // Requires at most kMaxTensors digests.
  void Remember(const FileKey& key, KnownFile file);

  size_t size() const { return entries_.size(); }
  size_t foreign_entries() const { return foreign_entries_; }  // that had a wrong keyed hash
  const FileTrust& trust() const { return trust_; }
  const CacheLimits& limits() const { return limits_; }

  // Of files whose digests were recalled instead of hashed, for whoever reports it.
  void CountRecalled(uint64_t bytes) { recalled_bytes_ += bytes; }
  uint64_t recalled_bytes() const { return recalled_bytes_; }

 private:
  using Inode = std::pair<uint64_t, uint64_t>;  // device, number
  struct Entry {
    FileKey key;
    KnownFile file;
    uint64_t last_used = 0;  // higher is later
  };

  static Inode InodeOf(const FileKey& key) { return {key.stamp.device, key.stamp.inode}; }
  static std::string EncodeBody(const Entry& entry);
  static std::optional<Entry> DecodeBody(ByteReader& reader);
  Result<> TakeEntries(ByteReader& reader, const BootId& boot);

  crypto::HashKey key_;
  FileTrust trust_;
  CacheLimits limits_;
  std::map<Inode, Entry> entries_;
  uint64_t uses_ = 0;
  size_t foreign_entries_ = 0;
  uint64_t recalled_bytes_ = 0;
};

// `path` need not be there: then the cache is empty. Errors: those of Parse, with the path; io.
Result<DigestCache> LoadDigestCache(const std::string& path, crypto::HashKey key, FileTrust trust,
                                    CacheLimits limits = {});
// Readable by its owner alone, and never in part. Errors: io.
Result<> SaveDigestCache(const std::string& path, const DigestCache& cache);

}  // namespace carnet::artifact
