// R33 and R37 on whole passports: lies about device time and what the verdict then says, each
// beside the honest passport that is nearest to it; and who vouches for the time and the devices.
#include <algorithm>

#include "schemas/device_id.h"
#include "tests/passport/attack.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

using schemas::Kind;
using verifier::RowStatus;
using verifier::ThresholdBasis;
using verifier::ThresholdState;

// Base and chat state 2.4e13 FLOP and use the CPU of 3.84e11 FLOP/s for four minutes.
constexpr const char* kUsedMs = "240000";

std::string PolicyOf(const std::string& value, const std::string& more = "",
                     const std::string& figure = "total") {
  return R"(id = "test"
title = "A threshold"
jurisdiction = "none"
subject = "models"
counting = "all"
checked_on = "2026-11-01"
)" + more +
         R"(
[[threshold]]
id = "line"
rule = "more compute than the line"
figure = ")" +
         figure + R"("
edges = ["fine-tuned-from"]
comparison = ">"
value = ")" +
         value + R"("
when_met = "report"
status = "in force"
source = "none"
)";
}

verifier::ThresholdFact FactOf(World& world, const std::string& policy) {
  world.policy_toml = policy;
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_REQUIRE_EQUAL(verdict.thresholds.size(), 1u);
  return verdict.thresholds.front();
}

std::string RowText(const verifier::Verdict& verdict, const std::string& name) {
  const auto row = std::find_if(verdict.rows.begin(), verdict.rows.end(),
                                [&](const verifier::Row& each) { return each.name == name; });
  BOOST_REQUIRE(row != verdict.rows.end());
  return row->text;
}

void CheckContains(const std::string& text, const std::string& part) {
  BOOST_CHECK_MESSAGE(text.find(part) != std::string::npos,
                      "\"" << text << "\" does not contain \"" << part << "\"");
}

World SoldWorld(const std::string& device_ms) {
  World world = FineTuneWorld();
  world.Set("lease", "/device_ms", device_ms);
  return world;
}

// A device of the lab's own, used without any allocation.
World OwnDeviceWorld() {
  World world = FineTuneWorld();
  world.trusted_keys.at("lab").kinds.insert(Kind::kDevice);
  world.At("cpu").key = "lab";
  for (const char* name : {"base.0", "base.1", "chat.0", "chat.1"}) {
    world.Drop(name, "/usage/0/allocation");
  }
  world.Remove("lease");
  return world;
}

// Two lanes that run at one time, each on a group of two instances.
World LanesOnGroups(const std::vector<std::string_view>& first,
                    const std::vector<std::string_view>& second) {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  for (const auto& [name, members] : {std::pair{"one", first}, {"two", second}}) {
    world.Add(name, Kind::kDevice,
              R"({"id":)" + Quoted(schemas::GroupId(members)) + R"(,"members":[")" +
                  std::string(members[0]) + R"(",")" + std::string(members[1]) +
                  R"("],"units":2,"vendor":"NVIDIA","chip":"h100-sxm5"})",
              "cloud");
  }
  AddRun(world, "base.run", {.lanes = 2});
  const uint64_t start = world.clock;
  AddSegment(world, "base.0", {.run = "base.run", .model = "base"});
  world.clock = start;
  AddSegment(world, "base.0b", {.run = "base.run", .lane = 1});
  world.Set("base.0", "/usage", R"([{"device":"@one","units":2,"ms":60000}])");
  world.Set("base.0b", "/usage", R"([{"device":"@two","units":2,"ms":60000}])");
  AddCompletion(world, "base.done", "base.run", {"base.0", "base.0b"}, {1, 1}, "base");
  AddPassport(world, "base", "base.done");
  world.Remove("lease");
  world.Remove("cpu");
  world.given = world.model("base");
  return world;
}

BOOST_AUTO_TEST_SUITE(bounds)

