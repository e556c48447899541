// Which models there are below a folder, such as all that a hub holds. Looks at names and kinds
// only. Nothing that is there is left out: what is not a model, or cannot be looked at, is listed
// as such.
//
// With depth N every folder N levels below is a model, with all that is in it, and so is every
// file on the way there that is a weight file by its name (artifact/unread_weights.h) or has a
// passport beside it. A passport goes with what it is beside, and is listed only without that.
// Symbolic links are not followed, as whoever uploads one may have it lead anywhere: they are not
// judged.
#pragma once

#include <string>
#include <vector>

#include "core/result.h"

namespace carnet::pipeline {

inline constexpr size_t kMaxListed = 4'000'000;  // against memory: one costs ~150 bytes
inline constexpr unsigned kMaxDepth = 16;        // a hub's owner/model/version, and to spare

enum class Listed {
  kModel,
  kNoModel,
  kUnseen,  // not to be judged: there may be a model
};

struct ListedModel {
  std::string path;  // below the folder: '/' between names, the bytes on disk
  Listed what;
  std::string why = {};  // not a model, in words

  friend bool operator==(const ListedModel&, const ListedModel&) = default;
};

// In the order of the names' bytes, folder by folder. Requires a depth of 1 to kMaxDepth. Errors:
// not_found (no such folder), rejected (more than kMaxListed), io.
Result<std::vector<ListedModel>> ListModels(const std::string& folder, unsigned depth);

}  // namespace carnet::pipeline
