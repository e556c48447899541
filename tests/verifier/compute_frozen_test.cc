// R35: frozen classes of a run, and the leaves of its parent that show them unchanged.
#include <algorithm>
#include <optional>

#include "crypto/sha256.h"
#include "tests/support/drafts.h"
#include "tests/support/test.h"
#include "tests/verifier/compute_file.h"

namespace carnet::verifier::test {
namespace {

using drafts::Class;
using wire::EdgeType;
using wire::RunKind;

constexpr const char* kStated = "of its parameters stated as frozen";
constexpr const char* kShown = "; frozen, as the parent's tensors show: segment 0 (sha256:";

// The model "t" of the files, fine-tuned from "m": of its tensors "emb" and "lm_head.weight" of
// 1,000,000 elements each and "w" of 9,000,000, the parent had all but `changed` with the same
// values.
class TunedFile : public ComputeFile {
 public:
  explicit TunedFile(const std::string& changed = "emb") {
    AddTrainedModel("t", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "m", "m"}});
    set_root("t");
    auto tensors = model().weight_sets[0].tensors;
    for (artifact::TensorSummary& tensor : tensors) {
      if (tensor.name == changed) tensor.sha256 = Named<Sha256Digest>("before");
    }
    parent_ = artifact::MakeWeightSet("model.safetensors", std::move(tensors)).value();
    auto root = Passport("m").initTensorRoots(1)[0];
    root.setSet("model.safetensors");
    schemas::SetDigest(root.initRoot(), parent_->root);
    ShowLeavesOf(*parent_);
  }

  void ShowLeavesOf(const artifact::WeightSet& set) {
    auto leaves =
        Passport("t").initParentTensors(1)[0].initLeaves(static_cast<unsigned>(set.tensors.size()));
    for (unsigned i = 0; i < leaves.size(); ++i) {
      const std::string text = std::string(1, '\0') + artifact::TensorLeafText(set.tensors[i]);
      schemas::SetDigest(leaves[i], crypto::Sha256Of(text));
    }
  }

  // Classes of 11,000,000 parameters in all, and the FLOP per token that they cost by statement.
  void StateClasses(const drafts::Texts& classes, uint64_t flop_per_token) {
    const std::string amount = std::to_string(flop_per_token * 1000);
    const std::string figure = drafts::Stated(
        amount, "architecture", {drafts::Architecture({amount, 1000, 11'000'000, classes})});
    WriteFigure(Segment("t.0").getFlop().initUpdate(), figure);
    WriteFigure(Segment("t.0").getFlop().initTotal(), figure);
    StateTotals("t.done", 1000, amount, amount);
    StateNumbers("t", amount, amount);
  }

  const artifact::WeightSet& parent() const { return *parent_; }

 private:
  std::optional<artifact::WeightSet> parent_;
};

// The largest tensor frozen while a gradient passes through it.
void FreezeMatrix(TunedFile& file, const std::string& treatment = "frozen-under-training") {
  const uint64_t coefficient = treatment == "forward-only" ? 2 : 4;
  file.StateClasses({Class(treatment, 9'000'000, {}, {"w"}), Class("trained", 2'000'000)},
                    coefficient * 9'000'000 + 12'000'000);
}

void CheckLowerBound(const ComputeFile& file, const std::string& text) {
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kUnattested);
  BOOST_CHECK(outcome.lower_bound);
  CheckText(outcome, text);
}

void CheckAttested(const ComputeFile& file, const std::string& text) {
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.status == RowStatus::kPass);
  BOOST_CHECK(!outcome.lower_bound);
  CheckText(outcome, text);
}

BOOST_AUTO_TEST_SUITE(compute_frozen)

BOOST_AUTO_TEST_CASE(tensors_that_the_parent_has_too_are_frozen) {
  TunedFile file;
  FreezeMatrix(file);
  CheckAttested(file, kShown);
  CheckAttested(file, "82 % of its parameters");
}

BOOST_AUTO_TEST_CASE(without_the_parents_leaves_frozen_is_a_word) {
  TunedFile file;
  FreezeMatrix(file);
  file.Passport("t").disownParentTensors();
  CheckLowerBound(file, kStated);
}

BOOST_AUTO_TEST_CASE(tensors_that_changed_are_not_shown_as_frozen) {
  TunedFile file("w");
  FreezeMatrix(file);
  CheckLowerBound(file, std::string("82 % ") + kStated);
}

