// Drafts as a training script writes them for the recorder: JSON without what the recorder sets.
// Honest: 1,000,000 parameters all trained, two methods that agree within 5 %.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/digests.h"

namespace carnet::test {

struct RunDraftTerms {
  std::string kind = "pre-training";
  std::vector<std::string> inputs = {};     // JSON of edges
  std::vector<std::string> recorders = {};  // `key:<hex>`
  uint64_t lanes = 1;
};
std::string RunDraft(const StatementId& dataset, const RunDraftTerms& terms = {});

inline constexpr uint64_t kDraftTokens = 1'000;  // of a segment: 6e9 FLOP
inline constexpr uint64_t kDraftMs = 1'000;      // that it takes
inline constexpr uint64_t kDraftSteps = 10;

struct SegmentDraftTerms {
  StatementId device;
  StatementId allocation;
  uint64_t seq;   // where its steps begin
  uint64_t from;  // ms since 1970; it ends kDraftMs later
  uint64_t tokens = kDraftTokens;
};
std::string SegmentDraft(const SegmentDraftTerms& terms);

std::string PassportDraft(const std::string& name);

// `draft` with `member` (`"name":value`) in front.
std::string With(const std::string& member, const std::string& draft);

}  // namespace carnet::test
