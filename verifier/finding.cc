#include "verifier/finding.h"

#include <algorithm>

#include "core/check.h"

namespace carnet::verifier {
namespace {

bool ByRule(const Finding& a, const Finding& b) { return a.rule < b.rule; }

}  // namespace

void Findings::Add(Finding finding) {
  CARNET_CHECK(finding.rule >= 1 && finding.rule < 64);
  rules_ |= uint64_t{1} << finding.rule;
  ++total_;
  if (items_.size() < kMaxFindings) {
    items_.push_back(std::move(finding));
    return;
  }
  // A finding of a lower rule takes the place of the last of the highest rule.
  const auto highest = std::max_element(items_.rbegin(), items_.rend(), ByRule);
  if (finding.rule >= highest->rule) return;
  items_.erase(std::next(highest).base());
  items_.push_back(std::move(finding));
}

bool Findings::HasRule(int rule) const { return HasRules(rule, rule); }

bool Findings::HasRules(int first, int last) const {
  for (int rule = first; rule <= last; ++rule) {
    if ((rules_ >> rule & 1) != 0) return true;
  }
  return false;
}

std::vector<Finding> Findings::Sorted() const {
  std::vector<Finding> sorted = items_;
  std::stable_sort(sorted.begin(), sorted.end(), ByRule);
  return sorted;
}

}  // namespace carnet::verifier
