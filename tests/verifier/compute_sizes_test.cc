// R35: what is stated of models' sizes, against the files and along a lineage, and what a lineage
// hides of them: each lie beside its honest neighbour.
#include <fmt/core.h>

#include <tuple>

#include "crypto/sha256.h"
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::EdgeType;
using wire::RunKind;

void CheckMarked(const ComputeFile& file, const std::string& text) {
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUnattested);
  BOOST_CHECK(outcome.lower_bound);
  CheckText(outcome, text);
}

void CheckUnmarked(const ComputeFile& file) {
  const auto outcome = Passes(file);
  BOOST_CHECK_MESSAGE(outcome.status == RowStatus::kPass, outcome.text);
  BOOST_CHECK(!outcome.lower_bound);
}

void StateTotal(ComputeFile& file, const std::string& passport, uint64_t parameters) {
  file.Passport(passport).getParameters().getTotal().setValue(parameters);
}

// "t", fine-tuned from the first segment of a run of so many lanes, which was never completed.
ComputeFile TunedFromSegment(uint64_t lanes) {
  ComputeFile file;
  file.AddRun("p.run", RunKind::PRE_TRAINING, {}, {}, lanes);
  file.AddSegment("p.0", "p.run", {});
  file.AddCpu("p.cpu", "tpm:ek:p");
  file.Equip("p.0", {}, "p.cpu");
  file.AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "p.0", "p.0"}});
  file.StateNumbers("t", "122000000000", "61000000000");
  file.set_root("t");
  return file;
}

