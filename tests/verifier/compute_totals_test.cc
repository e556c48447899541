// R32, R36 and R37: sums, on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::EdgeType;
using wire::RunKind;

// m.2 continues from the weights of m.0, so that m.1 is discarded.
void AddDiscarded(ComputeFile& file) {
  file.AddSegment("m.2", "m.run",
                  {.seq = 2, .previous = "m.1", .lane = 0, .weights_from = "m.0", .model = "m"});
  file.Equip("m.2", {});
  file.Completion("m.done").initSegments(1)[0].setValue(3);
  schemas::SetDigest(file.Completion("m.done").initLast(1)[0], Named<StatementId>("m.2"));
}

// Of "m.0", "m.1" and so on, each by a counter.
void SetTotals(ComputeFile& file, const std::vector<Uint128>& totals) {
  for (size_t i = 0; i < totals.size(); ++i) {
    WriteSingle(file.Segment("m." + std::to_string(i)).getFlop().initTotal(), Flop(totals[i]));
  }
}

BOOST_AUTO_TEST_SUITE(compute_totals)

// R32

BOOST_AUTO_TEST_CASE(refuses_completion_with_other_totals) {
  ComputeFile file;
  file.StateTotals("m.done", 2001, "122000000000", "122000000000");
  CheckOnly(file, "32 totals-mismatch", "has tokens 2001, but its segments add up to 2000");
  file.StateTotals("m.done", 2000, "122000000001", "122000000000");
  CheckOnly(file, "32 totals-mismatch", "has flop.update 122000000001");
  file.StateTotals("m.done", 2000, "122000000000", "121999999999");
  CheckOnly(file, "32 totals-mismatch", "has flop.total 121999999999");
}

BOOST_AUTO_TEST_CASE(refuses_passport_with_other_numbers) {
  ComputeFile file;
  file.StateNumbers("m", "12200000000", "122000000000");
  CheckOnly(file, "32 totals-mismatch", "passport of \"m\"");
  file.StateNumbers("m", "122000000000", "122000000001");
  CheckOnly(file, "32 totals-mismatch", "has flop.cumulative 122000000001");
}

BOOST_AUTO_TEST_CASE(refuses_parents_false_numbers) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.set_root("t");
  Passes(file);
  file.StateNumbers("m", "122000000000", "1");
  CheckOnly(file, "32 totals-mismatch", "passport of \"m\"");
}

BOOST_AUTO_TEST_CASE(reports_overflow_of_a_sum) {
  ComputeFile file;
  SetAllSingle(file, 1);
  for (const char* segment : {"m.0", "m.1"}) {
    WriteSingle(file.Segment(segment).getFlop().initTotal(), Flop(Uint128{1} << 127));
  }
  CheckReason(file, "32 flop-overflow", "flop.total: the arithmetic exceeds 128 bits");
}

// The lie: segments whose sum is too large to be stated, and no sum stated. A term that fits comes
// last.
BOOST_AUTO_TEST_CASE(a_sum_beyond_128_bits_is_refused_where_it_is_not_stated_too) {
  ComputeFile file;
  AddDiscarded(file);
  constexpr uint64_t kLast = 61'000'000'001;  // no less than its update
  SetTotals(file, {Uint128{1} << 127, Uint128{1} << 127, kLast});
  file.StateTotals("m.done", 3000, "183000000000", "1");
  CheckReason(file, "32 flop-overflow", "flop.total: the arithmetic exceeds 128 bits");
  file.StateTotals("m.done", 3000, "183000000000", "");
  file.StateNumbers("m", "122000000000", "");
  CheckReason(file, "32 flop-overflow", "flop.cumulative: the arithmetic exceeds 128 bits");
  file.StateNumbers("m", "122000000000", "1");
  CheckReason(file, "32 flop-overflow", "flop.cumulative: the arithmetic exceeds 128 bits");
  // As much as 128 bits hold; that no device can do it is another matter.
  const Uint128 half = (~Uint128{0} - kLast) / 2;
  SetTotals(file, {half, half, kLast});
  file.StateNumbers("m", "122000000000", "340282366920938463463374607431768211455");
  CheckReason(file, "33 beyond-physics", "claims 1.7e38 FLOP");
}

