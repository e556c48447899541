// Which files of a model OpenSSF Model Signing (specification v1.0, section 6.1) is about. Names
// and metadata only. Thread safe.
#pragma once

#include <string>
#include <vector>

#include "artifact/manifest.h"
#include "core/result.h"

namespace carnet::artifact {

// What is left out, and whether links are followed.
struct OmsScope {
  std::vector<std::string> ignored = {};  // paths that CheckOmsPath accepts, each with all below it
  bool ignore_git = true;  // `.git`, `.gitignore`, `.gitattributes`, `.github` at the top
  Links links = Links::kRefuse;
};

// What `ignore_git` leaves out.
const std::vector<std::string>& OmsGitPaths();

// Something in the model that can never be signed.
struct OmsRefusedEntry {
  std::string path;  // as on disk, perhaps not UTF-8
  std::string why;   // "is a symbolic link"

  friend bool operator==(const OmsRefusedEntry&, const OmsRefusedEntry&) = default;
};

struct OmsListing {
  bool single_file = false;              // the model is a file, listed under its base name
  std::vector<ListedFile> files;         // sorted by path, in the order of code points
  std::vector<std::string> ignored;      // those of the scope that are there; folders end in '/'
  std::vector<OmsRefusedEntry> refused;  // in the order of the walk
};

// A directory, or a single file (nothing is left out then). `root` itself may be a link. Hidden
// files count, empty folders do not. With kFollow, links to files and to folders count as what they
// lead to, wherever that is; one that leads to a folder above itself, or nowhere, is refused. What
// is below an ignored path is not looked at.
// Errors: not_found, io; rejected (too many entries, a path that is too long, neither file nor
// folder).
Result<OmsListing> ListOmsFiles(const std::string& root, const OmsScope& scope);

// Where `path` is in the model `root`: a relative path that CheckOmsPath accepts, or "" where it is
// not below it. The folder of `path` must exist; `path` itself need not. Errors: io, not_found.
Result<std::string> PathInModel(const std::string& root, const std::string& path);

}  // namespace carnet::artifact
