#include "artifact/adapter.h"

#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

TensorSummary Tensor(const std::string& name, std::vector<uint64_t> shape) {
  uint64_t elements = 1;
  for (const uint64_t dimension : shape) elements *= dimension;
  return {name, "F32", std::move(shape), elements, false, crypto::Sha256Of("x")};
}

WeightSet Set(std::vector<TensorSummary> tensors,
              const std::string& name = "adapter_model.safetensors") {
  REQUIRE_VALUE(WeightSet set, MakeWeightSet(name, std::move(tensors)));
  return set;
}

void CheckAdapter(const WeightSet& set, uint64_t least, uint64_t pairs,
                  const std::vector<std::string>& unmatched) {
  const Adapter adapter = AdapterOf(set);
  BOOST_CHECK_EQUAL(adapter.weight_set, set.name);
  BOOST_CHECK_EQUAL(adapter.least_base_parameters, least);
  BOOST_CHECK_EQUAL(adapter.pairs, pairs);
  BOOST_CHECK_EQUAL_COLLECTIONS(adapter.unmatched.begin(), adapter.unmatched.end(),
                                unmatched.begin(), unmatched.end());
}

BOOST_AUTO_TEST_SUITE(adapter)

BOOST_AUTO_TEST_CASE(sums_the_matrices_that_pairs_adapt) {
  CheckAdapter(Set({Tensor("base_model.model.q_proj.lora_A.weight", {8, 4096}),
                    Tensor("base_model.model.q_proj.lora_B.weight", {2048, 8}),
                    Tensor("base_model.model.q_proj.lora_magnitude_vector", {2048}),
                    Tensor("base_model.model.v_proj.lora_A.weight", {16, 100}),
                    Tensor("base_model.model.v_proj.lora_B.weight", {10, 16}),
                    Tensor("base_model.model.lm_head.modules_to_save.weight", {50, 100})}),
               4096 * 2048 + 1000, 2, {});
}

BOOST_AUTO_TEST_CASE(embeddings_and_convolutions_have_pairs_too) {
  CheckAdapter(Set({Tensor("m.embed.lora_embedding_A", {4, 32'000}),
                    Tensor("m.embed.lora_embedding_B", {512, 4}),
                    Tensor("m.conv.lora_A.weight", {4, 16, 3, 3}),
                    Tensor("m.conv.lora_B.weight", {32, 4, 1, 1})}),
               32'000 * 512 + 16 * 9 * 32, 2, {});
}

BOOST_AUTO_TEST_CASE(other_writers_names_are_known) {
  CheckAdapter(
      Set({Tensor("unet.to_q.lora.down.weight", {4, 64}),
           Tensor("unet.to_q.lora.up.weight", {32, 4}), Tensor("te_fc1.lora_down.weight", {4, 10}),
           Tensor("te_fc1.lora_up.weight", {10, 4})}),
      64 * 32 + 100, 2, {});
}

BOOST_AUTO_TEST_CASE(a_module_adapted_by_several_adapters_is_one_of_the_base) {
  CheckAdapter(
      Set({Tensor("m.q.lora_A.first.weight", {8, 100}), Tensor("m.q.lora_B.first.weight", {10, 8}),
           Tensor("m.q.lora_A.second.weight", {4, 100}),
           Tensor("m.q.lora_B.second.weight", {10, 4})}),
      1000, 1, {});
}

BOOST_AUTO_TEST_CASE(halves_that_do_not_fit_are_named) {
  CheckAdapter(Set({Tensor("a.lora_A.weight", {8, 100}), Tensor("b.lora_B.weight", {8, 100}),
                    Tensor("c.lora_A.weight", {8, 100}), Tensor("c.lora_B.weight", {100, 7}),
                    Tensor("d.lora_A.weight", {8}), Tensor("d.lora_B.weight", {8, 8}),
                    Tensor("e.lora_A.weight", {0, 5}), Tensor("e.lora_B.weight", {5, 0}),
                    Tensor("f.lora_Alike.weight", {8, 8})}),
               0, 0,
               {"a.lora_A.weight", "b.lora_B.weight", "c.lora_A.weight", "c.lora_B.weight",
                "d.lora_A.weight", "d.lora_B.weight", "e.lora_A.weight", "e.lora_B.weight"});
}

BOOST_AUTO_TEST_CASE(a_base_beyond_64_bits_is_the_greatest_number) {
  TensorSummary a = Tensor("m.lora_A.weight", {1, 1});
  TensorSummary b = Tensor("m.lora_B.weight", {1, 1});
  a.shape[1] = a.elements = uint64_t{1} << 62;
  b.shape[0] = b.elements = uint64_t{1} << 62;
  CheckAdapter(Set({a, b}), UINT64_MAX, 1, {});
}

BOOST_AUTO_TEST_CASE(the_set_that_asks_for_the_largest_base_counts) {
  const std::vector<WeightSet> sets = {
      Set({Tensor("m.lora_A.weight", {1, 10}), Tensor("m.lora_B.weight", {10, 1})}, "a"),
      Set({Tensor("m.lora_A.weight", {1, 50}), Tensor("m.lora_B.weight", {10, 1})}, "b"),
      Set({Tensor("w", {1000, 1000})}, "c")};
  const auto found = FindAdapter(sets, {});
  BOOST_REQUIRE(found.has_value());
  BOOST_CHECK_EQUAL(found->weight_set, "b");
  BOOST_CHECK_EQUAL(found->least_base_parameters, 500u);
}

BOOST_AUTO_TEST_CASE(a_configured_adapter_without_pairs_tells_nothing_of_its_base) {
  const std::vector<WeightSet> sets = {Set({Tensor("ia3_l", {100})}, "ia3/adapter.safetensors"),
                                       Set({Tensor("w", {1000})}, "other.safetensors")};
  BOOST_CHECK(!FindAdapter(sets, {}).has_value());
  const std::vector<std::string> configured = {"ia3/"};
  const auto found = FindAdapter(sets, configured);
  BOOST_REQUIRE(found.has_value());
  BOOST_CHECK_EQUAL(found->weight_set, "ia3/adapter.safetensors");
  BOOST_CHECK_EQUAL(found->pairs, 0u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
