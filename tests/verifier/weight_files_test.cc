// What WeightFiles finds by name, and what finding it costs.
#include "verifier/compute/weight_files.h"

#include <fmt/core.h>

#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::verifier::compute {
namespace {

using artifact::TensorSummary;

TensorSummary Tensor(const std::string& name, const std::string& dtype = "BF16") {
  return {name, dtype, {1, 1}, 1, false, crypto::Sha256Of("x")};
}

artifact::ModelFiles Model(std::vector<TensorSummary> tensors) {
  return {{},
          Retag<ModelDigest>(crypto::Sha256Of("m")),
          {artifact::MakeWeightSet("m", std::move(tensors)).value()},
          {},
          {},
          0};
}

// "t.10000" and so on: in the order of the numbers.
artifact::ModelFiles NumberedModel(uint64_t tensors) {
  std::vector<TensorSummary> all;
  for (uint64_t i = 0; i < tensors; ++i) all.push_back(Tensor(fmt::format("t.{}", 10'000 + i)));
  return Model(std::move(all));
}

// With so many steps left.
MatchingWork WorkOf(uint64_t steps) {
  uint64_t all = 0;
  MatchingWork work;
  for (MatchingWork tried; !tried.exhausted(); ++all) tried.Spend(1);
  work.Spend(all - steps);
  return work;
}

class Named {
 public:
  explicit Named(artifact::ModelFiles model)
      : model_(std::move(model)), names_(ShippedWeightNames().value()), files_(model_, names_) {}
  const WeightFiles& files() const { return files_; }

 private:
  artifact::ModelFiles model_;
  WeightNames names_;
  WeightFiles files_;
};

using Places = std::vector<size_t>;
using Names = std::vector<std::string_view>;

BOOST_AUTO_TEST_SUITE(weight_files)

BOOST_AUTO_TEST_CASE(names_and_patterns_match_each_tensor_once_in_order) {
  const Named named(NumberedModel(200));
  const auto match = [&](const Names& names) {
    MatchingWork work;
    return named.files().Match(names, work).value();
  };
  BOOST_CHECK(
      (match({"t.10007", "t.10003", "t.10007", "t.1000", "t.100070", "", "u"}) == Places{3, 7}));
  BOOST_CHECK((match({"t.10199", "t.1019*", "*.10191", "t.10000"}) ==
               Places{0, 190, 191, 192, 193, 194, 195, 196, 197, 198, 199}));
  BOOST_CHECK(match({"t"}).empty());
  BOOST_CHECK(match({}).empty());
}

// 300 classes of 80 names each in a million tensors once took half a minute: a name was a step.
BOOST_AUTO_TEST_CASE(work_for_names_does_not_grow_with_the_tensors) {
  const Named named(NumberedModel(10'000));
  MatchingWork enough = WorkOf(1'000);
  const auto places = named.files().Match(Names{"t.10001", "t.19999", "t.2"}, enough);
  BOOST_REQUIRE(places);
  BOOST_CHECK((*places == Places{1, 9'999}));
  MatchingWork little = WorkOf(50);
  BOOST_CHECK(!named.files().Match(Names{"t.10001"}, little));
}

BOOST_AUTO_TEST_CASE(pattern_pays_for_each_tensor_that_it_is_tried_on) {
  const Named named(NumberedModel(10'000));
  MatchingWork little = WorkOf(50'000);
  BOOST_CHECK(!named.files().Match(Names{"u*"}, little));
  MatchingWork enough = WorkOf(100'000);
  BOOST_CHECK(named.files().Match(Names{"u*"}, enough).value().empty());
}

// Names without a digit were walked for nothing.
BOOST_AUTO_TEST_CASE(expert_pattern_pays_for_names_without_numbers) {
  std::vector<TensorSummary> tensors;
  for (char c = 'a'; c <= 'z'; ++c) tensors.push_back(Tensor(std::string(500, c)));
  const Named named(Model(std::move(tensors)));
  MatchingWork little = WorkOf(10'000);
  CHECK_ERROR(named.files().SplitExperts(8, Names{"experts.{expert}.w"}, little),
              ErrorCode::kMalformed, "too many patterns for so many tensors");
  MatchingWork enough = WorkOf(20'000);
  CHECK_ERROR(named.files().SplitExperts(8, Names{"experts.{expert}.w"}, enough),
              ErrorCode::kMalformed, "matches no tensor");
}

// Three narrow matrices beside four wide ones, of which two are tables.
Named Quantised(const std::string& prefix) {
  return Named(Model({Tensor("a.w", "F8_E4M3"), Tensor("b.w", "F8_E4M3"), Tensor("c.w", "F8_E4M3"),
                      Tensor(prefix + "d.w"), Tensor(prefix + "e.w"),
                      Tensor(prefix + "embed_tokens.weight"), Tensor(prefix + "wpe.weight")}));
}

BOOST_AUTO_TEST_CASE(tables_do_not_count_against_a_quantisation) {
  BOOST_CHECK(Quantised("").files().quantised());
  BOOST_CHECK(Quantised("model.layers.0.").files().quantised());
}

// A prefix may make every name a table's; a set beside it may hold what was trained.
BOOST_AUTO_TEST_CASE(four_tables_do_not_count_and_every_set_does) {
  const auto of = [](size_t tables) {
    std::vector<TensorSummary> tensors = {Tensor("a.w", "F8_E4M3")};
    for (size_t i = 0; i < tables; ++i)
      tensors.push_back(Tensor("wpe." + std::to_string(i) + ".weight"));
    return Model(std::move(tensors));
  };
  BOOST_CHECK(Named(of(4)).files().quantised());
  BOOST_CHECK(Named(of(5)).files().quantised());  // one wide, one narrow
  BOOST_CHECK(!Named(of(6)).files().quantised());
  artifact::ModelFiles two = of(4);
  two.weight_sets.push_back(Model({Tensor("a.w", "BF16")}).weight_sets.front());
  BOOST_CHECK(!Named(std::move(two)).files().quantised());
}

BOOST_AUTO_TEST_CASE(a_vector_is_no_table) {
  std::vector<TensorSummary> tensors = {Tensor("a.w", "I8"), Tensor("wpe.weight"),
                                        Tensor("wte.weight")};
  BOOST_CHECK(Named(Model(tensors)).files().quantised());
  for (TensorSummary& tensor : tensors) tensor.shape = {tensor.elements};
  BOOST_CHECK(!Named(Model(tensors)).files().quantised());
}

// Dense parameters that are not in the set with the experts.
BOOST_AUTO_TEST_CASE(sets_beside_the_largest_count_where_the_total_is_that_of_all) {
  const auto set_of = [](size_t tensors, const std::string& name) {
    std::vector<TensorSummary> all;
    for (size_t i = 0; i < tensors; ++i) all.push_back(Tensor(name + std::to_string(i)));
    return Model(std::move(all));
  };
  artifact::ModelFiles model = set_of(4, "a");
  const uint64_t one = model.weight_sets.front().tensors.front().elements;
  model.weight_sets.push_back(set_of(2, "b").weight_sets.front());
  const Named named(std::move(model));
  BOOST_CHECK(named.files().BesideLargest(6 * one) == 2 * one);
  BOOST_CHECK(named.files().BesideLargest(4 * one) == 0);
}

// The first of two precisions is counted; the second may be the larger.
BOOST_AUTO_TEST_CASE(a_largest_set_that_is_not_counted_leaves_nothing_beside_it) {
  artifact::ModelFiles model = Model({Tensor("a", "I8")});
  model.weight_sets.push_back(Model({Tensor("a", "BF16")}).weight_sets.front());
  model.weight_sets.push_back(Model({Tensor("b")}).weight_sets.front());
  model.weight_sets[1].parameters.least = model.weight_sets[1].parameters.most = 100;
  const Named named(std::move(model));
  BOOST_CHECK(named.files().BesideLargest(2) == 0);
}

// Nine roles ask three lists; names of 250 parts once took 23 s. The four wide tensors
// share one budget; a list asked for each role would need four times as much.
BOOST_AUTO_TEST_CASE(each_list_of_words_is_asked_once_with_one_budget) {
  std::string prefix;
  for (int i = 0; i < 240; ++i) prefix += "a.";
  const Named named = Quantised(prefix);
  BOOST_CHECK(named.files().quantised(WorkOf(45'000)));
  BOOST_CHECK(!named.files().quantised(WorkOf(10'000)));
  const Named dots = Quantised(std::string(400, '.'));
  BOOST_CHECK(dots.files().quantised());
  BOOST_CHECK(!dots.files().quantised(WorkOf(5'000)));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
