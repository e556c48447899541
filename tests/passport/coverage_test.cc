// Every reason to refuse has its passport. The pairs are written out here once more, rule by rule,
// so that none disappears from the table of rules by mistake; the attacks are asserted case by case
// where they are defined.
#include <map>
#include <set>
#include <utility>

#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

constexpr std::pair<int, const char*> kWanted[] = {
    {1, "too-large"},
    {1, "malformed-line"},
    {2, "malformed-bundle"},
    {2, "wrong-payload-type"},
    {3, "malformed-statement"},
    {3, "unknown-kind"},
    {3, "bad-field"},
    {3, "wrong-subjects"},
    {4, "duplicate-statement"},
    {5, "unknown-key"},
    {5, "unknown-identity"},
    {5, "no-verified-time"},
    {5, "untrusted-certificate"},
    {5, "bad-sct"},
    {6, "signer-mismatch"},
    {7, "bad-signature"},
    {8, "key-not-for-kind"},
    {9, "not-logged"},
    {9, "wrong-ledger"},
    {9, "duplicate-log-entry"},
    {10, "bad-checkpoint"},
    {10, "log-views-differ"},
    {10, "log-fork"},
    {11, "wrong-log-body"},
    {11, "bad-inclusion-proof"},
    {12, "wrong-ledger"},
    {12, "logged-out-of-order"},
    {13, "not-anchored"},
    {13, "log-fork"},
    {14, "bad-seen-checkpoint"},
    {14, "log-fork"},
    {15, "key-not-in-force"},
    {16, "not-the-runs-signer"},
    {17, "allocation-of-another"},
    {17, "resale-without-title"},
    {18, "other-model"},
    {18, "files-differ-tensors-agree"},
    {18, "two-passports"},
    {18, "misstated-files"},
    {18, "must-be-covered"},
    {18, "wrong-oms-root"},
    {19, "missing-statement"},
    {19, "surplus-statement"},
    {20, "wrong-kind-reference"},
    {20, "duplicate-reference"},
    {21, "equivocation"},
    {22, "completion-of-another-model"},
    {22, "run-aborted"},
    {23, "segment-gap"},
    {23, "foreign-segment"},
    {24, "final-not-last-checkpoint"},
    {24, "foreign-segment"},
    {25, "edges-do-not-fit-kind"},
    {26, "edge-digest-mismatch"},
    {27, "cycle"},
    {29, "future-time"},
    {29, "time-order"},
    {29, "overlapping-segments"},
    {30, "bad-flop"},
    {31, "flop-arithmetic"},
    {31, "flop-overflow"},
    {32, "totals-mismatch"},
    {32, "flop-overflow"},
    {33, "device-time"},
    {33, "beyond-physics"},
    {33, "catalogued-chip"},
    {33, "flop-overflow"},
    {34, "methods-disagree"},
    {35, "below-floor"},
    {35, "parameters-understated"},
    {35, "flop-overflow"},
    {38, "threshold-met"},
    {38, "policy-requirement"},
};

std::vector<Attack> AllAttacks() {
  std::vector<Attack> all;
  for (const auto* table : {&ReadingAttacks(), &SignatureAttacks(), &CertificateAttacks(),
                            &AuthorityAttacks(), &LogAttacks(), &LineageAttacks(), &RunAttacks(),
                            &ComputeAttacks(), &SizeAttacks(), &PolicyAttacks()}) {
    all.insert(all.end(), table->begin(), table->end());
  }
  return all;
}

BOOST_AUTO_TEST_SUITE(coverage)

BOOST_AUTO_TEST_CASE(every_reason_of_every_rule_has_a_passport) {
  std::set<std::pair<int, std::string>> made;
  for (const Attack& attack : AllAttacks()) {
    made.emplace(attack.rule, verifier::RejectReasonName(attack.reason));
  }
  for (const auto& [rule, name] : kWanted) {
    BOOST_CHECK_MESSAGE(made.contains({rule, name}), "no passport for " << rule << " " << name);
  }
}

BOOST_AUTO_TEST_CASE(the_table_of_rules_has_these_pairs_and_no_others) {
  std::set<std::pair<int, std::string>> wanted(std::begin(kWanted), std::end(kWanted));
  std::set<std::pair<int, std::string>> listed;
  for (const verifier::Rule& rule : verifier::rules::kTable) {
    for (size_t i = 0; i < rule.reason_count; ++i) {
      listed.emplace(rule.number, verifier::RejectReasonName(rule.reasons[i]));
    }
  }
  BOOST_CHECK_EQUAL(wanted.size(), std::size(kWanted));
  BOOST_CHECK(listed == wanted);
}

BOOST_AUTO_TEST_CASE(no_reason_is_outside_the_rules) {
  std::set<std::string> named;
  for (const auto& [rule, name] : kWanted) named.insert(name);
  for (const RejectReason reason : verifier::AllRejectReasons()) {
    const std::string name(verifier::RejectReasonName(reason));
    BOOST_CHECK_MESSAGE(named.contains(name), name);
  }
  BOOST_CHECK_EQUAL(named.size(), verifier::AllRejectReasons().size());
}

BOOST_AUTO_TEST_CASE(there_are_as_many_attacks_as_were_written) {
  std::set<std::string> names;
  for (const Attack& attack : AllAttacks()) names.insert(attack.name);
  BOOST_CHECK_EQUAL(names.size(), AllAttacks().size());
  BOOST_CHECK_EQUAL(AllAttacks().size(), 316u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
