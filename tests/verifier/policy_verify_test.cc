// R38: thresholds, over the account of judged_policy.h.
#include "verifier/policy/verify.h"

#include "tests/support/test.h"
#include "tests/verifier/judged_policy.h"

namespace carnet::verifier::policy {
namespace {

using verifier::test::ComputeFile;
using wire::EdgeType;
using wire::RunKind;

struct Terms {
  std::string figure = "update";
  std::string edges = R"("fine-tuned-from")";
  std::string comparison = ">";
  std::string value = "1000";
  std::string when_met = "report";
  std::string status = "in force";
  std::string dates = "";
  std::string synthetic = "false";
};

Policy PolicyOf(const Terms& terms) {
  const std::string toml =
      "id = \"own\"\ntitle = \"t\"\njurisdiction = \"NZ\"\nsubject = \"s\"\ncounting = \"c\"\n"
      "checked_on = \"2026-11-01\"\n[[threshold]]\nid = \"line\"\nrule = \"the text\"\n"
      "figure = \"" +
      terms.figure + "\"\nedges = [" + terms.edges + "]\ncomparison = \"" + terms.comparison +
      "\"\nvalue = \"" + terms.value + "\"\nwhen_met = \"" + terms.when_met + "\"\nstatus = \"" +
      terms.status + "\"\nsource = \"the source\"\n" + terms.dates +
      "\nnon_public_synthetic = " + terms.synthetic + "\n";
  return ReadPolicy(toml, "own.toml", kAt).value();
}

struct FactCase {
  std::string_view name;
  Terms terms;
  ThresholdState state;
  std::string_view value;
};
std::ostream& operator<<(std::ostream& out, const FactCase& c) { return out << c.name; }

// "n" has the figures of its one segment and, along fine-tuned-from, those of m's two.
const FactCase kFacts[] = {
    {"sum along the edge", {}, ThresholdState::kMet, "183000000000"},
    {"without edges its own run only", {.edges = ""}, ThresholdState::kMet, "61000000000"},
    {"an edge type that is not there",
     {.edges = R"("merged-from")"},
     ThresholdState::kMet,
     "61000000000"},
    {"> is not met by equality",
     {.value = "183000000000"},
     ThresholdState::kNotMet,
     "183000000000"},
    {"> is met by one more", {.value = "182999999999"}, ThresholdState::kMet, "183000000000"},
    {">= is met by equality",
     {.comparison = ">=", .value = "183000000000"},
     ThresholdState::kMet,
     "183000000000"},
    {">= is not met by one less",
     {.comparison = ">=", .value = "183000000001"},
     ThresholdState::kNotMet,
     "183000000000"},
    {"total", {.figure = "total"}, ThresholdState::kMet, "183000000000"},
    {"proposed", {.status = "proposed"}, ThresholdState::kNotInForce, "183000000000"},
    {"rescinded", {.status = "rescinded"}, ThresholdState::kNotInForce, "183000000000"},
    {"guidance", {.status = "guidance"}, ThresholdState::kMet, "183000000000"},
    {"from that day on", {.dates = "from = \"2026-03-01\""}, ThresholdState::kMet, "183000000000"},
    {"not before", {.dates = "from = \"2026-03-02\""}, ThresholdState::kNotInForce, "183000000000"},
    {"until that day",
     {.dates = "until = \"2026-03-01\""},
     ThresholdState::kNotInForce,
     "183000000000"},
};

BOOST_AUTO_TEST_SUITE(policy_verify)

BOOST_DATA_TEST_CASE(a_threshold_is_a_fact, boost::unit_test::data::make(kFacts), c) {
  ComputeFile file = FineTuned();
  const Judged judged = Judge(file, PolicyOf(c.terms), "n");
  BOOST_REQUIRE_EQUAL(judged.outcome.facts.size(), 1);
  const ThresholdFact& fact = judged.outcome.facts[0];
  BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(c.state));
  BOOST_CHECK_EQUAL(fact.stated, c.value);
  BOOST_CHECK(!fact.lower_bound);
  BOOST_CHECK_EQUAL(fact.policy, "own");
  BOOST_CHECK_EQUAL(fact.threshold, "line");
  BOOST_CHECK_EQUAL(fact.rule, "the text");
  BOOST_CHECK_EQUAL(fact.source, "the source");
  BOOST_CHECK(judged.findings.empty());  // when_met is report
  BOOST_CHECK(judged.outcome.status == RowStatus::kPass);
}

BOOST_AUTO_TEST_CASE(a_lower_bound_decides_met_only) {
  for (const auto& [value, state] :
       {std::pair{"100", ThresholdState::kMet}, {"99000000000000", ThresholdState::kUndisclosed}}) {
    ComputeFile file = FineTuned();
    file.Segment("m.0").getFlop().getUpdate().setUndisclosed();
    const Policy policy = PolicyOf({.value = value});
    const Judged judged = Judge(file, policy, "n");
    const ThresholdFact& fact = judged.outcome.facts.at(0);
    BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(state));
    BOOST_CHECK(fact.lower_bound);
    BOOST_CHECK_EQUAL(fact.stated, "122000000000");
    BOOST_CHECK(judged.findings.empty());
  }
}

