// R35: what a passport states of the size of its models, held against the weight files and against
// itself along the lineage.
#include "tests/passport/attack.h"
#include "tests/support/memory_model.h"
#include "tests/support/test.h"

namespace carnet::test {
namespace {

namespace data = boost::unit_test::data;

using drafts::Class;
using drafts::Table;

// By the architecture alone, with these classes of parameters.
std::string FigureOf(uint64_t parameters, const drafts::Texts& classes, const std::string& amount) {
  const drafts::ArchitectureTerms terms{
      .result = amount, .parameters = parameters, .classes_json = classes};
  return drafts::Stated(amount, "architecture", {drafts::Architecture(terms)});
}

// Half of a model of 1,000,000 parameters called a lookup table of 5,000 x 100.
std::string TableFigure(const std::string& tensor, const std::string& role) {
  const std::string table = Class("lookup", 500'000, {Table(tensor, role, 5000, 100)});
  return FigureOf(1'000'000, {Class("trained", 500'000), table}, "3000000000000");
}

void SetFlop(World& w, const std::string& segment, const std::string& figure) {
  w.Set(segment, "/flop", SegmentFlop(figure));
}

void SetFlopOfBoth(World& w, const std::string& model, const std::string& figure) {
  SetFlop(w, model + ".0", figure);
  SetFlop(w, model + ".1", figure);
}

// A model of 1,000,000 parameters in these tensors.
void GiveModel(World& w, const std::string& name, std::vector<Shape> tensors) {
  w.models.insert_or_assign(name, MakeModelOf(name, std::move(tensors)));
  w.given = w.models.at(name);
}

// A vocabulary of 4,000, looked up in one matrix and put out by another.
void GiveTableAndHead(World& w) {
  GiveModel(w, "chat",
            {{"embed.weight", {4000, 100}},
             {"layers.weight", {200, 1000}},
             {"lm_head.weight", {4000, 100}}});
}

const char* const kExperts = R"({"count":8,"active_per_token":2,"tensors":[)";

std::string Experts(const std::string& pattern) { return kExperts + Quoted(pattern) + "]}"; }

// Eight experts in each of two layers, 100,000 parameters outside them.
std::vector<Shape> Mixture() {
  std::vector<Shape> tensors = {{"router.weight", {100, 1000}}};
  for (int expert = 0; expert < 8; ++expert) {
    for (int layer = 0; layer < 2; ++layer) {
      tensors.push_back(
          {"layers." + std::to_string(layer) + ".experts." + std::to_string(expert) + ".w.weight",
           {56'250}});
    }
  }
  return tensors;
}

// Two of eight experts: 100,000 + 900,000 / 4.
constexpr uint64_t kLeastActive = 325'000;

void MakeMixture(World& w, uint64_t active, const std::string& pattern) {
  GiveModel(w, "chat", Mixture());
  w.Set("chat", "/parameters/active", std::to_string(active));
  w.Set("chat", "/parameters/experts", Experts(pattern));
}

constexpr const char* kMixturePattern = "layers.*.experts.{expert}.w.weight";

void GiveLastRun(World& w, const std::string& kind, const std::string& edge) {
  w.Set("chat.run", "/kind", Quoted(kind));
  w.Set("chat.run", "/inputs/0/type", Quoted(edge));
}

// A second part of a merge: the same parent by its completion.
void AddPart(World& w) {
  w.Set("chat.run", "/inputs",
        "[" + Edge("merged-from", "base", "base") + "," + Edge("merged-from", "base", "base.done") +
            "]");
}

// Nine tenths frozen under training by statement, with what shows it.
void FreezeLayers(World& w, const std::string& kept, const std::string& leaves_of) {
  w.models.insert_or_assign("chat", MakeTunedModel("chat", "base", kept));
  w.given = w.models.at("chat");
  w.Set("chat", "/parent_tensors", Quoted("@leaves:" + leaves_of));
  SetFlopOfBoth(w, "chat",
                FigureOf(1'000'000,
                         {Class("trained", 100'000),
                          Class("frozen-under-training", 900'000, {}, {"layers.*"})},
                         "4200000000000"));
}

}  // namespace

const std::vector<Attack>& SizeAttacks() {
  using R = RejectReason;
  static const std::vector<Attack> attacks = {
      {"one_active_parameter_without_experts", 3, R::kBadField,
       "predicate.parameters.experts: required where active is below total",
       [](World& w) {
         w.At("chat").edit_payload = Replacing(R"("parameters":{"total":1000000})",
                                               R"("parameters":{"total":1000000,"active":1})");
       }},
      {"one_active_parameter_of_layers_called_experts", 35, R::kParametersUnderstated,
       "pattern layers.{expert}.* numbers something other than experts",
       [](World& w) { MakeMixture(w, 1, "layers.{expert}.*"); }},
      {"fewer_active_parameters_than_its_experts_have", 35, R::kParametersUnderstated,
       "of which a token uses 2 in 8: 325000",
       [](World& w) { MakeMixture(w, kLeastActive * 19 / 20 - 1, kMixturePattern); }},
      {"fewer_experts_per_token_than_the_configuration_has", 35, R::kParametersUnderstated,
       "states parameters.experts.active_per_token 2, but the configuration",
       [](World& w) {
         MakeMixture(w, kLeastActive, kMixturePattern);
         w.given->weight_sets.front().config =
             artifact::ModelConfig{"mixtral", false, {{"num_experts_per_tok", 4}}};
       }},
      {"experts_that_are_not_in_the_files", 35, R::kParametersUnderstated, "matches no tensor",
       [](World& w) { MakeMixture(w, kLeastActive, "layers.*.experts.{expert}.v.weight"); }},
      {"more_experts_than_the_files_have", 35, R::kParametersUnderstated,
       "matches 8 experts up to number 7, not 64 from 0",
       [](World& w) {
         MakeMixture(w, 128'125, kMixturePattern);
         w.Set("chat", "/parameters/experts/count", "64");
       }},
      {"a_dense_matrix_called_a_stack_of_experts", 35, R::kParametersUnderstated,
       "tensor layers.weight is not a stack of 8 experts",
       [](World& w) {
         w.Set("chat", "/parameters/active", "250000");
         w.Set("chat", "/parameters/experts", Experts("layers.weight"));
       }},
      {"every_matrix_called_a_lookup_table", 35, R::kParametersUnderstated,
       "lookup table layers.weight, which is not named as a table",
       [](World& w) {
         SetFlopOfBoth(w, "chat",
                       FigureOf(1'000'000,
                                {Class("lookup", 1'000'000,
                                       {Table("embed.weight", "token", 1000, 100),
                                        Table("layers.weight", "position", 900, 1000)})},
                                "0"));
       }},
      {"a_large_table_that_the_output_layer_shares", 35, R::kBelowFloor,
       "embed.weight, which the output layer shares",
       [](World& w) {
         GiveModel(w, "chat", {{"embed.weight", {5000, 100}}, {"layers.weight", {500, 1000}}});
         SetFlopOfBoth(
             w, "chat",
             FigureOf(1'000'000,
                      {Class("trained", 500'000),
                       Class("lookup", 500'000, {Table("embed.weight", "token", 5000, 100)})},
                      "3000000000000"));
       }},
      {"a_shared_table_called_one_of_images", 35, R::kBelowFloor,
       "embed.weight, which the output layer shares",
       [](World& w) {
         GiveModel(w, "chat", {{"embed.weight", {5000, 100}}, {"layers.weight", {500, 1000}}});
         SetFlopOfBoth(w, "chat", TableFigure("embed.weight", "image-token"));
       }},
      {"an_output_layer_called_a_table", 35, R::kParametersUnderstated,
       "lookup table embed_out.weight, which is not named as a table",
       [](World& w) {
         GiveModel(w, "chat", {{"embed_out.weight", {5000, 100}}, {"layers.weight", {500, 1000}}});
         SetFlopOfBoth(w, "chat", TableFigure("embed_out.weight", "token"));
       }},
      {"a_parent_with_a_table_that_is_not_there", 35, R::kBelowFloor,
       "no.such.emb, which is not a two-dimensional tensor of the weight files",
       [](World& w) {
         SetFlopOfBoth(
             w, "base",
             FigureOf(1'000'000,
                      {Class("trained", 500'000),
                       Class("lookup", 500'000, {Table("no.such.emb", "token", 5000, 100)})},
                      "3000000000000"));
       }},
      {"an_unpublished_parent_of_one_parameter", 35, R::kParametersUnderstated,
       "leads to a model of 1000000 parameters, but is fine-tuned-from one of 1",
       [](World& w) {
         w.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
         w.At("base").enclosed = false;
         w.Set("base.done", "/parameters", R"({"total":1})");
         SetFlopOfBoth(w, "base", FigureOf(1, {Class("trained", 1)}, "6000000"));
       }},
      {"an_enclosed_parent_of_no_parameters", 35, R::kParametersUnderstated,
       "is fine-tuned-from one of 0",
       [](World& w) {
         w.Set("base", "/parameters/total", "0");
         SetFlopOfBoth(w, "base", FigureOf(0, {Class("trained", 0)}, "0"));
       }},
      {"a_passport_of_other_parameters_than_its_completion", 35, R::kParametersUnderstated,
       "states other parameters than completion",
       [](World& w) { w.Set("chat.done", "/parameters", R"({"total":1000001})"); }},
      {"pre_training_that_only_runs_forward", 35, R::kBelowFloor,
       "parameters stated as frozen in a run from random weights",
       [](World& w) {
         SetFlopOfBoth(
             w, "base",
             FigureOf(1'000'000, {Class("forward-only", 1'000'000, {}, {"layers.weight"})},
                      "2000000000000"));
       }},
      {"frozen_parameters_that_nothing_names", 35, R::kBelowFloor,
       "frozen parameters without tensors of that size",
       [](World& w) {
         SetFlopOfBoth(w, "chat",
                       FigureOf(1'000'000, {Class("forward-only", 1'000'000)}, "2000000000000"));
       }},
      {"frozen_tensors_that_share_one_storage", 35, R::kBelowFloor,
       "895000 parameters count as trained: frozen parameters without tensors of that size",
       [](World& w) {
         auto& tensors = w.given->weight_sets.front().tensors;
         for (int i = 0; i < 9; ++i) {
           artifact::TensorSummary alias = tensors.front();
           alias.name += std::to_string(i);
           alias.shared = alias.elements;
           tensors.push_back(alias);
         }
         SetFlopOfBoth(w, "chat",
                       FigureOf(1'000'000, {Class("forward-only", 1'000'000, {}, {"embed.*"})},
                                "2000000000000"));
       }},
      {"frozen_tensors_shown_by_the_leaves_of_the_model_itself", 35, R::kParametersUnderstated,
       "has in parent_tensors[0] the leaves of tensor root sha256:",
       [](World& w) { FreezeLayers(w, "embed.weight", "chat"); }},
      {"frozen_tensors_shown_by_the_leaves_of_a_stranger", 35, R::kParametersUnderstated,
       "which no parent of its run states",
       [](World& w) { FreezeLayers(w, "layers.weight", "stranger"); }},
      {"more_frozen_parameters_than_the_named_tensors_have", 35, R::kBelowFloor,
       "895000 parameters count as trained: frozen parameters without tensors of that size",
       [](World& w) {
         SetFlopOfBoth(w, "chat",
                       FigureOf(1'000'000, {Class("forward-only", 1'000'000, {}, {"embed.*"})},
                                "2000000000000"));
       }},
      {"a_quantisation_that_grows_a_model", 35, R::kParametersUnderstated,
       "leads to a model of 1000000 parameters, but is quantised-from one of 1000",
       [](World& w) {
         GiveLastRun(w, "quantisation", "quantised-from");
         w.Set("base", "/parameters/total", "1000");
         SetFlopOfBoth(w, "base", FigureOf(1000, {Class("trained", 1000)}, "6000000000"));
       }},
      {"a_merge_that_grows_its_parts", 35, R::kParametersUnderstated,
       "leads to a model of 1000000 parameters, but its parts have only 1000",
       [](World& w) {
         GiveLastRun(w, "merge", "merged-from");
         w.Set("base", "/parameters/total", "500");
         AddPart(w);
         SetFlopOfBoth(w, "base", FigureOf(500, {Class("trained", 500)}, "3000000000"));
       }},
      {"a_merge_smaller_than_a_part", 35, R::kParametersUnderstated,
       "leads to a model of 1000000 parameters, but merges one of 2000000",
       [](World& w) {
         GiveLastRun(w, "merge", "merged-from");
         w.Set("base", "/parameters/total", "2000000");
         AddPart(w);
         SetFlopOfBoth(w, "base",
                       FigureOf(2'000'000, {Class("trained", 2'000'000)}, "12000000000000"));
       }},
  };
  return attacks;
}

BOOST_AUTO_TEST_SUITE(size)

BOOST_DATA_TEST_CASE(refuses, data::make(SizeAttacks()), attack) { CheckRefused(attack); }

struct Honest {
  const char* name;
  const char* text;  // part of the compute row
  std::function<void(World&)> make;

  friend std::ostream& operator<<(std::ostream& out, const Honest& each) {
    return out << each.name;
  }
};

std::string ComputeText(const verifier::Verdict& verdict) {
  for (const verifier::Row& row : verdict.rows) {
    if (row.name == "compute") return row.text;
  }
  return "";
}

const std::vector<Honest>& HonestNeighbours() {
  static const std::vector<Honest> cases = {
      {"several_weight_files_of_which_one_is_counted", "only the largest is counted",
       [](World& w) {
         w.given->weight_sets.push_back(MakeModelOf("more", 500).weight_sets.front());
       }},
      {"a_large_file_of_an_unknown_kind", "weights.npy has 1000000 bytes of an unknown kind",
       [](World& w) {
         w.models.insert_or_assign(
             "chat", WithFile(MakeModel("chat"), "weights.npy", std::string(1'000'000, 'x')));
         w.given = w.models.at("chat");
       }},
      {"a_quantisation_that_leaves_wide_values",
       "a quantisation whose files have values of 16 bits",
       [](World& w) {
         GiveLastRun(w, "quantisation", "quantised-from");
         SetFlopOfBoth(w, "chat", drafts::SingleFigure("1", "counter"));
       }},
      {"a_quantisation_beside_wide_files", "a quantisation whose files have values of 16 bits",
       [](World& w) {
         GiveLastRun(w, "quantisation", "quantised-from");
         SetFlopOfBoth(w, "chat", drafts::SingleFigure("1", "counter"));
         w.models.insert_or_assign("chat", Packed(MakeModel("chat")));
         w.given = w.models.at("chat");
         w.given->weight_sets.push_back(MakeModel("chat").weight_sets.front());
       }},
      {"complex_weights", "complex values, each of which works as four",
       [](World& w) { w.given->weight_sets.front().tensors.front().dtype = "C64"; }},
      {"a_quantisation_of_files_that_nobody_can_read", "may be training by another name",
       [](World& w) {
         GiveLastRun(w, "quantisation", "quantised-from");
         SetFlopOfBoth(w, "chat", drafts::SingleFigure("1", "counter"));
         w.models.at("chat").weight_sets.clear();
         w.given = w.models.at("chat");
       }},
      {"a_merge_of_parts_of_other_sizes", "merges parts of other sizes than its model",
       [](World& w) {
         GiveLastRun(w, "merge", "merged-from");
         w.Set("base", "/parameters/total", "500000");
         AddPart(w);
         SetFlopOfBoth(w, "base", FigureOf(500'000, {Class("trained", 500'000)}, "3000000000000"));
       }},
      {"a_merge_of_one_model_with_itself", ": a merge of a model with itself",
       [](World& w) {
         GiveLastRun(w, "merge", "merged-from");
         AddPart(w);
       }},
      {"a_quantisation_that_computes_on_tokens", "what a conversion computes on its tokens",
       [](World& w) {
         w.models.insert_or_assign("chat", Packed(MakeModel("chat")));
         w.given = w.models.at("chat");
         GiveLastRun(w, "quantisation", "quantised-from");
         SetFlopOfBoth(w, "chat", drafts::SingleFigure("1", "counter"));
       }},
      {"a_mixture_of_experts", "parameters.experts.active_per_token",
       [](World& w) {
         MakeMixture(w, kLeastActive, kMixturePattern);
         SetFlopOfBoth(w, "chat",
                       FigureOf(kLeastActive, {Class("trained", kLeastActive)}, "1950000000000"));
       }},
      {"stacked_experts", "parameter-update",
       [](World& w) {
         GiveModel(
             w, "chat",
             {{"blk.0.ffn_up_exps.weight", {8, 900, 125}}, {"blk.0.attn.weight", {100, 1000}}});
         w.Set("chat", "/parameters/active", std::to_string(kLeastActive));
         w.Set("chat", "/parameters/experts", Experts("blk.*.ffn_up_exps.weight"));
       }},
      {"a_lookup_table_beside_an_output_layer", "parameter-update",
       [](World& w) {
         GiveTableAndHead(w);
         SetFlopOfBoth(
             w, "chat",
             FigureOf(1'000'000,
                      {Class("trained", 600'000),
                       Class("lookup", 400'000, {Table("embed.weight", "token", 4000, 100)})},
                      "3600000000000"));
       }},
      {"a_parent_whose_vocabulary_was_a_little_smaller", "parameter-update",
       [](World& w) {
         GiveTableAndHead(w);
         SetFlopOfBoth(
             w, "base",
             FigureOf(980'000,
                      {Class("trained", 588'000),
                       Class("lookup", 392'000, {Table("embed.weight", "token", 3920, 100)})},
                      "3528000000000"));
         w.Set("base", "/parameters/total", "980000");
       }},
      {"an_unpublished_parent_of_the_same_size", "parameter-update",
       [](World& w) {
         w.Set("chat.run", "/inputs/0/statement", R"("@base.done")");
         w.At("base").enclosed = false;
         w.Set("base.done", "/parameters", R"({"total":1000000})");
       }},
      {"a_few_frozen_parameters_that_nothing_names",
       ": 100000 parameters count as trained: frozen parameters without tensors of that size",
       [](World& w) {
         SetFlopOfBoth(w, "chat",
                       FigureOf(1'000'000,
                                {Class("trained", 900'000),
                                 Class("frozen-under-training", 100'000, {}, {"no.such.*"})},
                                "5800000000000"));
       }},
      {"a_small_table_that_the_output_layer_shares",
       ": 100000 parameters count as trained: embed.weight, which the output layer shares",
       [](World& w) {
         SetFlopOfBoth(
             w, "chat",
             FigureOf(1'000'000,
                      {Class("trained", 900'000),
                       Class("lookup", 100'000, {Table("embed.weight", "token", 1000, 100)})},
                      "5400000000000"));
       }},
      {"frozen_layers_that_are_named", "90 % of its parameters stated as frozen",
       [](World& w) {
         SetFlopOfBoth(
             w, "chat",
             FigureOf(1'000'000,
                      {Class("trained", 100'000), Class("forward-only", 900'000, {}, {"layers.*"})},
                      "2400000000000"));
       }},
      {"frozen_layers_that_the_parent_has_too", "90 % of its parameters and 1 more",
       [](World& w) { FreezeLayers(w, "layers.weight", "base"); }},
      {"frozen_layers_that_differ_from_the_parents", "90 % of its parameters stated as frozen",
       [](World& w) { FreezeLayers(w, "embed.weight", "base"); }},
      {"a_model_resized_from_another", "is resized from 1000000 to 2000000 parameters",
       [](World& w) {
         GiveModel(w, "chat", {{"layers.weight", {2000, 1000}}});
         w.Set("chat.run", "/kind", R"("pre-training")");
         w.Set("chat.run", "/inputs/0/type", R"("initialised-from")");
         w.Set("chat", "/parameters/total", "2000000");
         SetFlopOfBoth(w, "chat",
                       FigureOf(2'000'000, {Class("trained", 2'000'000)}, "12000000000000"));
       }},
      {"opaque_weights", "no weight file tells how many there are", &MakeOpaque},
  };
  return cases;
}

BOOST_DATA_TEST_CASE(passes, data::make(HonestNeighbours()), honest) {
  World world = FineTuneWorld();
  honest.make(world);
  const verifier::Verdict verdict = world.Judge();
  CheckPasses(verdict);
  const std::string text = ComputeText(verdict);
  const bool lower = text.find("a lower bound, as nothing in hand shows") != text.npos;
  BOOST_CHECK_EQUAL(verdict.cumulative.value().lower_bound, lower);
  BOOST_CHECK_EQUAL(verdict.level.number, lower ? 1 : 2);
  BOOST_CHECK_MESSAGE(text.find(honest.text) != text.npos, text);
}

BOOST_AUTO_TEST_CASE(tables_have_their_cases) {
  BOOST_CHECK_EQUAL(SizeAttacks().size(), 24);
  BOOST_CHECK_EQUAL(HonestNeighbours().size(), 21);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace carnet::test
