#include "verifier/finding.h"

#include "tests/support/test.h"

namespace carnet::verifier {
namespace {

Finding Of(int rule, std::string message) {
  return {rule, RejectReason::kMalformedLine, std::move(message), {}, {}, ""};
}

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(are_sorted_by_rule_then_in_the_order_added) {
  Findings findings;
  BOOST_CHECK(findings.empty());
  findings.Add(Of(19, "a"));
  findings.Add(Of(3, "b"));
  findings.Add(Of(19, "c"));
  findings.Add(Of(3, "d"));
  std::string order;
  for (const Finding& finding : findings.Sorted()) order += finding.message;
  BOOST_CHECK_EQUAL(order, "bdac");
  BOOST_CHECK(!findings.empty());
}

BOOST_AUTO_TEST_CASE(answer_which_rules_failed) {
  Findings findings;
  findings.Add(Of(1, ""));
  findings.Add(Of(38, ""));
  BOOST_CHECK(findings.HasRule(1) && findings.HasRule(38));
  BOOST_CHECK(!findings.HasRule(2) && !findings.HasRules(2, 37));
  BOOST_CHECK(findings.HasRules(30, 38) && findings.HasRules(1, 1));
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_are_counted_and_the_lowest_rule_is_kept) {
  Findings findings;
  for (int i = 0; i < 5000; ++i) findings.Add(Of(30, "late " + std::to_string(i)));
  findings.Add(Of(19, "early"));
  findings.Add(Of(33, "later"));
  const auto sorted = findings.Sorted();
  BOOST_REQUIRE_EQUAL(sorted.size(), kMaxFindings);
  BOOST_CHECK_EQUAL(sorted.front().message, "early");
  BOOST_CHECK_EQUAL(sorted[1].message, "late 0");
  BOOST_CHECK_EQUAL(sorted.back().message, "late 98");
  BOOST_CHECK_EQUAL(findings.total(), 5002);
  BOOST_CHECK(findings.HasRule(33));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier
