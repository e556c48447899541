// Every attack against a gate whose files are yet to arrive. Oracle: Gate::Check, which knows them.
#include "tests/passport/attack.h"
#include "tests/support/test.h"
#include "tests/support/value_of.h"

namespace carnet::test {
namespace {

using verifier::Refusals;
using verifier::Verdict;

std::vector<Attack> AllAttacks() {
  std::vector<Attack> all;
  for (const auto* table :
       {&ReadingAttacks(), &SignatureAttacks(), &CertificateAttacks(), &LogAttacks(),
        &LineageAttacks(), &RunAttacks(), &ComputeAttacks(), &SizeAttacks(), &PolicyAttacks()}) {
    all.insert(all.end(), table->begin(), table->end());
  }
  return all;
}

// What the two ways of a gate say of the world's passport before and after its files are there.
struct Streamed {
  explicit Streamed(World& world) {
    const std::string passport = world.Issue();
    const trust::Trust trust = world.MakeTrust();
    const TimestampMs now(world.now);
    const auto policy = world.policy_toml.empty()
                            ? verifier::policy::ShippedPolicy("hub-default", now)
                            : verifier::policy::ReadPolicy(world.policy_toml, "policy", now);
    const verifier::policy::Policy value = ValueOf(policy, "policy");
    const verifier::Gate gate(trust, value);
    const auto early = ValueOf(gate.Open(passport, now), "gate");
    const auto late = ValueOf(gate.Open(passport, now, Refusals::kAtTheEnd), "gate");
    at_once = early->refused();
    BOOST_CHECK(!late->refused());
    at_the_end = late->Judge(*world.given);
    after_all = early->Judge(*world.given);
    whole = ValueOf(gate.Check(passport, *world.given, now), "gate");
  }

  std::optional<Verdict> at_once;
  Verdict at_the_end, after_all, whole;
};

BOOST_AUTO_TEST_SUITE(streamed)

BOOST_DATA_TEST_CASE(what_the_lines_alone_decide_is_refused_before_the_files,
                     boost::unit_test::data::make(AllAttacks())) {
  World world = FineTuneWorld();
  sample.make(world);
  const Streamed streamed(world);
  BOOST_CHECK_EQUAL(Describe(streamed.at_the_end), Describe(streamed.whole));
  BOOST_CHECK_EQUAL(Describe(streamed.after_all), Describe(streamed.whole));
  const bool rests_on_files = sample.rule == 18 || sample.rule >= 35;
  BOOST_CHECK_MESSAGE(rests_on_files || streamed.at_once.has_value(),
                      "not refused before its files: " << Describe(streamed.whole));
  if (!streamed.at_once) return;
  BOOST_CHECK(streamed.at_once->decision == verifier::Decision::kFail);
  BOOST_CHECK(!streamed.at_once->model);
  BOOST_REQUIRE(!streamed.at_once->findings.empty());
  // A second passport of the model is one line too many before it is known that they are two.
  if (sample.reason == RejectReason::kTwoPassports) return;
  const verifier::Finding& found = streamed.at_once->findings.front();
  BOOST_CHECK_EQUAL(found.rule(), sample.rule);
  BOOST_CHECK_EQUAL(RejectReasonName(found.reason()), RejectReasonName(sample.reason));
  for (const verifier::Row& row : streamed.at_once->rows) {
    if (row.name == "model" || row.name == "policy" || row.name == "compute") {
      BOOST_CHECK_MESSAGE(row.status != verifier::RowStatus::kPass, row.name << " passes");
    }
  }
}

BOOST_AUTO_TEST_CASE(an_honest_passport_waits_for_its_files) {
  for (World world : {BaseWorld(), FineTuneWorld()}) {
    const Streamed streamed(world);
    BOOST_CHECK(!streamed.at_once);
    CheckPasses(streamed.at_the_end);
    CheckPasses(streamed.after_all);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
