// Finding: one rule that failed, where, and what would settle it. Findings: the list of a verdict,
// bounded at 100 (R40) but never losing the lowest-numbered rule.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "verifier/reject_reason.h"

namespace carnet::verifier {

struct Finding {
  int rule;  // 1..38: the R of statements.md
  RejectReason reason;
  std::string message;                   // names field and both values
  std::optional<StatementId> statement;  // the one that the message is about
  std::optional<size_t> line;            // 1-based line of the passport file
  std::string hint;                      // what would settle it; may be empty
};

inline constexpr size_t kMaxFindings = 100;

class Findings {
 public:
  void Add(Finding finding);

  bool empty() const { return items_.empty(); }
  bool HasRule(int rule) const;
  // Whether any rule in [first, last] failed.
  bool HasRules(int first, int last) const;
  // By rule, then in the order added; at most kMaxFindings.
  std::vector<Finding> Sorted() const;
  size_t total() const { return total_; }  // also those beyond the bound

 private:
  std::vector<Finding> items_;
  uint64_t rules_ = 0;  // bit r: rule r failed
  size_t total_ = 0;
};

}  // namespace carnet::verifier
