// NotCovered: which files of a model a passport may leave out of the model digest (S5), as patterns
// of file names. The patterns are this closed list and nothing else: no statement, option or policy
// can add one, so weights, configuration, tokenizers and code are always covered. What a name
// promises must also be true of the content: artifact/leavable_content.h.
//
// A pattern is compared with the last component of a path, whatever folder it is in, byte by byte;
// `*` stands for any characters, as in `find -name`.
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/result.h"

namespace carnet {

// What the content of a file of this name has to be.
enum class LeavableKind {
  kText,
  kSvg,
  kPng,
  kJpeg,
  kGif,
  kWebp,
  kPdf,
  kAppleDouble,     // what macOS knows of a file beside it
  kFinderStore,     // .DS_Store
  kThumbnails,      // an OLE compound file
  kFolderSettings,  // desktop.ini: text, also as UTF-16
};

class NotCovered {
 public:
  NotCovered() = default;  // no pattern: every file is covered
  // What hubs and systems add by themselves, after a model was recorded.
  static NotCovered Shipped();
  static NotCovered All();
  // Every pattern of the list that matches the path.
  static NotCovered Matching(std::string_view path);
  // Errors: malformed, for a pattern that is not in the list, or appears twice: "[2]: …".
  static Result<NotCovered> Of(std::span<const std::string_view> patterns);

  bool empty() const { return bits_ == 0; }
  bool Matches(std::string_view path) const { return Intersects(Matching(path)); }
  bool Intersects(NotCovered other) const { return (bits_ & other.bits_) != 0; }
  NotCovered With(NotCovered other) const { return NotCovered(bits_ | other.bits_); }
  NotCovered InBoth(NotCovered other) const { return NotCovered(bits_ & other.bits_); }
  std::vector<std::string_view> patterns() const;  // in the order of their bytes

  friend auto operator<=>(NotCovered, NotCovered) = default;  // any order

 private:
  explicit NotCovered(uint64_t bits) : bits_(bits) {}
  uint64_t bits_ = 0;
};

// Requires a path that a pattern matches. Where several do, the first of the list decides, so that
// a name has one kind whatever is asked for.
LeavableKind LeavableKindOf(std::string_view path);

}  // namespace carnet