// The lie: a hundredth of the work is stated, and a hundredth of the hours that the cloud sold.
BOOST_AUTO_TEST_CASE(sold_time_that_nothing_explains_leaves_a_threshold_open) {
  World world = SoldWorld("24000000");
  const auto fact = FactOf(world, PolicyOf("100000000000000"));
  BOOST_CHECK(fact.state == ThresholdState::kUndisclosed);
  BOOST_CHECK(fact.why == ThresholdBasis::kUnexplainedDeviceTime);
  BOOST_CHECK_EQUAL(fact.stated, "24000000000000");
  BOOST_CHECK_EQUAL(fact.upper.value_or(""), "9216000000000000");
  BOOST_CHECK_EQUAL(fact.bounds,
                    "2.4e13 stated; at most 9.2e15 by the device time, counter-signed by cloud; "
                    "0.3 % of the devices' peak (policy: at least 5 %); the devices of runs below "
                    "that share had time for 9.2e15 more");
  CheckContains(RowText(world.Judge(), "policy"), "undisclosed (unexplained-device-time)");
  BOOST_CHECK(FactOf(world, PolicyOf("9216000000000000")).why == ThresholdBasis::kUpperBound);
}

BOOST_AUTO_TEST_CASE(sold_time_that_was_used_lets_the_stated_figure_decide) {
  World world = SoldWorld(kUsedMs);
  const auto between = FactOf(world, PolicyOf("50000000000000"));
  BOOST_CHECK(between.state == ThresholdState::kNotMet);
  BOOST_CHECK(between.why == ThresholdBasis::kStated);
  const auto beyond = FactOf(world, PolicyOf("100000000000000"));
  BOOST_CHECK(beyond.state == ThresholdState::kNotMet);
  BOOST_CHECK(beyond.why == ThresholdBasis::kUpperBound);
}

// The lie: the cloud sold time in a pool of faster chips than the one that the lab says it used.
BOOST_AUTO_TEST_CASE(chips_that_only_the_lab_names_do_not_decide_by_themselves) {
  const auto named_by = [](const std::string& party, const std::string& device_ms) {
    World world = SoldWorld(device_ms);
    world.trusted_keys.at("lab").kinds.insert(Kind::kDevice);
    world.At("cpu").key = party;
    world.Drop("lease", "/devices");
    return world;
  };
  World seller = named_by("cloud", "24000000");
  BOOST_CHECK(FactOf(seller, PolicyOf("9216000000000000")).why == ThresholdBasis::kUpperBound);
  World own = named_by("lab", "24000000");
  const auto open = FactOf(own, PolicyOf("9216000000000000"));
  BOOST_CHECK(open.state == ThresholdState::kUndisclosed);
  BOOST_CHECK(open.why == ThresholdBasis::kUnknownDeviceTime);
  CheckContains(open.bounds, "which chips were sold, only the run's own party says");
  World busy = named_by("lab", kUsedMs);
  BOOST_CHECK(FactOf(busy, PolicyOf("100000000000000")).why == ThresholdBasis::kStated);
}

BOOST_AUTO_TEST_CASE(a_policy_says_how_busy_devices_must_have_been) {
  World world = SoldWorld(kUsedMs);  // 26.04 %
  BOOST_CHECK(FactOf(world, PolicyOf("50000000000000", "min_utilisation_ppm = 260416\n")).why ==
              ThresholdBasis::kStated);
  BOOST_CHECK(FactOf(world, PolicyOf("50000000000000", "min_utilisation_ppm = 260417\n")).why ==
              ThresholdBasis::kUnexplainedDeviceTime);
}

// The lie: the usage does not name the allocation that the hours were bought under.
BOOST_AUTO_TEST_CASE(time_without_its_allocation_is_nobodys_word_but_the_signers) {
  World world = SoldWorld(kUsedMs);
  CheckContains(RowText(world.Judge(), "compute"), "by the device time, counter-signed by cloud");
  for (const char* name : {"base.0", "base.1", "chat.0", "chat.1"}) {
    world.Drop(name, "/usage/0/allocation");
  }
  world.Remove("lease");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  CheckContains(RowText(verdict, "compute"),
                "not counter-signed: device time that the signer hides is not seen");
  BOOST_CHECK(StatusOf(verdict, "custody") == RowStatus::kUnattested);
  BOOST_CHECK_EQUAL(RowText(verdict, "custody"), "1 device of cloud used without an allocation");
}

BOOST_AUTO_TEST_CASE(custody_does_not_apply_to_devices_of_ones_own) {
  World world = OwnDeviceWorld();
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  BOOST_CHECK(StatusOf(verdict, "custody") == RowStatus::kNotApplicable);
  CheckContains(RowText(verdict, "compute"), "not counter-signed");
}

