// Finding: one rule that failed, where, and what would settle it. Findings: the list in a verdict,
// at most 100 (R40), always with one for the lowest-numbered rule that failed.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/digests.h"
#include "verifier/rules.h"

namespace carnet::verifier {

struct Finding {
  Refusal refusal;
  std::string message;                   // names the field, and what was found and expected
  std::optional<StatementId> statement;  // the one that the message is about
  std::optional<size_t> line;            // of the passport file, counted from 1
  std::string hint;                      // what would settle it; may be empty

  int rule() const { return refusal.rule(); }
  RejectReason reason() const { return refusal.reason(); }
};

inline constexpr size_t kMaxFindings = 100;
// Of a message: whoever makes a statement decides how long its names are.
inline constexpr size_t kMaxMessageBytes = 1'000;

class Findings {
 public:
  // Keeps the message made printable, and not longer than its limit.
  void Add(Finding finding);

  bool empty() const { return items_.empty(); }
  bool HasRule(int rule) const { return failed_.Contains(rule); }
  bool HasRow(RowId row) const { return failed_.Intersects(RulesOf(row)); }
  // Whether all rules that this one rests on have passed (Rule::needs, and theirs).
  bool MayJudge(int rule) const { return !failed_.Intersects(AllNeeds(rule)); }
  // The lowest-numbered of these rules that failed.
  std::optional<int> FirstOf(RuleSet rules) const;
  // The message of the lowest-numbered rule that failed on this row; empty where none did.
  std::string FirstOn(RowId row) const;
  // By rule, then in the order added; at most kMaxFindings.
  std::vector<Finding> Sorted() const;
  size_t total() const { return total_; }  // including those beyond the limit

 private:
  void Keep(Finding finding);

  std::vector<Finding> items_;
  RuleSet failed_;
  size_t total_ = 0;
};

}  // namespace carnet::verifier
