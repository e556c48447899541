// R35, on the honest file with one change.
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using wire::EdgeType;
using wire::FlopMethod;
using wire::RunKind;

BOOST_AUTO_TEST_SUITE(compute_floor)

BOOST_AUTO_TEST_CASE(refuses_update_below_the_floor) {
  ComputeFile file;
  // Without classes all 11,000,000 parameters count as trained: 6.6e10, of which 0.7 are 4.62e10.
  SetAllSingle(file, 46'200'000'000);
  Passes(file);
  SetAllSingle(file, 46'199'999'999);
  CheckOnly(file, "35 below-floor",
            "claims 4.6e10 FLOP in flop.update, less than 0.7 of the 6.6e10 FLOP that 1000 tokens "
            "take at 6.6e7 FLOP per token");
}

BOOST_AUTO_TEST_CASE(declared_classes_make_the_floor) {
  ComputeFile file;
  // The counter is the figure; the classes beside it ask for 6e10, of which 0.7 are 4.2e10. R34
  // asks for 61e9 - x <= 0.3 x, so x is at least 46,923,076,924: above the floor.
  FigureSpec spec;
  spec.counter = 46'923'076'924;
  SetAll(file, spec);
  for (const char* segment : {"m.0", "m.1"}) {
    for (auto figure : {file.Segment(segment).getFlop().getUpdate(),
                        file.Segment(segment).getFlop().getTotal()}) {
      figure.getStated().setMethod(FlopMethod::COUNTER);
      schemas::SetFlop(figure.getStated().initAmount(), F("46923076924"));
    }
  }
  file.StateTotals("m.done", 2000, "93846153848", "93846153848");
  file.StateNumbers("m", "93846153848", "93846153848");
  Passes(file);
}

BOOST_AUTO_TEST_CASE(refuses_classes_smaller_than_the_model) {
  ComputeFile file;
  FigureSpec spec;
  spec.trained = 9'450'000;  // with the table 10,450,000: 5 % below 11,000,000
  spec.counter = 0;
  SetAll(file, spec);
  Passes(file);
  spec.trained = 9'449'999;
  SetAll(file, spec);
  CheckOnly(file, "35 parameters-understated",
            "has classes of 10449999 parameters, but its model has 11000000 active ones");
}

BOOST_AUTO_TEST_CASE(inputs_lowered_tenfold_are_still_found) {
  ComputeFile file;
  FigureSpec spec;
  spec.trained = 1'000'000;
  spec.lookup = 100'000;
  spec.attention = 100'000;
  spec.counter = 6'600'000'000;
  SetAll(file, spec);
  CheckOnly(file, "35 parameters-understated", "has classes of 1100000 parameters");
}

// Nine experts of 1,000,000 each in one stack, of which a token uses 3.5 / 9: that leaves
// 2,000,000 + 9,000,000 * 3 / 9 = 5,000,000, and the model states a little more.
void GiveExperts(ComputeFile& file) {
  auto& stack = file.model().weight_sets[0].tensors[3];
  stack.name = "blk.0.ffn_up_exps.weight";
  stack.shape = {9, 1000, 1000};
  auto parameters = file.Passport("m").getParameters();
  parameters.initActive().setValue(5'500'000);
  auto experts = parameters.initExperts();
  experts.initCount().setValue(9);
  experts.initActivePerToken().setValue(3);
  experts.initTensors(1).set(0, "blk.*_exps.weight");
}

BOOST_AUTO_TEST_CASE(mixture_of_experts_counts_its_active_parameters) {
  ComputeFile file;
  GiveExperts(file);
  SetAllSingle(file, 23'100'000'000);  // 0.7 * 6 * 5.5e6 * 1000
  Passes(file);
  SetAllSingle(file, 23'099'999'999);
  CheckOnly(file, "35 below-floor", "less than 0.7 of the 3.3e10 FLOP");
}

BOOST_AUTO_TEST_CASE(experts_per_token_are_no_fewer_than_the_configuration_has) {
  using artifact::ModelConfig;
  constexpr const char* kOpen = "parameters.experts.active_per_token";
  ComputeFile file;
  GiveExperts(file);
  SetAllSingle(file, 23'100'000'000);
  auto& config = file.model().weight_sets[0].config;
  for (const auto& says_nothing :
       {std::optional<ModelConfig>(), std::optional(ModelConfig{"mixtral", false, {}}),
        std::optional(ModelConfig{"mixtral", true, {{"num_experts_per_tok", 3}}}),
        std::optional(ModelConfig{"unlisted", false, {{"num_experts_per_tok", 3}}}),
        std::optional(ModelConfig{"llama4", false, {{"num_experts_per_tok", 3}}})}) {
    config = says_nothing;
    CheckText(Passes(file), kOpen);
  }
  for (const auto& says : {ModelConfig{"mixtral", false, {{"num_experts_per_tok", 3}}},
                           ModelConfig{"mixtral", false, {{"num_experts_per_tok", 2}}},
                           ModelConfig{"dbrx", false, {{"ffn_config.moe_top_k", 3}}}}) {
    config = says;
    const auto outcome = Passes(file);
    BOOST_CHECK_MESSAGE(outcome.text.find(kOpen) == std::string::npos, outcome.text);
  }
  config->numbers["ffn_config.moe_top_k"] = 4;
  CheckOnly(file, "35 parameters-understated",
            "states parameters.experts.active_per_token 3, but the configuration of "
            "model.safetensors has 4");
  file.model().weight_sets[0].name = "model.gguf";
  config = ModelConfig{"qwen3moe", false, {{"expert_used_count", 4}}};
  CheckOnly(file, "35 parameters-understated", "the configuration of model.gguf has 4");
}

// The cheapest lie: a copy in another precision beside the model, with a configuration of its own.
BOOST_AUTO_TEST_CASE(a_copy_of_the_experts_does_not_speak_for_them) {
  using artifact::ModelConfig;
  ComputeFile file;
  GiveExperts(file);
  SetAllSingle(file, 23'100'000'000);
  auto& sets = file.model().weight_sets;
  sets[0].config = ModelConfig{"mixtral", false, {{"num_experts_per_tok", 4}}};
  auto copy = sets[0];
  copy.name = "a/model.safetensors";
  copy.config = ModelConfig{"mixtral", false, {{"num_experts_per_tok", 1}}};
  for (auto& tensor : copy.tensors) tensor.dtype = "F8_E4M3";
  sets.insert(sets.begin(), copy);
  CheckOnly(file, "35 parameters-understated",
            "per_token 3, but the configuration of model.safetensors has 4");
  sets[1].config.reset();
  CheckText(Passes(file), "parameters.experts.active_per_token");
}

BOOST_AUTO_TEST_CASE(an_adapters_files_are_no_model_by_themselves) {
  ComputeFile file;
  file.model().adapter = artifact::Adapter{"model.safetensors", 400'000, 1, {}};
  CheckText(Passes(file), "the files adapt matrices of another model");
}

// The adapter "t" of 100,000 parameters on "m".
ComputeFile Adapter() {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "m", "m"}});
  file.set_root("t");
  file.Passport("t").getParameters().getTotal().setValue(100'000);
  CountElements(file, 0, 100'000);
  return file;
}

BOOST_AUTO_TEST_CASE(adapters_frozen_base_comes_from_its_passport) {
  ComputeFile file = Adapter();
  // (6 * 100,000 + 4 * 11,000,000) * 1,000 = 4.46e10, of which 0.7 are 3.122e10
  SetFlopOfT(file, "31220000000");
  Passes(file);
  SetFlopOfT(file, "31219999999");
  CheckOnly(file, "35 below-floor", "less than 0.7 of the 4.5e10 FLOP");
}

BOOST_AUTO_TEST_CASE(a_base_has_at_least_the_matrices_that_its_adapter_adapts) {
  ComputeFile file = Adapter();
  file.model().adapter = artifact::Adapter{"model.safetensors", 11'578'947, 1, {}};
  Passes(file);
  file.model().adapter->least_base_parameters = 11'578'948;
  CheckOnly(file, "35 parameters-understated",
            "is an adapter on a model of 11000000 parameters, but adapts matrices of 11578948");
  file.model().adapter->pairs = 0;
  CheckText(Passes(file), "the adapter does not show what it adapts");
}

BOOST_AUTO_TEST_CASE(refuses_adapter_whose_classes_leave_out_the_base) {
  ComputeFile file = Adapter();
  FigureSpec spec;
  spec.trained = 100'000;
  spec.lookup = 0;
  spec.counter = 0;
  WriteFigure(file.Segment("t.0").getFlop().initUpdate(), spec);
  WriteFigure(file.Segment("t.0").getFlop().initTotal(), spec);
  file.StateTotals("t.done", 1000, "1600000000", "1600000000");
  file.StateNumbers("t", "1600000000", "1600000000");
  CheckOnly(file, "35 parameters-understated",
            "has classes of 100000 parameters, but its model and the model's base have 11100000");
}

// Of a base without a passport the adapter's own files show the matrices that it adapts.
BOOST_AUTO_TEST_CASE(an_unknown_base_is_not_left_out) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::ADAPTER, {{EdgeType::ADAPTER_ON, "m", ""}});
  file.set_root("t");
  file.Passport("t").getParameters().getTotal().setValue(100'000);
  CountElements(file, 0, 100'000);
  file.model().adapter = artifact::Adapter{"model.safetensors", 400'000, 1, {}};
  // (6 * 100,000 + 4 * 400,000) * 1,000 = 2.2e9, of which 0.7 are 1.54e9
  SetFlopOfT(file, "1540000000");
  Passes(file);
  SetFlopOfT(file, "1539999999");
  CheckReason(file, "35 below-floor", "less than 0.7 of the 2.2e9 FLOP");
  FigureSpec spec;
  spec.trained = 100'000;
  spec.lookup = 0;
  spec.attention = 3'000'000;
  spec.counter = 0;
  for (auto figure :
       {file.Segment("t.0").getFlop().initUpdate(), file.Segment("t.0").getFlop().initTotal()}) {
    WriteFigure(figure, spec);
  }
  file.StateTotals("t.done", 1000, "3600000000", "3600000000");
  file.StateNumbers("t", "3600000000", "3600000000");
  CheckReason(
      file, "35 parameters-understated",
      "has classes of 100000 parameters, but its model and the matrices that it adapts have "
      "500000 active ones");
}

BOOST_AUTO_TEST_CASE(undisclosed_tokens_leave_the_floor_open) {
  ComputeFile file;
  SetAllSingle(file, 1);
  for (const char* segment : {"m.0", "m.1"}) file.Segment(segment).initTokens().setUndisclosed();
  file.Completion("m.done").initTokens().setUndisclosed();
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  CheckText(outcome, "does not state tokens");
}

BOOST_AUTO_TEST_CASE(undisclosed_parameters_leave_the_floor_open) {
  ComputeFile file;
  file.Passport("m").getParameters().initTotal().setUndisclosed();
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUndisclosed);
  CheckText(outcome, "the model's parameters");
}

BOOST_AUTO_TEST_CASE(reports_overflow_of_a_floor) {
  ComputeFile file;
  SetAllSingle(file, 1);
  file.Segment("m.0").getTokens().setValue(~uint64_t{0} - 1000);
  file.StateTotals("m.done", ~uint64_t{0}, "2", "2");
  file.Passport("m").getParameters().getTotal().setValue(~uint64_t{0});
  file.model().weight_sets.clear();
  CheckReason(file, "35 flop-overflow", "flop.update: the arithmetic exceeds 128 bits");
}

struct BadLookup {
  const char* name;
  void (*change)(ComputeFile&);
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const BadLookup& each) { return out << each.name; }

void NameTable(ComputeFile& file, const std::vector<std::string>& names) {
  NameTables(UpdateOf(file, "m.0").getMethods()[0].getClasses()[1], names);
}

wire::LookupTable::Builder TableOf(ComputeFile& file) {
  return UpdateOf(file, "m.0").getMethods()[0].getClasses()[1].getTables()[0];
}

const std::vector<BadLookup> kBadLookups = {
    {"not_in_the_files", [](ComputeFile& file) { NameTable(file, {"wte"}); },
     "lookup table wte, which is not a two-dimensional tensor of the weight files"},
    {"one_dimensional", [](ComputeFile& file) { NameTable(file, {"emb.bias"}); },
     "lookup table emb.bias, which is not a two-dimensional tensor"},
    {"named_more_than_once",
     [](ComputeFile& file) {
       NameTable(file, {"emb", "emb"});
     },
     "lookup table emb, which appears more than once"},
    {"of_another_shape",
     [](ComputeFile& file) {
       file.model().weight_sets[0].tensors[0].shape = {1000, 999};
     },
     "lookup table emb, which has another shape in the weight files"},
    {"of_an_unknown_role", [](ComputeFile& file) { TableOf(file).setRole("matrix"); },
     "lookup table emb: unknown role matrix"},
    {"smaller_than_stated", [](ComputeFile& file) { TableOf(file).getRows().setValue(999); },
     "lookup table emb, which has another shape in the weight files"},
    {"two_of_one_role",
     [](ComputeFile& file) {
       NameTable(file, {"emb", "wte"});
     },
     "lookup table wte: a second table of role token"},
    {"named_as_something_else", [](ComputeFile& file) { NameTable(file, {"w"}); },
     "lookup table w, which is not named as a table"},
};

BOOST_DATA_TEST_CASE(refuses_lookup_table_that_the_header_does_not_show,
                     boost::unit_test::data::make(kBadLookups)) {
  ComputeFile file;
  sample.change(file);
  CheckOnly(file, "35 parameters-understated", sample.message);
}

BOOST_AUTO_TEST_CASE(converted_files_name_their_tables_as_they_like) {
  ComputeFile file;
  NameTable(file, {"wte"});
  file.Completion("m.done").initConverted().setTool("export");
  Passes(file);
}

BOOST_AUTO_TEST_CASE(opaque_files_show_no_tables) {
  ComputeFile file;
  NameTable(file, {"wte"});
  file.model().weight_sets.clear();
  Passes(file);
}

BOOST_AUTO_TEST_CASE(merge_without_training_has_no_floor) {
  ComputeFile file;
  file.AddTrainedModel("t", RunKind::MERGE,
                       {{EdgeType::MERGED_FROM, "m", "m"}, {EdgeType::MERGED_FROM, "x", ""}});
  file.set_root("t");
  SetFlopOfT(file, "0");
  Passes(file);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