BOOST_AUTO_TEST_CASE(a_parents_sum_beyond_128_bits_is_refused) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.set_root("t");
  SetTotals(file, {Uint128{1} << 127, Uint128{1} << 127});
  file.StateTotals("m.done", 2000, "122000000000", "");
  file.StateNumbers("m", "122000000000", "");
  CheckReason(file, "32 flop-overflow", "passport of \"m\"");
}

BOOST_AUTO_TEST_CASE(cumulative_follows_the_edges_that_the_passport_names) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.set_root("t");
  file.StateNumbers("t", "61000000000", "183000000000", {EdgeType::FINE_TUNED_FROM});
  const auto outcome = Passes(file);
  BOOST_CHECK_EQUAL(outcome.parameter_update->amount.ToString(), "61000000000");
  BOOST_CHECK_EQUAL(outcome.cumulative->amount.ToString(), "183000000000");
  file.StateNumbers("t", "61000000000", "183000000000", {EdgeType::MERGED_FROM});
  CheckOnly(file, "32 totals-mismatch", "add up to 61000000000");
}

BOOST_AUTO_TEST_CASE(parameter_update_goes_on_through_own_unpublished_models) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m.done"}});
  file.set_root("t");
  file.StateNumbers("t", "183000000000", "61000000000");
  BOOST_CHECK_EQUAL(Passes(file).parameter_update->amount.ToString(), "183000000000");
}

BOOST_AUTO_TEST_CASE(discarded_work_counts_in_cumulative_only) {
  ComputeFile file;
  AddDiscarded(file);
  file.StateTotals("m.done", 3000, "183000000000", "183000000000");
  file.StateNumbers("m", "122000000000", "183000000000");
  const auto outcome = Passes(file);
  BOOST_CHECK_EQUAL(outcome.parameter_update->amount.ToString(), "122000000000");
  BOOST_CHECK_EQUAL(outcome.cumulative->amount.ToString(), "183000000000");
}

// R36