BOOST_AUTO_TEST_CASE(refuse_refuses_what_is_met_or_undisclosed) {
  const std::string bounds =
      "at most 1.0e12 by the device time, not counter-signed: device time that the signer hides is "
      "not seen; 18 % of the devices' peak (policy: at least 5 %)";
  ComputeFile file = FineTuned();
  const Judged met = Judge(file, PolicyOf({.when_met = "refuse"}), "n");
  BOOST_CHECK_EQUAL(
      verifier::test::FirstReason(met.findings),
      "38 threshold-met: own: line met, 1.8e11 stated; " + bounds + "; limit > 1.0e3: the text");
  BOOST_CHECK(met.outcome.status == RowStatus::kFail);
  const Policy high = PolicyOf({.value = "99000000000000", .when_met = "refuse"});
  BOOST_CHECK(Judge(file, high, "n").findings.empty());
  BOOST_CHECK_EQUAL(Judge(file, high, "n").outcome.text,
                    "own: not met, 1.8e11 stated; " + bounds + "; limit > 9.9e13");
  const Policy past = PolicyOf({.when_met = "refuse", .status = "rescinded"});
  BOOST_CHECK(Judge(file, past, "n").findings.empty());

  file.Segment("m.0").getFlop().getUpdate().setUndisclosed();
  BOOST_CHECK_EQUAL(
      verifier::test::FirstReason(Judge(file, high, "n").findings),
      "38 threshold-met: own: line undisclosed (undisclosed-term), at least 1.2e11 "
      "stated; upper bound unknown: a term is undisclosed or missing; limit > 9.9e13");
}

// "n" and "m" have 3 s of a device of 332,800,000,000 FLOP/s, 18 % of which is stated.
struct BoundCase {
  std::string_view name;
  std::string_view value;
  uint64_t min_utilisation_ppm;
  ThresholdState state;
  ThresholdBasis why;
};
std::ostream& operator<<(std::ostream& out, const BoundCase& c) { return out << c.name; }

const BoundCase kBounds[] = {
    {"above what is stated", "182999999999", 50'000, ThresholdState::kMet,
     ThresholdBasis::kLowerBound},
    {"at what is stated", "183000000000", 50'000, ThresholdState::kNotMet, ThresholdBasis::kStated},
    {"between, busy devices", "998399999999", 50'000, ThresholdState::kNotMet,
     ThresholdBasis::kStated},
    {"between, as busy as asked", "998399999999", 183'293, ThresholdState::kNotMet,
     ThresholdBasis::kStated},  // 183 of 998.4
    {"between, less busy than asked", "998399999999", 183'294, ThresholdState::kUndisclosed,
     ThresholdBasis::kUnexplainedDeviceTime},
    {"beyond the device time", "998400000000", 183'294, ThresholdState::kNotMet,
     ThresholdBasis::kUpperBound},
};

BOOST_DATA_TEST_CASE(between_the_bounds_what_is_stated_needs_busy_devices,
                     boost::unit_test::data::make(kBounds), c) {
  ComputeFile file = FineTuned();
  Policy policy = PolicyOf({.value = std::string(c.value)});
  policy.min_utilisation_ppm = c.min_utilisation_ppm;
  const ThresholdFact fact = Judge(file, policy, "n").outcome.facts.at(0);
  BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(c.state));
  BOOST_CHECK_EQUAL(ThresholdBasisName(fact.why), ThresholdBasisName(c.why));
  BOOST_CHECK_EQUAL(fact.lower, "183000000000");
  BOOST_CHECK_EQUAL(fact.upper.value_or(""), "998400000000");
}