BOOST_AUTO_TEST_CASE(custody_says_what_the_seller_found_out) {
  World world = FineTuneWorld();
  world.Set("lease", "/kyc", R"({"status":"failed"})");
  BOOST_CHECK_EQUAL(RowText(world.Judge(), "custody"),
                    "1 allocation signed by cloud, KYC according to the seller: failed for 1");
}

// The lie: the passport sums its cumulative compute along no edge at all.
BOOST_AUTO_TEST_CASE(the_policys_own_choice_of_edges_comes_first) {
  World world = FineTuneWorld();
  world.Set("chat", "/flop/edges", "[]");
  world.Set("chat", "/flop/cumulative", R"("12000000000000")");
  const auto verdict = world.Judge();
  CheckPasses(verdict);
  const std::string text = RowText(verdict, "compute");
  BOOST_CHECK(text.starts_with("total along every edge that carries weights: 2.4e13 stated; "));
  CheckContains(text, "cumulative 1.2e13 along no edge: the parents' compute is left out");
}

BOOST_AUTO_TEST_CASE(the_verdict_names_shares_and_no_words_for_them) {
  World world = FineTuneWorld();
  const std::string text = RowText(world.Judge(), "compute");
  CheckContains(text, "26 % of the devices' peak (policy: at least 5 %)");
  CheckContains(text, "26 % of the device's peak at the stated precision");
  for (const char* word : {"suspicious", "low", "normal", "implausible"}) {
    BOOST_CHECK(text.find(word) == std::string::npos);
  }
}

// The lie: most of the work is called a rollback.
BOOST_AUTO_TEST_CASE(a_policy_may_count_what_a_rollback_left_behind) {
  World world;
  AddFleet(world);
  AddDataset(world, "texts");
  AddRun(world, "base.run", {});
  AddSegment(world, "base.0", {.run = "base.run"});
  AddSegment(world, "base.1",
             {.run = "base.run", .seq = 1, .previous = "base.0", .from_step = kSteps});
  AddSegment(world, "base.2",
             {.run = "base.run",
              .seq = 2,
              .previous = "base.1",
              .model = "base",
              .weights_from = "base.0",
              .from_step = kSteps});
  AddCompletion(world, "base.done", "base.run", {"base.2"}, {3}, "base");
  AddPassport(world, "base", "base.done");
  world.given = world.model("base");
  const std::string limit = "15000000000000";
  BOOST_CHECK_EQUAL(FactOf(world, PolicyOf(limit, "", "update")).stated, "12000000000000");
  CheckContains(RowText(world.Judge(), "compute"),
                "1 segment with 6.0e12 FLOP of update off the weights_from path, not counted");
  const auto counted = FactOf(world, PolicyOf(limit, "off_path = \"count\"\n", "update"));
  BOOST_CHECK_EQUAL(counted.stated, "18000000000000");
  BOOST_CHECK(counted.state == ThresholdState::kMet);
  CheckContains(RowText(world.Judge(), "compute"), "off the weights_from path, counted");
}

// The lie: two lanes at one time on groups that are one machine short.
BOOST_AUTO_TEST_CASE(groups_in_use_at_one_time_share_no_device) {
  World honest =
      LanesOnGroups({"aws:i-00000001", "aws:i-00000002"}, {"aws:i-00000003", "aws:i-00000004"});
  CheckPasses(honest.Judge());
  World lying =
      LanesOnGroups({"aws:i-00000001", "aws:i-00000002"}, {"aws:i-00000002", "aws:i-00000003"});
  CheckRefused(lying.Judge(), 33, RejectReason::kDeviceTime, "uses a device that segment 0 (");
}

BOOST_AUTO_TEST_CASE(a_group_has_a_unit_for_each_member) {
  World world =
      LanesOnGroups({"aws:i-00000001", "aws:i-00000002"}, {"aws:i-00000003", "aws:i-00000004"});
  world.At("one").edit_payload = Replacing(R"("units":2)", R"("units":16)");
  CheckRefused(world.Judge(), 3, RejectReason::kBadField, "units: must be the number of members");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::test
