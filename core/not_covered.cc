#include "core/not_covered.h"

#include <algorithm>
#include <array>
#include <optional>

#include "core/check.h"

namespace carnet {
namespace {

struct Row {
  std::string_view pattern;
  LeavableKind kind;
  bool shipped;  // part of the default
};

// Documents by whole names, as a prompt or a template may be in any other text; pictures by
// endings. `._*` comes first: what it matches has that content whatever else the name ends in.
constexpr std::array kRows = {
    Row{"._*", LeavableKind::kAppleDouble, true},
    Row{".DS_Store", LeavableKind::kFinderStore, true},
    Row{".gitattributes", LeavableKind::kText, true},
    Row{".gitignore", LeavableKind::kText, true},
    Row{"README.md", LeavableKind::kText, true},
    Row{"Thumbs.db", LeavableKind::kThumbnails, true},
    Row{"desktop.ini", LeavableKind::kFolderSettings, true},
    Row{"LICENSE", LeavableKind::kText, false},
    Row{"LICENSE.md", LeavableKind::kText, false},
    Row{"LICENSE.txt", LeavableKind::kText, false},
    Row{"NOTICE", LeavableKind::kText, false},
    Row{"NOTICE.md", LeavableKind::kText, false},
    Row{"NOTICE.txt", LeavableKind::kText, false},
    Row{"README_*.md", LeavableKind::kText, false},
    Row{"USE_POLICY.md", LeavableKind::kText, false},
    Row{"*.gif", LeavableKind::kGif, false},
    Row{"*.jpeg", LeavableKind::kJpeg, false},
    Row{"*.jpg", LeavableKind::kJpeg, false},
    Row{"*.pdf", LeavableKind::kPdf, false},
    Row{"*.png", LeavableKind::kPng, false},
    Row{"*.svg", LeavableKind::kSvg, false},
    Row{"*.webp", LeavableKind::kWebp, false},
};
static_assert(kRows.size() < 64);

constexpr uint64_t Bit(size_t row) { return uint64_t{1} << row; }

// One `*` at most.
bool MatchesName(std::string_view pattern, std::string_view name) {
  const size_t star = pattern.find('*');
  if (star == pattern.npos) return name == pattern;
  const std::string_view head = pattern.substr(0, star);
  const std::string_view tail = pattern.substr(star + 1);
  return name.size() >= head.size() + tail.size() && name.starts_with(head) && name.ends_with(tail);
}

std::string_view NameOf(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::optional<size_t> RowOf(std::string_view pattern) {
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (kRows[i].pattern == pattern) return i;
  }
  return std::nullopt;
}

}  // namespace

NotCovered NotCovered::Shipped() {
  uint64_t bits = 0;
  for (size_t i = 0; i < kRows.size(); ++i) bits |= kRows[i].shipped ? Bit(i) : 0;
  return NotCovered(bits);
}

NotCovered NotCovered::All() { return NotCovered(Bit(kRows.size()) - 1); }

NotCovered NotCovered::Matching(std::string_view path) {
  const std::string_view name = NameOf(path);
  uint64_t bits = 0;
  for (size_t i = 0; i < kRows.size(); ++i) {
    if (MatchesName(kRows[i].pattern, name)) bits |= Bit(i);
  }
  return NotCovered(bits);
}

Result<NotCovered> NotCovered::Of(std::span<const std::string_view> patterns) {
  uint64_t bits = 0;
  for (size_t i = 0; i < patterns.size(); ++i) {
    const std::string where = "[" + std::to_string(i) + "]: ";
    const auto row = RowOf(patterns[i]);
    if (!row) return Malformed(where + "not a pattern of files that may be left out");
    if ((bits & Bit(*row)) != 0) return Malformed(where + "appears more than once");
    bits |= Bit(*row);
  }
  return NotCovered(bits);
}

std::vector<std::string_view> NotCovered::patterns() const {
  std::vector<std::string_view> patterns;
  for (size_t i = 0; i < kRows.size(); ++i) {
    if ((bits_ & Bit(i)) != 0) patterns.push_back(kRows[i].pattern);
  }
  std::sort(patterns.begin(), patterns.end());
  return patterns;
}

LeavableKind LeavableKindOf(std::string_view path) {
  const std::string_view name = NameOf(path);
  const auto row = std::find_if(kRows.begin(), kRows.end(), [name](const Row& each) {
    return MatchesName(each.pattern, name);
  });
  CARNET_CHECK(row != kRows.end());
  return row->kind;
}

}  // namespace carnet
