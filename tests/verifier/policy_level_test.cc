// R38: what a level asks for and what is missing for it; rows that a policy refuses.
#include <functional>

#include "tests/support/test.h"
#include "tests/verifier/judged_policy.h"
#include "verifier/policy/level.h"

namespace carnet::verifier::policy {
namespace {

using verifier::test::ComputeFile;
using wire::EdgeType;
using wire::RunKind;

// A data set beside the others.
wire::Dataset::Builder Data(ComputeFile& file) {
  file.AddDataset("texts");
  return file.Dataset("texts");
}

struct DemandCase {
  std::string_view name;
  std::function<void(ComputeFile&)> spoil;
  std::string_view said;
};
std::ostream& operator<<(std::ostream& out, const DemandCase& c) { return out << c.name; }

const DemandCase kDemands[] = {
    {"data", [](ComputeFile& f) { f.Run("m.run").getDatasets().setUndisclosed(); },
     "datasets is undisclosed"},
    {"deployment of a run",
     [](ComputeFile& f) { f.Run("m.run").setIntendedDeployment("undisclosed"); },
     "intended_deployment is undisclosed"},
    {"deployment of a passport",
     [](ComputeFile& f) { f.Passport("m").setIntendedDeployment("undisclosed"); },
     "intended_deployment is undisclosed"},
    {"update", [](ComputeFile& f) { f.Segment("m.1").getFlop().getUpdate().setUndisclosed(); },
     "flop.update is undisclosed"},
    {"total", [](ComputeFile& f) { f.Segment("m.1").getFlop().getTotal().setUndisclosed(); },
     "flop.total is undisclosed"},
    {"tokens of a segment", [](ComputeFile& f) { f.Segment("m.1").getTokens().setUndisclosed(); },
     "tokens is undisclosed"},
    {"tokens of a completion",
     [](ComputeFile& f) { f.Completion("m.done").getTokens().setUndisclosed(); },
     "tokens is undisclosed"},
    {"update of a completion",
     [](ComputeFile& f) { f.Completion("m.done").getFlop().getUpdate().setUndisclosed(); },
     "flop.update is undisclosed"},
    {"total of a completion",
     [](ComputeFile& f) { f.Completion("m.done").getFlop().getTotal().setUndisclosed(); },
     "flop.total is undisclosed"},
    {"parameter-update",
     [](ComputeFile& f) { f.Passport("m").getFlop().getParameterUpdate().setUndisclosed(); },
     "flop.parameter_update is undisclosed"},
    {"cumulative",
     [](ComputeFile& f) { f.Passport("m").getFlop().getCumulative().setUndisclosed(); },
     "flop.cumulative is undisclosed"},
    {"parent", [](ComputeFile& f) { f.Run("n.run").getInputs()[0].getModel().setUndisclosed(); },
     "inputs[].model is undisclosed"},
    {"parent's passport",
     [](ComputeFile& f) { f.Run("n.run").getInputs()[0].getStatement().setUndisclosed(); },
     "inputs[].statement is undisclosed"},
    {"initial weights",
     [](ComputeFile& f) { f.Run("m.run").setInitial(wire::InitialWeights::UNDISCLOSED); },
     "initial is undisclosed"},
    {"retrospective", [](ComputeFile& f) { f.Run("m.run").initRetrospective().setValue(true); },
     "retrospective"},
    {"size of data", [](ComputeFile& f) { Data(f).getSize().initBytes().setUndisclosed(); },
     "size.bytes is undisclosed"},
    {"generation of data",
     [](ComputeFile& f) {
       auto source = Data(f).getSources().initItems(1)[0];
       source.setKind(wire::SourceKind::SYNTHETIC);
       source.initGenerationFlop().setUndisclosed();
     },
     "sources[].generation_flop is undisclosed"},
    {"sources of data", [](ComputeFile& f) { Data(f).getSources().setUndisclosed(); },
     "sources is undisclosed"},
};

BOOST_AUTO_TEST_SUITE(policy_level)

BOOST_DATA_TEST_CASE(level_2_leaves_nothing_open, boost::unit_test::data::make(kDemands), c) {
  ComputeFile file = FineTuned();
  c.spoil(file);
  const Policy policy = ShippedPolicy("hub-complete", kAt).value();
  const Judged judged = Judge(file, policy, "n");
  BOOST_CHECK_EQUAL(judged.findings.total(), 1);
  const std::string reason = verifier::test::FirstReason(judged.findings);
  BOOST_CHECK_MESSAGE(
      reason.find("38 policy-requirement: hub-complete: " + std::string(c.said)) == 0, reason);
  BOOST_CHECK(judged.outcome.status == RowStatus::kFail);

  const Judged reported = Judge(file, ShippedPolicy("hub-default", kAt).value(), "n");
  BOOST_CHECK(reported.findings.empty());
  BOOST_CHECK_EQUAL(reported.outcome.level.number, 1);
  BOOST_CHECK(reported.outcome.level.missing == std::vector<std::string>{reason.substr(37)});
}

struct FlagCase {
  std::string_view flag;
  std::string_view said;
};
std::ostream& operator<<(std::ostream& out, const FlagCase& c) { return out << c.flag; }

const FlagCase kFlags[] = {
    {"data_used_stated", "datasets is undisclosed"},
    {"intended_deployment_stated", "intended_deployment is undisclosed"},
    {"nothing_undisclosed", "initial is undisclosed"},
    {"not_retrospective", "retrospective: the run was entered after the fact"},
};

BOOST_DATA_TEST_CASE(a_single_requirement_is_refused_by_itself,
                     boost::unit_test::data::make(kFlags), c) {
  ComputeFile file = FineTuned();
  auto run = file.Run("m.run");
  run.getDatasets().setUndisclosed();
  run.setIntendedDeployment("undisclosed");
  run.setInitial(wire::InitialWeights::UNDISCLOSED);
  run.initRetrospective().setValue(true);
  const Policy policy = PolicyWith("[requirements]\n" + std::string(c.flag) + " = true\n");
  const Judged judged = Judge(file, policy, "n");
  BOOST_CHECK_EQUAL(judged.findings.total(), 1);
  BOOST_CHECK_EQUAL(verifier::test::FirstReason(judged.findings),
                    "38 policy-requirement: own: " + std::string(c.said));
}

BOOST_AUTO_TEST_CASE(a_row_is_refused_where_the_policy_says_so) {
  ComputeFile file = FineTuned();
  const Policy policy = PolicyWith(
      "[when_unattested]\nlineage = \"refuse\"\ncompute = \"report\"\n"
      "[when_undisclosed]\ncompute = \"refuse\"\n");
  const auto reason = [&](const std::string& row, RowStatus status) {
    return verifier::test::FirstReason(Judge(file, policy, "n", {{row, status, "why"}}).findings);
  };
  BOOST_CHECK_EQUAL(reason("lineage", RowStatus::kPass), "");
  BOOST_CHECK_EQUAL(reason("compute", RowStatus::kUnattested), "");
  BOOST_CHECK_EQUAL(reason("lineage", RowStatus::kUndisclosed), "");
  BOOST_CHECK_EQUAL(reason("custody", RowStatus::kNotApplicable), "");
  BOOST_CHECK_EQUAL(reason("lineage", RowStatus::kUnattested),
                    "38 policy-requirement: own: row lineage is unattested (why), expected pass");
  BOOST_CHECK_EQUAL(reason("compute", RowStatus::kUndisclosed),
                    "38 policy-requirement: own: row compute is undisclosed (why), expected pass");
  BOOST_CHECK_EQUAL(reason("custody", RowStatus::kFail),
                    "38 policy-requirement: hub-default: row custody is fail (why), expected pass");
  BOOST_CHECK_EQUAL(
      reason("time", RowStatus::kNotChecked),
      "38 policy-requirement: hub-default: row time is not checked (why), expected pass");
}

BOOST_AUTO_TEST_CASE(level_2_asks_for_every_row_but_custody_and_hardware) {
  ComputeFile file = FineTuned();
  const auto level = [&](const std::string& row, RowStatus status) {
    return Judge(file, PolicyWith(""), "n", {{row, status, "why"}}).outcome.level.number;
  };
  for (const char* row : {"lineage", "time", "compute"}) {
    BOOST_CHECK_EQUAL(level(row, RowStatus::kUnattested), 1);
    BOOST_CHECK_EQUAL(level(row, RowStatus::kUndisclosed), 1);
    BOOST_CHECK_EQUAL(level(row, RowStatus::kPass), 2);
  }
  for (const char* row : {"custody", "hardware"}) {
    BOOST_CHECK_EQUAL(level(row, RowStatus::kUnattested), 2);
  }
}

BOOST_AUTO_TEST_CASE(what_is_missing_is_named_a_few_times_and_counted) {
  Gaps gaps;
  for (int i = 0; i < 1'000; ++i) gaps.Add(GapKind::kFigure, {"tokens is undisclosed", {}, {}});
  BOOST_CHECK_EQUAL(gaps.Of(GapKind::kFigure).size(), 100);
  BOOST_CHECK_EQUAL(gaps.total(), 1'000);
  const auto missing = LevelOf(gaps).missing;
  BOOST_REQUIRE_EQUAL(missing.size(), 6);
  BOOST_CHECK_EQUAL(missing.back(), "995 more");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::policy
