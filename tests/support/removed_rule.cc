// A test program with a rule of the passport taken out of the gate, so that it can be seen whether
// a test notices (tools/mutate_checks.py). It is in these programs alone, not in the library: the
// linker's --wrap leads what the rules find through here (carnet_remove_rules in
// tests/CMakeLists.txt).
//
// CARNET_REMOVED_RULE, from the environment, is the number of a rule and, to remove a part of it,
// one of its reasons: "33", "33 device-time". Tests that make findings themselves notice any
// removal, and are to be left out. Rules that refuse nothing are removed by what they
// do: 28 shows nothing; 36 counts what several inputs of a run lead to once for each; 37 has two
// parts, lower-bound (a missing term is nothing) and upper-bound (device time speaks against no
// figure). The program then ends at the first check that fails.
#include <cstdlib>
#include <string>
#include <string_view>

#include "core/decimal.h"
#include "statements/graph.h"
#include "statements/reach.h"
#include "statements/sum.h"
#include "tests/support/removal.h"
#include "tests/support/test.h"
#include "verifier/compute/upper_bound.h"
#include "verifier/finding.h"
#include "verifier/lineage/rules.h"

namespace carnet::test {
namespace {

using statements::AtPassports;
using statements::FlopSum;
using statements::Reached;
using statements::SegmentChoice;
using statements::Statement;
using statements::StatementSet;
using verifier::Finding;

struct Removal {
  int rule = 0;  // none
  std::string part;
};

bool IsPartOf(int rule, std::string_view part) {
  if (rule == 37) return part == "lower-bound" || part == "upper-bound";
  if (rule == 28 || rule == 36) return part.empty();
  if (part.empty()) return true;
  const auto reason = verifier::ParseRejectReason(part);
  return reason && verifier::RuleOf(rule).RefusesFor(*reason);
}

Removal Read(const char* text) {
  if (text == nullptr) return {};
  const std::string_view all = text;
  const size_t space = all.find(' ');
  const auto rule = ParseDecimalU64(all.substr(0, space));
  const std::string part(space == all.npos ? "" : all.substr(space + 1));
  if (!rule || *rule < 1 || *rule > 38 || !IsPartOf(static_cast<int>(*rule), part)) {
    EndWithoutAnswer("CARNET_REMOVED_RULE: no such rule: " + std::string(all));
  }
  return {static_cast<int>(*rule), part};
}

const Removal& Removed() {
  static const Removal removal = Read(std::getenv("CARNET_REMOVED_RULE"));
  return removal;
}

bool IsRemoved(int rule, std::string_view part = {}) {
  if (Removed().rule != rule) return false;
  if (!Removed().part.empty() && Removed().part != part) return false;
  CountRemoval();
  return true;
}

struct RemovedRule {
  RemovedRule() {
    if (Removed().rule != 0) EndAtFirstFailure();
  }
};

BOOST_TEST_GLOBAL_FIXTURE(RemovedRule);

void Append(const Reached& more, Reached& to) {
  to.segments.insert(to.segments.end(), more.segments.begin(), more.segments.end());
  to.runs.insert(to.runs.end(), more.runs.begin(), more.runs.end());
  to.passports.insert(to.passports.end(), more.passports.begin(), more.passports.end());
  to.datasets.insert(to.datasets.end(), more.datasets.begin(), more.datasets.end());
  to.open = to.open || more.open;
}

void Close(std::optional<FlopSum>& sum) {
  if (sum && sum->lower_bound && IsRemoved(37, "lower-bound")) sum->lower_bound = false;
}

}  // namespace

CARNET_WRAP(void, Add, "_ZN6carnet8verifier8Findings3AddENS0_7FindingE",
            verifier::Findings* findings, Finding finding) {
  if (IsRemoved(finding.rule(), RejectReasonName(finding.reason()))) return;
  RealAdd(findings, std::move(finding));
}

CARNET_WRAP(verifier::lineage::Disclosure, ReadDisclosure,
            "_ZN6carnet8verifier7lineage14ReadDisclosureERKNS_10statements12StatementSetE",
            const StatementSet& set) {
  auto disclosure = RealReadDisclosure(set);
  const bool shows = !disclosure.undisclosed.empty() || !disclosure.unattested.empty();
  return shows && IsRemoved(28) ? verifier::lineage::Disclosure{} : disclosure;
}

CARNET_WRAP(
    Reached, Reach,
    "_ZN6carnet10statements5ReachERKNS0_12StatementSetERKNS0_9StatementERKSt3setINS_7schemas8Edge"
    "TypeESt4lessIS9_ESaIS9_EENS0_13SegmentChoiceENS0_11AtPassportsE",
    const StatementSet& set, const Statement& start, const std::set<schemas::EdgeType>& types,
    SegmentChoice choice, AtPassports at) {
  const Statement* run = RunBehind(set, start);
  if (run == nullptr || !IsRemoved(36)) return RealReach(set, start, types, choice, at);
  Reached all = RealReach(set, start, {}, choice, at);
  for (const statements::InputEdge& edge : EdgesOf(set, *run)) {
    if (!types.contains(edge.type)) continue;
    if (edge.target == nullptr) {
      all.open = true;
    } else if (edge.target->kind() == schemas::Kind::kPassport && at == AtPassports::kStop) {
      all.passports.push_back(edge.target);
    } else {
      Append(RealReach(set, *edge.target, types, choice, at), all);
    }
  }
  return all;
}

CARNET_WRAP(std::optional<FlopSum>, SumAlong,
            "_ZN6carnet10statements8SumAlongERKNS0_12StatementSetERKNS0_9StatementERKNS0_7SumRuleE",
            const StatementSet& set, const Statement& start, const statements::SumRule& rule) {
  auto sum = RealSumAlong(set, start, rule);
  Close(sum);
  return sum;
}

CARNET_WRAP(statements::BothSums, SumBoth,
            "_ZN6carnet10statements7SumBothERKNS0_12StatementSetERKNS0_9StatementERKNS0_7SumRuleE",
            const StatementSet& set, const Statement& start, const statements::SumRule& rule) {
  auto sums = RealSumBoth(set, start, rule);
  Close(sums.amount);
  Close(sums.highest);
  return sums;
}

CARNET_WRAP(
    verifier::compute::UpperBound, Of,
    "_ZNK6carnet8verifier7compute9TimeBound2OfERKNS_10statements7ReachedERKNS1_13ExpectedShareE",
    const verifier::compute::TimeBound* time, const Reached& reached,
    const verifier::compute::ExpectedShare& expected) {
  auto bound = RealOf(time, reached, expected);
  if (!bound.amount || !IsRemoved(37, "upper-bound")) return bound;
  bound.amount = Flop(1);
  bound.counter_signed = Flop(0);
  bound.counter_signers.clear();
  return bound;
}

}  // namespace carnet::test
