#include "verifier/policy/level.h"

#include <fmt/core.h>

#include <algorithm>

namespace carnet::verifier::policy {
namespace {

constexpr size_t kMaxGapsOfAKind = 100;
constexpr size_t kMaxMissing = 5;

// What level 3 asks for beyond level 2 (docs/levels.md).
constexpr std::string_view kBeyond =
    "counter-signed devices, allocations and KYC, and a witnessed log, which this version does not "
    "verify";

}  // namespace

void Gaps::Add(GapKind kind, Gap gap) {
  ++total_;
  auto& list = lists_[Index(kind)];
  if (list.size() < kMaxGapsOfAKind) list.push_back(std::move(gap));
}

std::vector<std::string> Gaps::InWords(size_t most) const {
  std::vector<std::string> words;
  for (const auto& list : lists_) {
    for (const Gap& gap : list) {
      if (words.size() < most) words.push_back(gap.what);
    }
  }
  if (total_ > words.size()) words.push_back(fmt::format("{} more", total_ - words.size()));
  return words;
}

Level LevelOf(const Gaps& gaps) {
  if (gaps.empty()) return {kHighestVerifiedLevel, {std::string(kBeyond)}};
  return {1, gaps.InWords(kMaxMissing)};
}

}  // namespace carnet::verifier::policy