BOOST_AUTO_TEST_CASE(what_is_reached_more_than_once_counts_once) {
  ComputeFile file;
  file.AddTrainedModel("a", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.AddTrainedModel("b", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
  file.AddTrainedModel("t", RunKind::MERGE,
                       {{EdgeType::MERGED_FROM, "a", "a"}, {EdgeType::MERGED_FROM, "b", "b"}});
  file.set_root("t");
  file.StateNumbers("t", "61000000000", "305000000000",
                    {EdgeType::FINE_TUNED_FROM, EdgeType::MERGED_FROM});
  Passes(file);
}

// Without `generator_public` nothing is said about the generator.
void AddSynthetic(ComputeFile& file, std::optional<bool> generator_public, bool stated) {
  file.AddDataset("d");
  auto source = file.Dataset("d").initSources().initItems(1)[0];
  source.setKind(wire::SourceKind::SYNTHETIC);
  if (generator_public) source.initGeneratorPublic().setValue(*generator_public);
  if (stated) {
    WriteSingle(source.initGenerationFlop(), F("1000"));
  } else {
    source.initGenerationFlop().setUndisclosed();
  }
  auto items = file.Run("m.run").initDatasets().initItems(1);
  schemas::SetDigest(items[0].initStatement(), Named<StatementId>("d"));
}

BOOST_AUTO_TEST_CASE(generation_counts_where_the_passport_follows_synthetic_data) {
  ComputeFile file;
  AddSynthetic(file, false, true);
  Passes(file);
  file.StateNumbers("m", "122000000000", "122000001000", {EdgeType::SYNTHETIC_DATA_FROM});
  Passes(file);
}

// The lie: a private generator of which nothing is said.
BOOST_AUTO_TEST_CASE(only_synthetic_data_that_is_stated_to_be_public_can_be_left_out) {
  for (const std::optional<bool> is_public : {std::optional(false), std::optional(true), {}}) {
    ComputeFile file;
    AddSynthetic(file, is_public, true);
    const Statement& start = *file.set().Find(Named<StatementId>("m"));
    auto rule = statements::CumulativeRule({});
    rule.synthetic = statements::Synthetic::kNonPublic;
    BOOST_CHECK_EQUAL(statements::SumAlong(file.set(), start, rule)->amount.ToString(),
                      is_public == true ? "122000000000" : "122000001000");
    rule.synthetic = statements::Synthetic::kAll;
    BOOST_CHECK_EQUAL(statements::SumAlong(file.set(), start, rule)->amount.ToString(),
                      "122000001000");
  }
}

// R37

BOOST_AUTO_TEST_CASE(undisclosed_figure_makes_a_lower_bound) {
  ComputeFile file;
  file.Segment("m.0").getFlop().initTotal().setUndisclosed();
  file.StateTotals("m.done", 2000, "122000000000", "");
  file.StateNumbers("m", "122000000000", "");
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  BOOST_CHECK(outcome.cumulative->lower_bound);
  BOOST_CHECK_EQUAL(outcome.cumulative->amount.ToString(), "61000000000");
  CheckText(outcome, "cumulative at least 6.1e10 along no edge");
  CheckText(outcome, "does not state flop.total");
}

BOOST_AUTO_TEST_CASE(stated_total_is_no_less_than_what_is_disclosed) {
  ComputeFile file;
  file.Segment("m.0").getFlop().disownTotal();
  file.StateNumbers("m", "122000000000", "");
  Passes(file);  // the completion's total may be more
  file.StateTotals("m.done", 2000, "122000000000", "60000000000");
  CheckOnly(file, "32 totals-mismatch", "add up to at least 61000000000");
}

BOOST_AUTO_TEST_CASE(generation_that_is_not_stated_is_a_missing_term) {
  ComputeFile file;
  AddSynthetic(file, false, false);
  BOOST_CHECK(Passes(file).status == RowStatus::kPass);
  file.StateNumbers("m", "122000000000", "", {EdgeType::SYNTHETIC_DATA_FROM});
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  BOOST_CHECK(outcome.cumulative->lower_bound);
}

BOOST_AUTO_TEST_CASE(parent_without_passport_leaves_cumulative_open_and_parameter_update_whole) {
  ComputeFile file;
  SetAllSingle(file, 66'000'000'000);  // of "m", beside it: without tables that nothing shows
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "foreign", ""}});
  file.set_root("t");
  file.StateNumbers("t", "61000000000", "", {EdgeType::FINE_TUNED_FROM});
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  BOOST_CHECK(!outcome.parameter_update->lower_bound);
  BOOST_CHECK(outcome.cumulative->lower_bound);
}

BOOST_AUTO_TEST_CASE(undisclosed_parent_leaves_both_open) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "", "?"}});
  file.set_root("t");
  file.StateNumbers("t", "", "", {EdgeType::FINE_TUNED_FROM});
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.parameter_update->lower_bound);
  BOOST_CHECK(outcome.cumulative->lower_bound);
}

BOOST_AUTO_TEST_CASE(undisclosed_initial_weights_leave_parameter_update_open) {
  ComputeFile file;
  file.Run("m.run").setInitial(wire::InitialWeights::UNDISCLOSED);
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  BOOST_CHECK(outcome.parameter_update->lower_bound);
}

// Work

BOOST_AUTO_TEST_CASE(diamonds_64_deep_count_each_once) {
  ComputeFile file;
  std::string below = "m";
  for (int depth = 0; depth < 64; ++depth) {
    const std::string left = "l" + std::to_string(depth);
    const std::string right = "r" + std::to_string(depth);
    const std::string top = "t" + std::to_string(depth);
    for (const std::string& side : {left, right}) {
      file.AddTrainedModel(side, RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, below, below}});
    }
    file.AddTrainedModel(
        top, RunKind::MERGE,
        {{EdgeType::MERGED_FROM, left, left}, {EdgeType::MERGED_FROM, right, right}});
    below = top;
  }
  file.set_root(below);
  // 2 segments of m, 3 models per level of one segment each: 194 * 6.1e10
  file.StateNumbers(below, "61000000000", "11834000000000",
                    {EdgeType::FINE_TUNED_FROM, EdgeType::MERGED_FROM});
  BOOST_CHECK_EQUAL(Passes(file).cumulative->amount.ToString(), "11834000000000");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
