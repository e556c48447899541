// The file list of a model: which files of a directory count, under which paths (S5). Looks at
// names and metadata only; model_files.h reads the contents. Thread safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/digests.h"
#include "core/result.h"

namespace carnet::artifact {

// One file of a model, as its sums file states it.
struct FileEntry {
  std::string path;  // relative, '/' between components, the bytes on disk
  uint64_t bytes;
  Sha256Digest sha256;

  friend bool operator==(const FileEntry&, const FileEntry&) = default;
};

// At the top of a model's folder, beside what they are about, and so never part of it.
inline constexpr std::string_view kClaimsFile = "claims.jsonl";
inline constexpr std::string_view kModelSignatureFile = "model.sig";
inline constexpr std::string_view kPassportEnding = ".passport.sigstore.jsonl";

inline constexpr size_t kMaxFiles = 4'000'000;  // against memory: a listed file costs ~250 bytes

// What shows that a file is still the one that was listed.
struct FileStamp {
  uint64_t bytes;
  int64_t modified_ns;
  uint64_t device;
  uint64_t inode;

  friend bool operator==(const FileStamp&, const FileStamp&) = default;
};

// Of an open file; `path` is for the message. Errors: io.
Result<FileStamp> StampOf(int fd, const std::string& path);

struct ListedFile {
  std::string path;     // as in FileEntry
  std::string on_disk;  // what to open
  FileStamp stamp;
  bool leavable = false;  // its name is one that may be left out (core/not_covered.h)
  bool linked = false;    // a link to a file of the model that counts under its own name too
};

struct FileList {
  std::vector<ListedFile> files;         // sorted by the path's bytes
  std::vector<std::string> not_covered;  // left out by S5; folders end in '/'
  std::vector<std::string> warnings;     // paths equal but for case or normalisation
};

// By what S5 leaves a file of this path out: the path, or the folder that it is in, ending in '/'.
// Empty where the file counts.
std::string LeftOutAs(std::string_view path);

enum class Links { kRefuse, kFollow };

// The files below the directory `root`, or the one file `root` under its base name (nothing is
// left out then). `root` itself may be a link: whoever names it means its target. With kFollow a
// link to a regular file inside `root` counts as that file; so does, where `root` is a snapshot of
// Hugging Face's cache (`…/snapshots/<revision>`), a link to a regular file directly in its folder
// `…/blobs`. A link to a folder is always refused.
// Errors: not_found (no such path), rejected (no file that counts; links, devices, sockets, FIFOs),
// malformed (a path that CheckFilePath refuses), io.
Result<FileList> ListFiles(const std::string& root, Links links);

}  // namespace carnet::artifact