// The lie: hardly any of the work of one model is stated, beside another whose devices were busy.
// Of "n" 1e9 FLOP of the 3.328e11 that its second allowed: 3.318e11 are open, of "m" nothing.
BOOST_AUTO_TEST_CASE(busy_runs_do_not_vouch_for_idle_ones) {
  for (const auto& [value, state, why] :
       {std::tuple{"454799999999", ThresholdState::kUndisclosed,
                   ThresholdBasis::kUnexplainedDeviceTime},
        {"454800000000", ThresholdState::kNotMet, ThresholdBasis::kStated},
        {"122999999999", ThresholdState::kMet, ThresholdBasis::kLowerBound}}) {
    ComputeFile file = FineTuned();
    test::WriteSingle(file.Segment("n.0").getFlop().initUpdate(), test::F("1000000000"));
    test::WriteSingle(file.Segment("n.0").getFlop().initTotal(), test::F("1000000000"));
    const ThresholdFact fact = Judge(file, PolicyOf({.value = value}), "n").outcome.facts.at(0);
    BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(state));
    BOOST_CHECK_EQUAL(ThresholdBasisName(fact.why), ThresholdBasisName(why));
    BOOST_CHECK_MESSAGE(
        fact.bounds.ends_with("; the devices of runs below that share had time for 3.3e11 more"),
        fact.bounds);
  }
}

// R35: what is stated is then a lower bound, but the device time still bounds it from above.
BOOST_AUTO_TEST_CASE(a_figure_that_nothing_shows_decides_met_only) {
  for (const auto& [value, state, why] :
       {std::tuple{"182999999999", ThresholdState::kMet, ThresholdBasis::kLowerBound},
        {"183000000000", ThresholdState::kUndisclosed, ThresholdBasis::kUnattestedFigure},
        {"998400000000", ThresholdState::kNotMet, ThresholdBasis::kUpperBound}}) {
    ComputeFile file = FineTuned();
    const Judged judged = Judge(file, PolicyOf({.value = value}), "n", {}, true);
    const ThresholdFact& fact = judged.outcome.facts.at(0);
    BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(state));
    BOOST_CHECK_EQUAL(ThresholdBasisName(fact.why), ThresholdBasisName(why));
    BOOST_CHECK(fact.lower_bound);
  }
}

BOOST_AUTO_TEST_CASE(without_an_upper_bound_nothing_is_not_met) {
  ComputeFile file = FineTuned();
  file.AddChip("gpu", "nvidia:gpu:1", "unheard-of", 1);
  file.SetUsage("m.0", {{"gpu", 1, 1000}});
  const Policy policy = PolicyOf({.value = "99000000000000", .when_met = "refuse"});
  const Judged judged = Judge(file, policy, "n");
  const ThresholdFact& fact = judged.outcome.facts.at(0);
  BOOST_CHECK(fact.state == ThresholdState::kUndisclosed);
  BOOST_CHECK(fact.why == ThresholdBasis::kUnknownDeviceTime);
  BOOST_CHECK(!fact.upper);
  const std::string reason = verifier::test::FirstReason(judged.findings);
  BOOST_CHECK_MESSAGE(reason.starts_with("38 threshold-met: own: line undisclosed "
                                         "(unknown-device-time), 1.8e11 stated; upper bound "
                                         "unknown: device nvidia:gpu:1 ("),
                      reason);
}

// The lie: figures so large that their sum does not fit. No number is said to be below a limit
// then.
BOOST_AUTO_TEST_CASE(a_sum_beyond_128_bits_is_met_or_open_but_never_below_a_limit) {
  for (const auto& [comparison, state] :
       {std::pair{">=", ThresholdState::kMet}, std::pair{">", ThresholdState::kUndisclosed}}) {
    ComputeFile file = FineTuned();
    for (const char* segment : {"m.0", "m.1"}) {
      verifier::test::WriteSingle(file.Segment(segment).getFlop().initUpdate(),
                                  Flop(Uint128{1} << 127));
    }
    const Policy policy = PolicyOf({.comparison = comparison,
                                    .value = "340282366920938463463374607431768211455",
                                    .when_met = "refuse"});
    const Judged judged = Judge(file, policy, "n");
    const ThresholdFact& fact = judged.outcome.facts.at(0);
    BOOST_CHECK_EQUAL(ThresholdStateName(fact.state), ThresholdStateName(state));
    BOOST_CHECK(fact.lower_bound);
    BOOST_CHECK_EQUAL(fact.upper.value_or("unknown"), "unknown");
    const std::string reason = verifier::test::FirstReason(judged.findings);
    BOOST_CHECK_MESSAGE(
        reason.find("more than 128 bits stated; upper bound unknown: ") != reason.npos, reason);
    // Half of it fits.
    verifier::test::WriteSingle(file.Segment("m.1").getFlop().initUpdate(), Flop(1));
    BOOST_CHECK(Judge(file, policy, "n").outcome.facts.at(0).state == ThresholdState::kNotMet);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::policy
