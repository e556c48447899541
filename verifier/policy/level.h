// The level of a verdict: how much of what could be known about a model is (docs/levels.md). The
// levels above 2 need evidence that no rule verifies yet, so no passport reaches them.
#pragma once

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "statements/statement_set.h"
#include "verifier/verdict.h"

namespace carnet::verifier::policy {

inline constexpr int kHighestLevel = 5;
inline constexpr int kHighestVerifiedLevel = 2;

// What a passport leaves open: each kind is a requirement that a policy can make by itself.
enum class GapKind {
  kRow,                 // a row is unattested or undisclosed
  kDataUsed,            // `datasets` of a run
  kIntendedDeployment,  // of a run or passport
  kFigure,              // FLOP, tokens, inputs, initial weights
  kSource,              // sources and sizes of data sets
  kRetrospective,       // a run entered after the fact
};
inline constexpr size_t kGapKinds = 6;

struct Gap {
  std::string what;  // "tokens is undisclosed"
  std::optional<StatementId> statement;
  std::optional<size_t> line;
};

// By kind; of each the first hundred, as no reader needs more, and their number.
class Gaps {
 public:
  void Add(GapKind kind, Gap gap);
  std::span<const Gap> Of(GapKind kind) const { return lists_[Index(kind)]; }
  size_t total() const { return total_; }
  bool empty() const { return total_ == 0; }
  // The first few in words, for the verdict; at most `most`, and a last one for the rest.
  std::vector<std::string> InWords(size_t most) const;

 private:
  static size_t Index(GapKind kind) { return static_cast<size_t>(kind); }

  std::array<std::vector<Gap>, kGapKinds> lists_;
  size_t total_ = 0;
};

// What separates a passport whose rules R1-R37 passed from level 2. `rows` are those before policy.
Gaps GapsToLevel2(const statements::StatementSet& set, std::span<const Row> rows);

// Of a passport whose rules R1-R37 passed: 1 or 2, and what is missing to the next level.
Level LevelOf(const Gaps& gaps);

}  // namespace carnet::verifier::policy
