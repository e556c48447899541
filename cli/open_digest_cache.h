// The digest cache of `--digest-cache FILE`, with the key of the user who runs the command.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "artifact/digest_cache.h"
#include "cli/terminal.h"
#include "core/result.h"

namespace carnet::cli {

class OpenedDigestCache {
 public:
  // For one of `models`. An empty `path` is none. Warns of entries that another key made. The key
  // is made at the first use: $XDG_STATE_HOME/carnet/digest-cache.key, or
  // ~/.local/state/carnet/digest-cache.key. Errors: malformed or unsupported, when `path` is not a
  // cache of this version; io, when it is in a model, whose digest would have it, and when the key
  // is not this user's alone, or cannot be made.
  static Result<OpenedDigestCache> Open(const std::string& path,
                                        std::span<const std::string> models, Terminal& terminal);

  artifact::DigestCache* cache() { return cache_ ? &*cache_ : nullptr; }  // null: none
  // After the reading. What cannot be written is a warning: the digests are right without it.
  void Save(Terminal& terminal) const;

 private:
  OpenedDigestCache() = default;

  std::string path_;
  std::optional<artifact::DigestCache> cache_;
};

}  // namespace carnet::cli
