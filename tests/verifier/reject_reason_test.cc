#include "verifier/reject_reason.h"

#include <set>
#include <sstream>

#include "tests/support/test.h"

namespace carnet::verifier {
namespace {

// The names in the order in which docs/rules.md introduces them; the last is for what hub-default
// demands besides thresholds.
constexpr std::string_view kInSpecification =
    "too-large malformed-line malformed-bundle wrong-payload-type malformed-statement unknown-kind "
    "bad-field wrong-subjects duplicate-statement unknown-key unknown-identity "
    "no-verified-time untrusted-certificate bad-sct signer-mismatch bad-signature "
    "key-not-for-kind not-logged wrong-ledger duplicate-log-entry bad-checkpoint log-views-differ "
    "log-fork wrong-log-body bad-inclusion-proof logged-out-of-order not-anchored "
    "bad-seen-checkpoint key-not-in-force not-the-runs-signer allocation-of-another "
    "resale-without-title other-model files-differ-tensors-agree two-passports misstated-files "
    "must-be-covered wrong-oms-root missing-statement "
    "surplus-statement wrong-kind-reference duplicate-reference equivocation "
    "completion-of-another-model run-aborted segment-gap foreign-segment "
    "final-not-last-checkpoint edges-do-not-fit-kind edge-digest-mismatch cycle future-time "
    "time-order overlapping-segments flop-overflow bad-flop flop-arithmetic totals-mismatch "
    "device-time beyond-physics catalogued-chip methods-disagree below-floor "
    "parameters-understated "
    "threshold-met policy-requirement";

std::vector<std::string> Specified() {
  std::istringstream words{std::string(kInSpecification)};
  std::vector<std::string> names;
  for (std::string word; words >> word;) names.push_back(word);
  return names;
}

BOOST_AUTO_TEST_SUITE(reject_reason)

BOOST_AUTO_TEST_CASE(names_are_those_of_the_specification) {
  const std::vector<std::string> specified = Specified();
  BOOST_REQUIRE_EQUAL(AllRejectReasons().size(), specified.size());
  for (size_t i = 0; i < specified.size(); ++i) {
    BOOST_CHECK_EQUAL(RejectReasonName(AllRejectReasons()[i]), specified[i]);
  }
}

BOOST_AUTO_TEST_CASE(every_name_leads_back_to_its_reason) {
  for (const RejectReason reason : AllRejectReasons()) {
    BOOST_CHECK(ParseRejectReason(RejectReasonName(reason)) == reason);
  }
}

BOOST_AUTO_TEST_CASE(other_spellings_name_nothing) {
  for (const std::string_view name : {"", "Too-Large", "too_large", "too-large ", "no-reason"}) {
    BOOST_CHECK(!ParseRejectReason(name));
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier
