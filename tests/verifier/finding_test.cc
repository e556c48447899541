#include "verifier/finding.h"

#include "tests/support/test.h"

namespace carnet::verifier {
namespace {

constexpr Refusal kR1 = {1, RejectReason::kMalformedLine};
constexpr Refusal kR3 = {3, RejectReason::kBadField};
constexpr Refusal kR19 = {19, RejectReason::kMissingStatement};
constexpr Refusal kR30 = {30, RejectReason::kBadFlop};
constexpr Refusal kR33 = {33, RejectReason::kDeviceTime};
constexpr Refusal kR38 = {38, RejectReason::kThresholdMet};

Finding Of(Refusal refusal, std::string message) {
  return {refusal, std::move(message), {}, {}, ""};
}

BOOST_AUTO_TEST_SUITE(findings)

BOOST_AUTO_TEST_CASE(are_sorted_by_rule_then_in_the_order_added) {
  Findings findings;
  BOOST_CHECK(findings.empty());
  findings.Add(Of(kR19, "a"));
  findings.Add(Of(kR3, "b"));
  findings.Add(Of(kR19, "c"));
  findings.Add(Of(kR3, "d"));
  std::string order;
  for (const Finding& finding : findings.Sorted()) order += finding.message;
  BOOST_CHECK_EQUAL(order, "bdac");
  BOOST_CHECK(!findings.empty());
}

BOOST_AUTO_TEST_CASE(answer_which_rules_failed) {
  Findings findings;
  findings.Add(Of(kR1, ""));
  findings.Add(Of(kR38, ""));
  BOOST_CHECK(findings.HasRule(1) && findings.HasRule(38));
  BOOST_CHECK(!findings.HasRule(2) && !findings.HasRule(37));
}

BOOST_AUTO_TEST_CASE(answer_which_rows_failed_and_why) {
  Findings findings;
  findings.Add(Of(kR33, "second"));
  findings.Add(Of(kR30, "first"));
  BOOST_CHECK(findings.HasRow(RowId::kCompute) && !findings.HasRow(RowId::kLineage));
  BOOST_CHECK_EQUAL(findings.FirstOn(RowId::kCompute), "first");
  BOOST_CHECK_EQUAL(findings.FirstOn(RowId::kLineage), "");
}

BOOST_AUTO_TEST_CASE(stop_the_rules_that_rest_on_the_one_that_failed_and_no_others) {
  Findings closure;
  closure.Add(Of(kR19, ""));
  for (const int rule : {21, 27, 30, 32, 38}) BOOST_CHECK(!closure.MayJudge(rule));
  for (const int rule : {18, 20, 29}) BOOST_CHECK(closure.MayJudge(rule));
  Findings figures;
  figures.Add(Of(kR30, ""));
  for (const int rule : {32, 34, 35, 38}) BOOST_CHECK(!figures.MayJudge(rule));
  for (const int rule : {21, 31, 33}) BOOST_CHECK(figures.MayJudge(rule));
}

BOOST_AUTO_TEST_CASE(stop_also_what_rests_on_a_rule_that_could_not_be_judged) {
  Findings unread;
  unread.Add(Of(kR1, ""));
  for (const int rule : {18, 19, 27, 29, 32, 38}) BOOST_CHECK(!unread.MayJudge(rule));
  for (const int rule : {5, 9, 15}) BOOST_CHECK(unread.MayJudge(rule));
}

// Who is not known must not decide how much work the closure is.
BOOST_AUTO_TEST_CASE(of_signature_key_or_log_entry_stop_what_comes_after_the_root) {
  constexpr Refusal kAuthenticity[] = {
      {5, RejectReason::kUnknownKey},    {6, RejectReason::kSignerMismatch},
      {7, RejectReason::kBadSignature},  {8, RejectReason::kKeyNotForKind},
      {9, RejectReason::kNotLogged},     {10, RejectReason::kBadCheckpoint},
      {11, RejectReason::kWrongLogBody}, {15, RejectReason::kKeyNotInForce}};
  for (const Refusal refusal : kAuthenticity) {
    Findings findings;
    findings.Add(Of(refusal, ""));
    for (int rule = 19; rule <= 38; ++rule) BOOST_CHECK(!findings.MayJudge(rule));
    BOOST_CHECK(findings.MayJudge(18));
    BOOST_CHECK(findings.FirstOf(AllNeeds(29)) == refusal.rule());
  }
  constexpr Refusal kAmongStatements[] = {
      {4, RejectReason::kDuplicateStatement}, {12, RejectReason::kLoggedOutOfOrder},
      {13, RejectReason::kNotAnchored},       {14, RejectReason::kBadSeenCheckpoint},
      {16, RejectReason::kNotTheRunsSigner},  {17, RejectReason::kAllocationOfAnother}};
  for (const Refusal refusal : kAmongStatements) {
    Findings findings;
    findings.Add(Of(refusal, ""));
    for (const int rule : {18, 19, 21, 29, 33}) BOOST_CHECK(findings.MayJudge(rule));
    BOOST_CHECK(!findings.FirstOf(AllNeeds(29)).has_value());
  }
}

BOOST_AUTO_TEST_CASE(have_messages_that_a_terminal_can_show_and_that_end) {
  Findings findings;
  findings.Add(Of(kR3, "\x1b[2J" + std::string(100'000, 'a')));
  const std::string message = findings.Sorted().front().message;
  BOOST_CHECK(message.starts_with("\\x1b[2Jaaa"));
  BOOST_CHECK_EQUAL(message.size(), kMaxMessageBytes + 3);
  BOOST_CHECK(message.ends_with("a..."));
}

BOOST_AUTO_TEST_CASE(beyond_the_bound_are_counted_and_the_lowest_rule_is_kept) {
  Findings findings;
  for (int i = 0; i < 5000; ++i) findings.Add(Of(kR30, "late " + std::to_string(i)));
  findings.Add(Of(kR19, "early"));
  findings.Add(Of(kR33, "later"));
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