BOOST_AUTO_TEST_CASE(of_a_class_only_the_tensors_that_did_not_change_are_shown) {
  TunedFile file("lm_head.weight");
  file.StateClasses({Class("frozen-under-training", 10'000'000, {}, {"w", "lm_head.weight"}),
                     Class("trained", 1'000'000)},
                    46'000'000);
  CheckLowerBound(file, std::string("9.1 % ") + kStated);
  CheckLowerBound(file, "82 % of its parameters");
}

BOOST_AUTO_TEST_CASE(another_name_type_or_shape_is_another_tensor) {
  for (const auto change : {+[](artifact::TensorSummary& w) { w.name = "v"; },
                            +[](artifact::TensorSummary& w) { w.dtype = "BF16"; },
                            +[](artifact::TensorSummary& w) { w.shape = {9'000'000}; }}) {
    TunedFile file;
    FreezeMatrix(file);
    auto& w = file.model().weight_sets[0].tensors[3];
    change(w);
    file.StateClasses(
        {Class("frozen-under-training", 9'000'000, {}, {w.name}), Class("trained", 2'000'000)},
        48'000'000);
    CheckLowerBound(file, kStated);
  }
}

BOOST_AUTO_TEST_CASE(unchanged_values_do_not_show_that_no_gradient_passed) {
  TunedFile file;
  FreezeMatrix(file, "forward-only");
  CheckLowerBound(file,
                  "82 % of its parameters unchanged, but only stated to be without a gradient");
}

BOOST_AUTO_TEST_CASE(leaves_of_another_model_are_refused) {
  TunedFile file;
  FreezeMatrix(file);
  auto other = file.parent();
  other.tensors[0].name = "another";
  file.ShowLeavesOf(other);
  CheckOnly(file, "35 parameters-understated",
            "has in parent_tensors[0] the leaves of tensor root sha256:");
}

BOOST_AUTO_TEST_CASE(leaves_of_the_files_themselves_are_refused) {
  TunedFile file("w");
  FreezeMatrix(file);
  file.ShowLeavesOf(file.model().weight_sets[0]);
  CheckOnly(file, "35 parameters-understated", "which no parent of its run states");
}

BOOST_AUTO_TEST_CASE(leaves_in_another_order_are_refused) {
  TunedFile file;
  FreezeMatrix(file);
  auto other = file.parent();
  std::swap(other.tensors[0], other.tensors[1]);
  file.ShowLeavesOf(other);
  CheckOnly(file, "35 parameters-understated", "which no parent of its run states");
}

BOOST_AUTO_TEST_CASE(one_false_list_is_refused_beside_a_true_one) {
  TunedFile file;
  FreezeMatrix(file);
  auto lists = file.Passport("t").initParentTensors(2);
  for (auto list : lists) {
    auto leaves = list.initLeaves(static_cast<unsigned>(file.parent().tensors.size()));
    for (unsigned i = 0; i < leaves.size(); ++i) {
      schemas::SetDigest(leaves[i], artifact::TensorLeafHash(file.parent().tensors[i]));
    }
  }
  CheckAttested(file, kShown);
  schemas::SetDigest(lists[1].getLeaves()[0], Named<Sha256Digest>("another"));
  CheckOnly(file, "35 parameters-understated", "has in parent_tensors[1] the leaves");
}

BOOST_AUTO_TEST_CASE(a_parent_that_states_no_roots_shows_nothing) {
  TunedFile file;
  FreezeMatrix(file);
  file.Passport("m").disownTensorRoots();
  CheckOnly(file, "35 parameters-understated", "which no parent of its run states");
}

// Twice 5,500,000 in a tensor of 9,000,000: with the margin of 5 %, 9,450,000 are named, and
// 9,000,000 of them are shown.
BOOST_AUTO_TEST_CASE(a_tensor_that_two_classes_name_is_frozen_once) {
  TunedFile file;
  const std::string half = Class("frozen-under-training", 5'500'000, {}, {"w"});
  file.StateClasses({half, half}, 44'000'000);
  CheckLowerBound(file, std::string("4.1 % ") + kStated);
}

