// The digests of files, or of pieces of them, for OpenSSF Model Signing. Each byte is read once, on
// all cores; memory does not grow with the size of the files.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "artifact/oms_files.h"
#include "artifact/oms_manifest.h"
#include "core/bytes.h"
#include "core/result.h"

namespace carnet::artifact {

struct OmsPiece {
  const ListedFile* file;
  uint64_t begin;
  uint64_t end;  // at most the file's size
};

struct OmsReadOptions {
  unsigned threads = 0;  // 0: as many as the machine has
  // Called after every stretch of bytes, from the reading threads but never from two at once.
  std::function<void(uint64_t bytes_done, uint64_t bytes_total)> progress = nullptr;
};

// In the order of `pieces`. Errors: the first that any thread meets: io, not_found; conflict for a
// file that is no longer the one that was listed.
Result<std::vector<Bytes>> DigestPieces(const std::vector<OmsPiece>& pieces, OmsHash hash,
                                        const OmsReadOptions& options);

// The pieces that `method` cuts a file into: itself, or its shards; of an empty file none.
std::vector<OmsPiece> PiecesOf(const ListedFile& file, const OmsMethod& method);

struct OmsModel {
  OmsManifest manifest;                // sorted by name, in the order of code points
  std::vector<std::string> ignored;    // OmsListing::ignored
  std::vector<std::string> uncovered;  // empty files where files are cut: nothing says they exist
};

// The manifest that a signer makes; `ignore_paths` are those of `scope` that are there, and
// kClaimsFile, there already or not: it is appended to after the model was signed. Errors: as
// above and of ListOmsFiles; rejected: links and other entries that cannot be signed, nothing to
// sign, more than kMaxOmsResources.
Result<OmsModel> ReadOmsModel(const std::string& root, const OmsScope& scope,
                              const OmsMethod& method, const OmsReadOptions& options);

}  // namespace carnet::artifact
