// R37 and R38: what a policy makes of a passport that passes all other rules.
#include "verifier/policy/policy.h"
#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;
using verifier::ThresholdState;

constexpr const char* kWeights =
    R"(["fine-tuned-from","initialised-from","merged-from","adapter-on","quantised-from","ablated-from"])";

struct Terms {
  std::string comparison = ">";
  std::string value = "24000000000000";
  std::string when_met = "refuse";
  std::string figure = "total";
  std::string edges = kWeights;
  std::string status = "in force";
  std::string more = {};
};

std::string Policy(const Terms& terms) {
  return R"(id = "test"
title = "A threshold"
jurisdiction = "none"
subject = "models"
counting = "all"
checked_on = "2026-11-01"

[[threshold]]
id = "line"
rule = "more compute than the line"
figure = ")" +
         terms.figure + "\"\nedges = " + terms.edges +
         "\nnon_public_synthetic = true\ncomparison = \"" + terms.comparison + "\"\nvalue = \"" +
         terms.value + "\"\nwhen_met = \"" + terms.when_met + "\"\nstatus = \"" + terms.status +
         "\"\nsource = \"none\"\n" + terms.more;
}

// Neither a figure of segment chat.0 nor a sum over it is disclosed.
void Undisclose(World& w) {
  w.Set("chat.0", "/flop", R"({"update":"undisclosed","total":"undisclosed"})");
}

verifier::ThresholdFact FactUnder(World& world, const Terms& terms) {
  world.policy_toml = Policy(terms);
  const auto verdict = world.Judge();
  BOOST_REQUIRE_EQUAL(verdict.thresholds.size(), 1u);
  return verdict.thresholds.front();
}

}  // namespace

// Refused under hub-complete; hub-default reports it, at level 1.
Attack OpenPassport(const char* name, const char* message, std::function<void(World&)> make) {
  return {name, 38, RejectReason::kPolicyRequirement, message, [make = std::move(make)](World& w) {
            w.policy_toml = verifier::policy::ShippedPolicyText("hub-complete").value();
            make(w);
          }};
}

const std::vector<Attack>& OpenPassports() {
  static const std::vector<Attack> passports = {
      OpenPassport("data_used_undisclosed", "datasets is undisclosed",
                   [](World& w) {
                     w.Set("chat.run", "/datasets", R"("undisclosed")");
                     w.Remove("chats");
                   }),
      OpenPassport("deployment_of_a_run_undisclosed", "intended_deployment is undisclosed",
                   [](World& w) { w.Set("base.run", "/intended_deployment", R"("undisclosed")"); }),
      OpenPassport("deployment_of_a_model_undisclosed", "intended_deployment is undisclosed",
                   [](World& w) { w.Set("chat", "/intended_deployment", R"("undisclosed")"); }),
      OpenPassport("flop_undisclosed", "flop.update is undisclosed", Undisclose),
      OpenPassport("flop_of_a_parent_undisclosed", "flop.cumulative is undisclosed",
                   [](World& w) { w.Set("base", "/flop/cumulative", R"("undisclosed")"); }),
      OpenPassport("tokens_undisclosed", "tokens is undisclosed",
                   [](World& w) { w.Set("chat.0", "/tokens", R"("undisclosed")"); }),
      OpenPassport("an_input_undisclosed", "inputs[].statement is undisclosed",
                   [](World& w) {
                     w.Set("chat.run", "/inputs/0/statement", R"("undisclosed")");
                     w.Set("chat", "/flop/cumulative", R"("12000000000000")");
                     for (const char* name :
                          {"base", "base.done", "base.1", "base.0", "base.run", "texts"}) {
                       w.Remove(name);
                     }
                   }),
      OpenPassport("initial_weights_undisclosed", "initial is undisclosed",
                   [](World& w) { w.Set("base.run", "/initial", R"("undisclosed")"); }),
      OpenPassport("a_chip_that_nobody_knows", "compute is undisclosed",
                   [](World& w) {
                     w.Drop("cpu", "/cpu");
                     w.Set("cpu", "/chip", R"("unheard-of")");
                   }),
      OpenPassport("a_chip_whose_peak_only_its_owner_declares", "compute is unattested",
                   [](World& w) {
                     w.Drop("cpu", "/cpu");
                     w.Set("cpu", "/chip", R"("unheard-of")");
                     w.Set("cpu", "/declared_peaks",
                           R"({"peaks":[{"precision":"bf16","flops":"900000000000000"}],)"
                           R"("source":"a sheet"})");
                   }),
      OpenPassport("a_chip_undisclosed", "compute is undisclosed",
                   [](World& w) {
                     w.Drop("cpu", "/cpu");
                     w.Set("cpu", "/chip", R"("undisclosed")");
                   }),
      OpenPassport("sources_undisclosed", "hub-complete: sources is undisclosed",
                   [](World& w) { w.Set("texts", "/sources", R"("undisclosed")"); }),
      OpenPassport("size_of_data_undisclosed", "hub-complete: size.bytes is undisclosed",
                   [](World& w) { w.Set("texts", "/size/bytes", R"("undisclosed")"); }),
      OpenPassport("a_retrospective_run", "retrospective: the run was entered after the fact",
                   [](World& w) { w.Set("base.run", "/retrospective", "true"); }),
      OpenPassport("a_parent_without_a_passport", "lineage is unattested",
                   [](World& w) {
                     w.Drop("chat.run", "/inputs/0/statement");
                     w.Set("chat", "/flop/cumulative", R"("12000000000000")");
                     for (const char* name :
                          {"base", "base.done", "base.1", "base.0", "base.run", "texts"}) {
                       w.Remove(name);
                     }
                   }),
      OpenPassport("weights_that_no_header_describes", "compute is unattested", &MakeOpaque),
  };
  return passports;
}

