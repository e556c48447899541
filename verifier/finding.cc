#include "verifier/finding.h"

#include <algorithm>
#include <utility>

#include "core/utf8.h"

namespace carnet::verifier {
namespace {

bool ByRule(const Finding& a, const Finding& b) { return a.rule() < b.rule(); }

}  // namespace

void Findings::Add(Finding finding) {
  failed_.Insert(finding.rule());
  ++total_;
  if (items_.size() < kMaxFindings) return Keep(std::move(finding));
  // A finding of a lower rule replaces the last one of the highest rule.
  const auto highest = std::max_element(items_.rbegin(), items_.rend(), ByRule);
  if (finding.rule() >= highest->rule()) return;
  items_.erase(std::next(highest).base());
  Keep(std::move(finding));
}

void Findings::Keep(Finding finding) {
  finding.message = Printable(finding.message, kMaxMessageBytes);
  items_.push_back(std::move(finding));
}

std::optional<int> Findings::FirstOf(RuleSet rules) const {
  for (int rule = 1; rule <= kRuleCount; ++rule) {
    if (rules.Contains(rule) && failed_.Contains(rule)) return rule;
  }
  return std::nullopt;
}

std::string Findings::FirstOn(RowId row) const {
  if (!HasRow(row)) return "";
  for (const Finding& finding : Sorted()) {
    if (RuleOf(finding.rule()).row == row) return finding.message;
  }
  return "the finding is beyond those that are listed";
}

std::vector<Finding> Findings::Sorted() const {
  std::vector<Finding> sorted = items_;
  std::stable_sort(sorted.begin(), sorted.end(), ByRule);
  return sorted;
}

}  // namespace carnet::verifier