BOOST_AUTO_TEST_CASE(names_in_a_class_that_trains_lend_nothing_to_the_frozen_ones) {
  TunedFile file("");
  const std::string half = Class("frozen-under-training", 5'000'000, {}, {"w"});
  file.StateClasses({half, half, Class("trained", 1'000'000, {}, {"emb*"})}, 46'000'000);
  CheckLowerBound(file, std::string("4.1 % ") + kStated);
  file.StateClasses({half, Class("frozen-under-training", 4'000'000, {}, {"w"}),
                     Class("trained", 2'000'000, {}, {"emb*"})},
                    48'000'000);
  CheckAttested(file, kShown);
}

BOOST_AUTO_TEST_CASE(a_lookup_table_is_not_frozen_too) {
  TunedFile file("");
  const std::string table = Class("lookup", 1'000'000, {drafts::Table("emb")});
  file.StateClasses(
      {table, Class("frozen-under-training", 1'050'000, {}, {"emb", "lm_head.weight"}),
       Class("trained", 8'950'000)},
      57'900'000);
  CheckLowerBound(file, kStated);
  file.StateClasses(
      {table, Class("frozen-under-training", 1'000'000, {}, {"emb", "lm_head.weight"}),
       Class("trained", 9'000'000)},
      58'000'000);
  CheckAttested(file, kShown);
}

BOOST_AUTO_TEST_CASE(a_conversion_renames_what_was_frozen) {
  TunedFile file;
  file.Completion("t.done").initConverted().setTool("export");
  file.StateClasses({Class("trained", 11'000'000)}, 66'000'000);
  const std::string tables =
      ": 1000000 parameters stated to cost less, of a model that is not at hand";
  CheckLowerBound(file, tables + " and 1 more");  // those of the parent's two segments
  FreezeMatrix(file);
  CheckLowerBound(file, tables + " and 2 more");
}

BOOST_AUTO_TEST_CASE(elements_that_are_no_parameters_show_nothing) {
  TunedFile file;
  FreezeMatrix(file);
  file.model().weight_sets[0].parameters = {11'000'000, 44'000'000, "packed"};
  const auto outcome = Passes(file);
  BOOST_CHECK(outcome.lower_bound);
  BOOST_CHECK_MESSAGE(outcome.text.find(kShown) == std::string::npos, outcome.text);
}

// One of nine experts unchanged, of which a token uses three: it is not a third of what trains.
BOOST_AUTO_TEST_CASE(an_unchanged_expert_does_not_stand_for_the_active_ones) {
  TunedFile file;
  auto parameters = file.Passport("t").getParameters();
  parameters.initActive().setValue(5'000'000);
  auto experts = parameters.initExperts();
  experts.initCount().setValue(9);
  experts.initActivePerToken().setValue(3);
  experts.initTensors(1).set(0, "*.experts.{expert}.w");
  auto& set = file.model().weight_sets[0];
  artifact::TensorSummary expert = set.tensors[3];
  expert.elements = 1'000'000;
  expert.shape = {1000, 1000};
  set.tensors.erase(set.tensors.begin() + 3);
  for (int i = 0; i < 9; ++i) {
    expert.name = "layer.experts." + std::to_string(i) + ".w";
    set.tensors.push_back(expert);
  }
  set.config = artifact::ModelConfig{"mixtral", false, {{"num_experts_per_tok", 3}}};
  std::sort(set.tensors.begin(), set.tensors.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  auto before = set.tensors;
  for (auto& tensor : before) {
    const bool changed = tensor.name.starts_with("layer.") && tensor.name != "layer.experts.0.w";
    if (changed) tensor.sha256 = Named<Sha256Digest>("before");
  }
  const auto parent = artifact::MakeWeightSet("model.safetensors", before).value();
  schemas::SetDigest(file.Passport("m").getTensorRoots()[0].getRoot(), parent.root);
  file.ShowLeavesOf(parent);
  file.StateClasses({Class("frozen-under-training", 1'000'000, {}, {"layer.experts.0.w"}),
                     Class("trained", 10'000'000)},
                    64'000'000);
  CheckLowerBound(file, kStated);
}

// The files are its child's: what the parent froze, they do not show.
BOOST_AUTO_TEST_CASE(frozen_tensors_of_a_parent_stay_a_word) {
  TunedFile file;
  FreezeMatrix(file);
  file.AddTrainedModel("u", RunKind::FINE_TUNE, {{EdgeType::FINE_TUNED_FROM, "t", "t"}});
  file.set_root("u");
  CheckLowerBound(file, kStated);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::test