const std::vector<Attack>& PolicyAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = [] {
    std::vector<Attack> all = OpenPassports();
    all.push_back({"a_threshold_exceeded", 38, R::kThresholdMet,
                   "test: line met, 2.4e13 stated; at most 9.2e13 by",
                   [](World& w) { w.policy_toml = Policy({.value = "23999999999999"}); }});
    all.push_back({"a_threshold_reached", 38, R::kThresholdMet,
                   "test: line met, 2.4e13 stated; at most 9.2e13 by",
                   [](World& w) { w.policy_toml = Policy({.comparison = ">="}); }});
    return all;
  }();
  return attacks;
}

BOOST_AUTO_TEST_SUITE(policy)

BOOST_DATA_TEST_CASE(refuses, data::make(PolicyAttacks()), attack) { CheckRefused(attack); }

// The honest neighbour of each: hub-default reports what it leaves open.
BOOST_DATA_TEST_CASE(an_open_passport_is_level_1, data::make(OpenPassports()), open) {
  World world = FineTuneWorld();
  open.make(world);
  world.policy_toml = "";
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.level.number, 1);
  BOOST_CHECK(!verdict.level.missing.empty());
}

BOOST_AUTO_TEST_CASE(a_passport_that_leaves_nothing_open_is_level_2) {
  World world = FineTuneWorld();
  world.policy_toml = verifier::policy::ShippedPolicyText("hub-complete").value();
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK_EQUAL(verdict.level.number, 2);
  BOOST_REQUIRE_EQUAL(verdict.level.missing.size(), 1);
  BOOST_CHECK(verdict.level.missing[0].find("does not verify") != std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_passport_that_a_rule_refuses_has_no_level) {
  World world = FineTuneWorld();
  world.Set("chat", "/parameters/total", "1");
  BOOST_CHECK_EQUAL(world.Judge().level.number, 0);
}

// No evidence that levels above 2 ask for is verified yet.
BOOST_AUTO_TEST_CASE(a_policy_that_demands_level_3_refuses) {
  World world = FineTuneWorld();
  world.policy_toml = Policy({}) + "[requirements]\nlevel = 3\n";
  CheckRefused(world.Judge(), 38, RejectReason::kPolicyRequirement,
               "test: demands level 3 (counter-signed), and the passport is level 2 (complete)");
}

BOOST_AUTO_TEST_CASE(a_policy_may_demand_that_one_row_is_attested) {
  World world = FineTuneWorld();
  const std::string demand = "[when_unattested]\ncustody = \"refuse\"\nhardware = \"report\"\n";
  world.policy_toml = Policy({.when_met = "report"}) + demand;
  CheckRefused(world.Judge(), 38, RejectReason::kPolicyRequirement,
               "test: row custody is unattested");
}

struct Limit {
  const char* comparison;
  const char* value;  // against 24000000000000
  ThresholdState state;

  friend std::ostream& operator<<(std::ostream& out, const Limit& l) {
    return out << l.comparison << l.value;
  }
};

const std::vector<Limit>& Limits() {
  static const std::vector<Limit> limits = {
      {">", "23999999999999", ThresholdState::kMet},
      {">", "24000000000000", ThresholdState::kNotMet},
      {">", "24000000000001", ThresholdState::kNotMet},
      {">=", "23999999999999", ThresholdState::kMet},
      {">=", "24000000000000", ThresholdState::kMet},
      {">=", "24000000000001", ThresholdState::kNotMet},
  };
  return limits;
}

BOOST_DATA_TEST_CASE(a_limit_decides_by_its_own_comparison, data::make(Limits()), limit) {
  World world = FineTuneWorld();
  const Terms terms{.comparison = limit.comparison, .value = limit.value, .when_met = "report"};
  const auto fact = FactUnder(world, terms);
  BOOST_CHECK(fact.state == limit.state);
  BOOST_CHECK_EQUAL(fact.stated, "24000000000000");
  BOOST_CHECK(!fact.lower_bound);
  CheckPasses(world.Judge());  // a duty is not an offence
}

BOOST_AUTO_TEST_CASE(a_policy_counts_by_its_own_edges_and_figure) {
  World world = FineTuneWorld();
  BOOST_CHECK_EQUAL(FactUnder(world, {.when_met = "report", .edges = "[]"}).stated,
                    "12000000000000");
  BOOST_CHECK_EQUAL(FactUnder(world, {.when_met = "report", .figure = "update"}).stated,
                    "24000000000000");
}

BOOST_AUTO_TEST_CASE(a_threshold_not_in_force_decides_nothing) {
  World world = FineTuneWorld();
  for (const char* status : {"proposed", "rescinded"}) {
    BOOST_CHECK(FactUnder(world, {.value = "1", .status = status}).state ==
                ThresholdState::kNotInForce);
    CheckPasses(world.Judge());
  }
  BOOST_CHECK(FactUnder(world, {.value = "1", .more = "from = \"2026-11-21\"\n"}).state ==
              ThresholdState::kNotInForce);
  BOOST_CHECK(FactUnder(world, {.value = "1", .more = "from = \"2026-11-20\"\n"}).state ==
              ThresholdState::kMet);
}

// R37: what is disclosed of chat.1 and base is 1.8e13.
BOOST_AUTO_TEST_CASE(a_lower_bound_decides_met_and_nothing_else) {
  World world = FineTuneWorld();
  Undisclose(world);
  const auto over = FactUnder(world, {.value = "17999999999999", .when_met = "report"});
  BOOST_CHECK(over.state == ThresholdState::kMet);
  BOOST_CHECK(over.lower_bound);
  BOOST_CHECK_EQUAL(over.stated, "18000000000000");
  const auto under = FactUnder(world, {.value = "18000000000000", .when_met = "report"});
  BOOST_CHECK(under.state == ThresholdState::kUndisclosed);
}

BOOST_AUTO_TEST_CASE(an_undisclosed_answer_is_refused_where_met_would_be) {
  World world = FineTuneWorld();
  Undisclose(world);
  world.policy_toml = Policy({.value = "100000000000000"});
  const auto verdict = world.Judge();
  const bool refused =
      std::any_of(verdict.findings.begin(), verdict.findings.end(), [](const auto& finding) {
        return finding.reason() == RejectReason::kThresholdMet &&
               finding.message.find("undisclosed (undisclosed-term), at least 1.8e13") !=
                   std::string::npos;
      });
  BOOST_CHECK_MESSAGE(refused, Describe(verdict));
}

// No other rule objects to what is undisclosed: only the policy asks for it.
BOOST_AUTO_TEST_CASE(undisclosed_is_a_row_of_its_own) {
  World world = FineTuneWorld();
  Undisclose(world);
  const auto verdict = world.Judge();
  BOOST_CHECK(StatusOf(verdict, "compute") == verifier::RowStatus::kUndisclosed);
  BOOST_CHECK(StatusOf(verdict, "lineage") == verifier::RowStatus::kPass);
}

// A trust directory's own hub-default, stricter than the shipped one.
std::string HouseRules(const std::string& requirements, const std::string& id = "hub-default") {
  Terms terms;
  terms.comparison = ">=";
  terms.more = requirements;
  std::string text = Policy(terms);
  return text.replace(text.find("\"test\""), 6, "\"" + id + "\"");
}

BOOST_AUTO_TEST_CASE(no_policy_avoids_the_trust_directorys_own_hub_default) {
  for (const std::string& chosen : {std::string(), Policy({.value = "99000000000000"})}) {
    World world = FineTuneWorld();
    world.policy_toml = chosen;
    CheckPasses(world.Judge());
    world.own_hub_default = HouseRules("");
    CheckRefused(world.Judge(), 38, RejectReason::kThresholdMet,
                 "hub-default: line met, 2.4e13 stated; at most 9.2e13 by");
    world.own_hub_default = HouseRules("[when_unattested]\ncustody = \"refuse\"\n");
    CheckRefused(world.Judge(), 38, RejectReason::kPolicyRequirement, "row custody is unattested");
  }
}

BOOST_AUTO_TEST_CASE(the_row_says_whose_hub_default_was_part_of_the_policy) {
  World world = FineTuneWorld();
  Terms terms{.value = "99000000000000"};
  world.policy_toml = Policy(terms);
  world.own_hub_default = Policy(terms);
  world.own_hub_default.replace(world.own_hub_default.find("\"test\""), 6, "\"hub-default\"");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  const std::string& text = verdict.rows.back().text;
  BOOST_CHECK_MESSAGE(text.starts_with("test with hub-default sha256:"), text);
  BOOST_CHECK_MESSAGE(text.find("…: line not met, 2.4e13 stated") != text.npos &&
                          text.find("; hub-default line not met, 2.4e13 stated") != text.npos,
                      text);
  BOOST_CHECK_EQUAL(verdict.thresholds.size(), 2u);
  BOOST_REQUIRE_EQUAL(verdict.included.size(), 1u);
  BOOST_CHECK_EQUAL(verdict.included[0].id, "hub-default");
  BOOST_CHECK_EQUAL(verdict.included[0].digest,
                    HexEncode(crypto::Sha256Of(world.own_hub_default).span()));
}

BOOST_AUTO_TEST_CASE(the_trust_directorys_own_hub_default_takes_nothing_back) {
  World world = FineTuneWorld();
  Undisclose(world);
  world.policy_toml = verifier::policy::ShippedPolicyText("hub-complete").value();
  world.own_hub_default = HouseRules("");
  const auto verdict = world.Judge();
  CheckRefused(verdict, 38, RejectReason::kPolicyRequirement, "flop.update is undisclosed");
}

BOOST_AUTO_TEST_CASE(chosen_itself_the_trust_directorys_own_hub_default_counts_once) {
  World world = FineTuneWorld();
  world.own_hub_default = HouseRules("");
  world.policy_toml = world.own_hub_default;
  const auto verdict = world.Judge();
  CheckRefused(verdict, 38, RejectReason::kThresholdMet, "hub-default: line met");
  BOOST_CHECK_EQUAL(verdict.thresholds.size(), 1u);
  BOOST_CHECK_EQUAL(verdict.findings_total, 1u);
}

BOOST_AUTO_TEST_CASE(a_hub_default_that_cannot_be_read_could_not_tell) {
  World world = FineTuneWorld();
  const std::string passport = world.Issue();
  for (const auto& [text, said] :
       {std::pair(std::string("id = 1"), "policies/hub-default.toml:1: id: must be a string"),
        std::pair(Policy({}), "policies/hub-default.toml: id: expected hub-default")}) {
    world.own_hub_default = text;
    const trust::Trust trust = world.MakeTrust();
    const auto policy = verifier::policy::ShippedPolicy("eu-gpai", TimestampMs(world.now));
    BOOST_REQUIRE(policy.has_value());
    const verifier::Gate gate(trust, *policy);
    CHECK_ERROR(gate.Check(passport, *world.given, TimestampMs(world.now)), ErrorCode::kMalformed,
                said);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
