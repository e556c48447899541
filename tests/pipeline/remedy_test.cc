#include "pipeline/remedy.h"

#include <set>

#include "tests/support/test.h"
#include "verifier/rules.h"

namespace carnet::pipeline {
namespace {

const RemedyPlaces kPlaces{"./ledger", "lab.key", "./trust", "./my model", "run1"};

BOOST_AUTO_TEST_SUITE(remedy)

BOOST_AUTO_TEST_CASE(every_reason_of_every_rule_has_one) {
  std::set<verifier::RejectReason> reasons;
  for (const verifier::Rule& rule : verifier::rules::kTable) {
    for (size_t i = 0; i < rule.reason_count; ++i) reasons.insert(rule.reasons[i]);
  }
  BOOST_CHECK_EQUAL(reasons.size(), verifier::AllRejectReasons().size());
  for (const verifier::RejectReason reason : reasons) {
    const Remedy remedy = RemedyFor(reason, kPlaces);
    const auto name = verifier::RejectReasonName(reason);
    BOOST_CHECK_MESSAGE(remedy.what.size() > 20, name);
    BOOST_CHECK_MESSAGE(remedy.what.back() != '.', name);
    BOOST_CHECK_MESSAGE(remedy.command.empty() || remedy.command.starts_with("carnet "), name);
    BOOST_CHECK_MESSAGE(remedy.command.find_first_of("{}") == remedy.command.npos, name);
  }
}

BOOST_AUTO_TEST_CASE(commands_have_the_callers_places_as_a_shell_takes_them) {
  using verifier::RejectReason;
  BOOST_CHECK_EQUAL(RemedyFor(RejectReason::kBadCheckpoint, kPlaces).command,
                    "carnet ledger trust ./ledger --out ledger.trusted_root.json");
  BOOST_CHECK_EQUAL(RemedyFor(RejectReason::kOtherModel, kPlaces).command,
                    "carnet digest './my model' --tensors");
  BOOST_CHECK_EQUAL(RemedyFor(RejectReason::kOtherModel, {.model = "it's"}).command,
                    "carnet digest 'it'\\''s' --tensors");
  BOOST_CHECK_EQUAL(RemedyFor(RejectReason::kSegmentGap, {}).command, "carnet run status --dir …");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