// "t", fine-tuned from lane 0 of the run of "p", whose completion an edge of this type leads to.
ComputeFile TunedFromLane(uint64_t lanes, EdgeType to_completion) {
  ComputeFile file;
  SetAllSingle(file, 66'000'000'000);  // of "m", which "t" has nothing to do with
  file.AddRun("p.run", RunKind::PRE_TRAINING, {}, {}, lanes);
  std::vector<std::string> last;
  for (uint64_t lane = 0; lane < lanes; ++lane) {
    last.push_back("p." + std::to_string(lane));
    const std::string cpu = "p.cpu" + std::to_string(lane);
    file.AddSegment(last.back(), "p.run", {.lane = lane});
    file.AddCpu(cpu, "tpm:ek:" + cpu);
    file.Equip(last.back(), {}, cpu);
  }
  file.AddCompletion("p.done", "p.run", last, std::vector<uint64_t>(lanes, 1), "p.0");
  const Flop sum(61'000'000'000 * lanes);
  file.StateTotals("p.done", 1000 * lanes, sum.ToString(), sum.ToString());
  file.AddTrainedModel(
      "t", RunKind::FINE_TUNE,
      {{EdgeType::FINE_TUNED_FROM, "p.0", "p.0"}, {to_completion, "p.0", "p.done"}});
  const bool counted = to_completion == EdgeType::MERGED_FROM;
  const Flop all(61'000'000'000 * (counted ? lanes + 1 : 2));
  file.StateNumbers("t", all.ToString(), "61000000000");
  file.set_root("t");
  return file;
}

// "t", trained from a merge of "m" and another; the merge has no segments and no passport. What
// trained is stated by a counter alone: after a merge no table is shown by its name.
ComputeFile TrainedFromMerge() {
  ComputeFile file;
  file.AddTrainedModel("a", RunKind::PRE_TRAINING, {});
  file.AddRun("x.run", RunKind::MERGE,
              {{EdgeType::MERGED_FROM, "a", "a"}, {EdgeType::MERGED_FROM, "m", "m"}});
  file.AddCompletion("x.done", "x.run", {}, {}, "x");
  file.AddTrainedModel("t", RunKind::PRE_TRAINING, {{EdgeType::INITIALISED_FROM, "x", "x.done"}});
  file.set_root("t");
  SetAllSingle(file, 66'000'000'000);
  for (const char* segment : {"a.0", "t.0"}) {
    for (auto figure : {file.Segment(segment).getFlop().initUpdate(),
                        file.Segment(segment).getFlop().initTotal()}) {
      WriteSingle(figure, F("66000000000"));
    }
  }
  for (const char* name : {"a", "t"}) {
    file.StateTotals(std::string(name) + ".done", 1000, "66000000000", "66000000000");
    file.StateNumbers(name, "66000000000", "66000000000");
  }
  return file;
}

// "t" of the files' 11,000,000 parameters, from "p", from "m".
ComputeFile TwiceInitialised(uint64_t p, uint64_t m) {
  ComputeFile file;
  file.AddTrainedModel("p", RunKind::PRE_TRAINING, {{EdgeType::INITIALISED_FROM, "m", "m"}});
  file.AddTrainedModel("t", RunKind::PRE_TRAINING, {{EdgeType::INITIALISED_FROM, "p", "p"}});
  file.set_root("t");
  StateTotal(file, "p", p);
  StateTotal(file, "m", m);
  return file;
}

// "a", an adapter on "m", or "x", one on that.
ComputeFile Adapters(const std::string& root) {
  ComputeFile file;
  file.AddTrainedModel("a", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "m", "m"}});
  if (root == "x") {
    file.AddTrainedModel("x", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "a", "a"}});
    StateTotal(file, "x", 100'000);
  }
  StateTotal(file, "a", 100'000);
  CountElements(file, 0, 100'000);
  file.model().adapter = artifact::Adapter{"model.safetensors", 50'000, 1, {}};
  file.set_root(root);
  return file;
}

// Adds the network of the files once more, with other values in this precision.
void AddCopy(ComputeFile& file, const std::string& dtype) {
  auto& sets = file.model().weight_sets;
  auto copy = sets[0];
  copy.name = "copy" + std::to_string(sets.size()) + ".safetensors";
  for (auto& tensor : copy.tensors) tensor.dtype = dtype;
  sets.push_back(copy);
}

BOOST_AUTO_TEST_SUITE(compute_sizes)

BOOST_AUTO_TEST_CASE(total_parameters_are_within_5_percent_of_the_weight_header) {
  ComputeFile file;
  CountElements(file, 0, 10'476'191);  // 11,000,000 is 5 % more
  Passes(file);
  CountElements(file, 0, 11'578'947);  // 11,000,000 is 5 % less
  Passes(file);
  CountElements(file, 0, 11'578'948);
  CheckOnly(file, "35 parameters-understated",
            "states parameters.total 11000000, but model.safetensors has 11578948 (elements)");
}

BOOST_AUTO_TEST_CASE(five_percent_are_allowed_exactly) {
  ComputeFile file;
  CountElements(file, 0, 10'000'000);
  file.Passport("m").getParameters().getTotal().setValue(10'500'000);
  Passes(file);
  file.Passport("m").getParameters().getTotal().setValue(10'500'001);
  CheckOnly(file, "35 parameters-understated", "states parameters.total 10500001");
}

BOOST_AUTO_TEST_CASE(a_small_weight_set_does_not_stand_for_the_model) {
  ComputeFile file;
  file.model().weight_sets.push_back(file.model().weight_sets[0]);
  file.model().weight_sets[1].name = "other.safetensors";
  file.model().weight_sets[1].tensors[0].name = "another";
  CountElements(file, 1, 110'000'000);
  CheckOnly(file, "35 parameters-understated", "other.safetensors has 110000000 (elements)");
}

// As of a packed format whose width of values no header tells.
BOOST_AUTO_TEST_CASE(a_range_of_parameters_bounds_the_total_from_both_sides) {
  for (const auto& [least, most, refused] : {std::tuple{11'000'000u, 44'000'000u, false},
                                             {2'750'000u, 11'000'000u, false},
                                             {2'619'048u, 10'476'190u, true},
                                             {11'578'948u, 44'000'000u, true}}) {
    ComputeFile file;
    file.model().weight_sets[0].parameters = {least, most, "packed"};
    if (refused) {
      CheckOnly(file, "35 parameters-understated",
                fmt::format("but model.safetensors has {} to {} (packed)", least, most));
    } else {
      CheckText(Passes(file), fmt::format("tells only that there are {} to {}", least, most));
    }
  }
}

BOOST_AUTO_TEST_CASE(weights_that_cannot_be_read_are_bounded_by_their_bytes) {
  ComputeFile file;
  file.model().weight_sets.clear();
  file.model().unread_weights = {{"model.h5", 176'000'015, "HDF5 is not read"}};
  CheckText(Passes(file), "model.h5 is not counted: HDF5 is not read");
  file.model().unread_weights[0].bytes = 176'000'016;
  CheckOnly(file, "35 parameters-understated", "176000016 bytes: at least 11000001 parameters");
}

// At a bit each, 68,750 bytes hold 5 % of 11,000,000 parameters.
BOOST_AUTO_TEST_CASE(weights_that_cannot_matter_are_left_aside) {
  ComputeFile file;
  file.model().unread_weights = {{"a.bin", 60'000, "executable pickle: calls a.A"},
                                 {"training_args.bin", 8'750, "executable pickle: calls b.B"}};
  const auto outcome = Passes(file);
  BOOST_CHECK_MESSAGE(outcome.text.find("not counted") == std::string::npos, outcome.text);
  BOOST_CHECK(!outcome.lower_bound);
  ++file.model().unread_weights[1].bytes;
  CheckText(Passes(file), "a.bin is not counted");
}

BOOST_AUTO_TEST_CASE(several_networks_may_be_counted_together) {
  ComputeFile file;
  file.model().weight_sets.push_back(file.model().weight_sets[0]);
  file.model().weight_sets[1].tensors[0].name = "another";
  CountElements(file, 0, 6'000'000);
  CountElements(file, 1, 5'000'000);
  Passes(file);
}

BOOST_AUTO_TEST_CASE(a_text_file_may_be_too_large_for_text) {
  ComputeFile file;
  file.model().files.push_back({"weights.txt", 32 << 20, crypto::Sha256Of("")});
  file.model().total_bytes = 33 << 20;
  BOOST_CHECK(!Passes(file).lower_bound);
  ++file.model().files.back().bytes;
  CheckText(Passes(file), "weights.txt has 33554433 bytes of an unknown kind");
}

BOOST_AUTO_TEST_CASE(a_parent_known_by_one_lane_of_several_is_marked) {
  BOOST_CHECK(Passes(TunedFromSegment(1)).text.find("enclose") == std::string::npos);
  CheckMarked(TunedFromSegment(4), "has 4 lanes, and the passport encloses no completion of it");
  CheckText(Passes(TunedFromSegment(4)), "may have segments that the sum does not come by");
}

// Of each lane there is a segment; how many more there were, only a completion says.
BOOST_AUTO_TEST_CASE(nor_is_a_parent_known_by_a_part_of_each_lane) {
  ComputeFile file = TunedFromSegment(2);
  file.AddSegment("p.1", "p.run", {.lane = 1});
  file.AddCpu("p.cpu1", "tpm:ek:p1");
  file.Equip("p.1", {}, "p.cpu1");
  CheckMarked(file, "has 2 lanes, and the passport encloses no completion of it");
}

// The lie: the completion is in the file as a teacher's, along an edge that no sum of weights
// follows, and the other lanes with it.
BOOST_AUTO_TEST_CASE(lanes_are_shown_by_an_edge_that_the_sum_follows) {
  CheckUnmarked(TunedFromLane(1, EdgeType::DISTILLED_FROM));
  CheckUnmarked(TunedFromLane(2, EdgeType::MERGED_FROM));
  const ComputeFile lie = TunedFromLane(2, EdgeType::DISTILLED_FROM);
  CheckMarked(lie, "has 2 lanes, and a sum comes by only a part of its segments");
  const auto bounds = lie.Bounds();
  BOOST_CHECK(bounds.IsLowerBound());
  CheckText(Passes(lie), "may have segments that the sum does not come by");
}

// "t", of a kind that trains, from "m": so many tokens, and no FLOP where there are none.
ComputeFile WithTokens(RunKind kind, EdgeType edge, uint64_t tokens) {
  ComputeFile file;
  file.AddTrainedModel("t", kind, {{edge, "m", "m"}});
  file.Equip("t.0", {.tokens = tokens, .counter = tokens * 66'000'000}, "t.cpu");
  const std::string flop = Flop(tokens * 61'000'000).ToString();
  file.StateTotals("t.done", tokens, flop, flop);
  file.StateNumbers("t", flop, flop);
  file.set_root("t");
  return file;
}

// The lie: a run of no tokens, and another model at its end.
BOOST_AUTO_TEST_CASE(a_run_without_work_leads_to_no_other_model) {
  const std::string text = "states no work, but leads to a model that it did not start from";
  for (const auto& [kind, edge] : {std::pair{RunKind::FINE_TUNE, EdgeType::FINE_TUNED_FROM},
                                   {RunKind::ABLATION, EdgeType::ABLATED_FROM},
                                   {RunKind::PRE_TRAINING, EdgeType::INITIALISED_FROM}}) {
    CheckUnmarked(WithTokens(kind, edge, 1));
    ComputeFile file = WithTokens(kind, edge, 0);
    CheckMarked(file, text);
    CheckText(Passes(file), "may be training by another name");
    schemas::SetDigest(file.Completion("t.done").initModel(), Named<ModelDigest>("m"));
    CheckUnmarked(file);
  }
}

BOOST_AUTO_TEST_CASE(a_converted_model_has_no_upper_bound_unless_its_files_show_why) {
  const std::string lifted = "upper bound unknown: the conversion of completion";
  ComputeFile file;
  BOOST_CHECK(Passes(file).text.find(lifted) == std::string::npos);
  file.Completion("m.done").initConverted();
  file.Completion("m.done").initTensorRoots(0);
  CheckText(Passes(file), lifted);
  file.model().weight_sets[0].packed = true;
  for (auto& tensor : file.model().weight_sets[0].tensors) {
    tensor.dtype = "Q4_K";
    tensor.packed = true;
  }
  BOOST_CHECK(Passes(file).text.find(lifted) == std::string::npos);
}

BOOST_AUTO_TEST_CASE(a_merge_does_not_hide_the_size_of_its_parts) {
  ComputeFile file = TrainedFromMerge();
  CheckMarked(file, ": the size of its model is not stated");
  file.Completion("x.done").initParameters().initTotal().setUndisclosed();
  CheckMarked(file, ": the size of its model is not stated");
  file.Completion("x.done").initParameters().initTotal().setValue(11'000'000);
  CheckUnmarked(file);
}

BOOST_AUTO_TEST_CASE(active_parameters_of_a_merge_are_a_word) {
  ComputeFile file = TrainedFromMerge();
  auto parameters = file.Completion("x.done").initParameters();
  parameters.initTotal().setValue(11'000'000);
  parameters.initActive().setValue(2'750'000);
  CheckMarked(file, ": active parameters of a model that is not at hand");
}

BOOST_AUTO_TEST_CASE(an_adapter_on_an_adapter_is_marked) {
  const std::string text = "is an adapter on another adapter";
  BOOST_CHECK(Passes(Adapters("a")).text.find(text) == std::string::npos);
  const auto outcome = Passes(Adapters("x"));
  BOOST_CHECK(outcome.lower_bound);
  CheckText(outcome, text);
}

BOOST_AUTO_TEST_CASE(sizes_do_not_drift_unnoticed) {
  CheckUnmarked(TwiceInitialised(10'500'000, 10'500'000));
  CheckMarked(TwiceInitialised(10'500'000, 10'000'000),
              ": its parent's size has drifted from that of the files");
}

BOOST_AUTO_TEST_CASE(other_networks_are_not_precisions_of_one) {
  ComputeFile file;
  AddCopy(file, "BF16");
  CheckUnmarked(file);
  AddCopy(file, "BF16");
  CheckMarked(file, "of several weight sets only the largest is counted");
}

BOOST_AUTO_TEST_CASE(a_network_has_three_precisions_at_most) {
  ComputeFile file;
  for (const char* dtype : {"BF16", "F16"}) AddCopy(file, dtype);
  CheckUnmarked(file);
  AddCopy(file, "F64");
  CheckMarked(file, "of several weight sets only the largest is counted");
}

BOOST_AUTO_TEST_CASE(weights_are_not_hidden_in_many_small_files) {
  ComputeFile file;
  file.model().total_bytes = 1'000;
  for (int i = 0; i < 9; ++i) {
    file.model().files.push_back({std::to_string(i) + ".dat", 27, crypto::Sha256Of("")});
  }
  CheckUnmarked(file);
  file.model().files.back().bytes = 34;  // 250 in all
  CheckMarked(file, "8.dat has 34 bytes of an unknown kind and 8 more");
}

BOOST_AUTO_TEST_CASE(nor_in_many_text_files) {
  ComputeFile file;
  file.model().total_bytes = 33 << 20;
  for (const char* name : {"a.json", "b.txt"}) {
    file.model().files.push_back({name, 16 << 20, crypto::Sha256Of("")});
  }
  CheckUnmarked(file);
  ++file.model().files.back().bytes;
  CheckMarked(file, "b.txt has 16777217 bytes of an unknown kind and 1 more");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
