#include "artifact/parameter_count.h"

#include "artifact/tensor_root.h"
#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

using Shape = std::vector<uint64_t>;

TensorSummary Tensor(const std::string& name, const std::string& dtype, Shape shape) {
  uint64_t elements = 1;
  for (const uint64_t dimension : shape) elements *= dimension;
  return {name, dtype, std::move(shape), elements, false, crypto::Sha256Of("x")};
}

ParameterCount Count(std::vector<TensorSummary> tensors,
                     const std::optional<QuantizationConfig>& config = {}) {
  REQUIRE_VALUE(const WeightSet set, MakeWeightSet("m", std::move(tensors), config));
  return set.parameters;
}

void CheckCount(const ParameterCount& count, uint64_t least, uint64_t most,
                const std::string& basis) {
  BOOST_CHECK_EQUAL(count.least, least);
  BOOST_CHECK_EQUAL(count.most, most);
  BOOST_CHECK_EQUAL(count.basis, basis);
}

// A layer of 4096 inputs and 1024 outputs, 4,194,304 parameters, as each writer packs it.
constexpr uint64_t kIn = 4096;
constexpr uint64_t kOut = 1024;
constexpr uint64_t kLayer = kIn * kOut;

std::vector<TensorSummary> Gptq(uint64_t bits) {
  return {Tensor("l.qweight", "I32", {kIn * bits / 32, kOut}),
          Tensor("l.qzeros", "I32", {kIn / 128, kOut * bits / 32}),
          Tensor("l.scales", "F16", {kIn / 128, kOut}), Tensor("l.g_idx", "I32", {kIn})};
}

std::vector<TensorSummary> Awq() {
  return {Tensor("l.qweight", "I32", {kIn, kOut / 8}),
          Tensor("l.qzeros", "I32", {kIn / 128, kOut / 8}),
          Tensor("l.scales", "F16", {kIn / 128, kOut})};
}

std::vector<TensorSummary> CompressedTensors() {
  return {Tensor("l.weight_packed", "I32", {kOut, kIn / 8}),
          Tensor("l.weight_scale", "BF16", {kOut, kIn / 128}),
          Tensor("l.weight_shape", "I64", {2})};
}

struct Layout {
  const char* label;
  std::vector<TensorSummary> tensors;
  const char* basis;
};
std::ostream& operator<<(std::ostream& out, const Layout& layout) { return out << layout.label; }

const std::vector<Layout> kLayouts = {
    {"plain", {Tensor("l.weight", "BF16", {kOut, kIn})}, "element counts of the header"},
    {"gptq_2_bits", Gptq(2), "GPTQ or AWQ, 2 bits"},
    {"gptq_3_bits", Gptq(3), "GPTQ or AWQ, 3 bits"},
    {"gptq_4_bits", Gptq(4), "GPTQ or AWQ, 4 bits"},
    {"gptq_8_bits", Gptq(8), "GPTQ or AWQ, 8 bits"},
    {"awq", Awq(), "GPTQ or AWQ, 4 bits"},
    {"bitsandbytes_4_bits",
     {Tensor("l.weight", "U8", {kLayer / 2, 1}), Tensor("l.weight.absmax", "U8", {kLayer / 64}),
      Tensor("l.weight.quant_map", "F32", {16}),
      Tensor("l.weight.nested_absmax", "F32", {kLayer / 64 / 256}),
      Tensor("l.weight.nested_quant_map", "F32", {256}),
      Tensor("l.weight.quant_state.bitsandbytes__nf4", "U8", {120})},
     "bitsandbytes, 4 bits"},
    {"bitsandbytes_8_bits",
     {Tensor("l.weight", "I8", {kOut, kIn}), Tensor("l.SCB", "F32", {kOut}),
      Tensor("l.weight_format", "U8", {})},
     "bitsandbytes, 8 bits"},
    {"nvfp4_of_compressed_tensors",
     {Tensor("l.weight_packed", "U8", {kOut, kIn / 2}),
      Tensor("l.weight_scale", "F8_E4M3", {kOut, kIn / 16}),
      Tensor("l.weight_global_scale", "F32", {1})},
     "compressed-tensors, 4 bits"},
    {"nvfp4_of_modelopt",
     {Tensor("l.weight", "U8", {kOut, kIn / 2}),
      Tensor("l.weight_scale", "F8_E4M3", {kOut, kIn / 16}), Tensor("l.weight_scale_2", "F32", {}),
      Tensor("l.input_scale", "F32", {})},
     "NVFP4, 4 bits"},
    {"mxfp4",
     {Tensor("l.down_proj_blocks", "U8", {8, kOut / 8, kIn / 32, 16}),
      Tensor("l.down_proj_scales", "U8", {8, kOut / 8, kIn / 32})},
     "MXFP4, 4 bits"},
    {"fp8_per_channel",
     {Tensor("l.weight", "F8_E4M3", {kOut, kIn}), Tensor("l.weight_scale", "F32", {kOut, 1}),
      Tensor("l.input_scale", "F32", {})},
     "scaled, 8 bits"},
    {"fp8_by_blocks",
     {Tensor("l.weight", "F8_E4M3", {kOut, kIn}),
      Tensor("l.weight_scale_inv", "F32", {kOut / 128, kIn / 128})},
     "scaled, 8 bits"},
    {"gguf_blocks", {Tensor("l.weight", "Q4_K", {kOut, kIn})}, "element counts of the header"},
    {"f4_of_safetensors", {Tensor("l.weight", "F4", {kOut, kIn})}, "element counts of the header"},
};

BOOST_AUTO_TEST_SUITE(parameter_count)

BOOST_DATA_TEST_CASE(each_layout_tells_the_layers_parameters_exactly,
                     boost::unit_test::data::make(kLayouts)) {
  CheckCount(Count(sample.tensors), kLayer, kLayer, sample.basis);
}

BOOST_AUTO_TEST_CASE(what_is_beside_packed_layers_counts_by_element) {
  auto tensors = Gptq(4);
  tensors.push_back(Tensor("l.bias", "F16", {kOut}));
  tensors.push_back(Tensor("embed.weight", "F16", {100, 10}));
  CheckCount(Count(tensors), kLayer + kOut + 1000, kLayer + kOut + 1000, "GPTQ or AWQ, 4 bits");
}

BOOST_AUTO_TEST_CASE(config_tells_the_width_where_no_shape_does) {
  const auto tensors = CompressedTensors();
  CheckCount(Count(tensors, QuantizationConfig{4, 4}), kLayer, kLayer,
             "compressed-tensors, 4 bits");
  CheckCount(Count(tensors), kLayer / 2, kLayer * 2, "compressed-tensors, 2 to 8 bits");
  CheckCount(Count(tensors, QuantizationConfig{4, 8}), kLayer / 2, kLayer,
             "compressed-tensors, 4 to 8 bits");
}

// The cheapest lie about the width: one number in config.json.
BOOST_AUTO_TEST_CASE(config_neither_overrides_shapes_nor_counts_fewer_values_than_bytes) {
  CheckCount(Count(Gptq(2), QuantizationConfig{8, 8}), kLayer, kLayer, "GPTQ or AWQ, 2 bits");
  CheckCount(Count(Awq(), QuantizationConfig{8, 8}), kLayer, kLayer, "GPTQ or AWQ, 4 bits");
  const uint64_t bytes = kLayer / 2;
  CheckCount(Count(CompressedTensors(), QuantizationConfig{32, 64}), bytes, bytes,
             "compressed-tensors, 8 bits");
}

BOOST_AUTO_TEST_CASE(of_two_widths_that_shapes_show_the_narrower_counts) {
  auto tensors = Gptq(2);
  tensors[1] = Tensor("l.qzeros", "I32", {kIn / 128, kOut * 8 / 32});
  CheckCount(Count(tensors), kLayer, kLayer, "GPTQ or AWQ, 2 bits");
  tensors = Gptq(2);
  tensors[3] = Tensor("l.g_idx", "I32", {kIn / 4});
  CheckCount(Count(tensors), kLayer, kLayer, "GPTQ or AWQ, 2 bits");
}

BOOST_AUTO_TEST_CASE(scales_alone_leave_the_width_of_gptq_open) {
  auto tensors = Gptq(4);
  tensors.erase(tensors.begin() + 3);
  tensors.erase(tensors.begin() + 1);
  CheckCount(Count(tensors), kLayer / 2, kLayer * 2, "GPTQ or AWQ, 2 to 8 bits");
  CheckCount(Count(tensors, QuantizationConfig{4, 4}), kLayer, kLayer, "GPTQ or AWQ, 4 bits");
}

BOOST_AUTO_TEST_CASE(large_tensor_named_as_a_companion_counts_in_full) {
  const auto refused = [](std::vector<TensorSummary> tensors, const std::string& name) {
    const uint64_t before = Count(tensors).least;
    std::erase_if(tensors, [&](const TensorSummary& each) { return each.name == name; });
    tensors.push_back(Tensor(name, "F32", {kIn, kOut}));
    const ParameterCount count = Count(tensors);
    BOOST_CHECK_EQUAL(count.least, before + kLayer);
    BOOST_CHECK_EQUAL(count.most, before + kLayer);
  };
  refused(Gptq(4), "l.g_idx");
  refused(kLayouts[6].tensors, "l.weight.absmax");
  refused(kLayouts[6].tensors, "l.weight.quant_map");
  refused(kLayouts[7].tensors, "l.SCB");
  refused(kLayouts[10].tensors, "l.down_proj_scales");
  refused(kLayouts[12].tensors, "l.weight_scale_inv");
}

BOOST_AUTO_TEST_CASE(companions_without_their_packed_tensor_count_in_full) {
  const uint64_t big = 1'000'000;
  CheckCount(Count({Tensor("x.absmax", "F32", {big}), Tensor("y.scales", "F16", {big}),
                    Tensor("z.weight", "F32", {64}), Tensor("z.weight_scale", "F32", {big}),
                    Tensor("w.qweight", "F32", {64, 64}), Tensor("w.scales", "F32", {big})}),
             4 * big + 64 + 4096, 4 * big + 64 + 4096, "element counts of the header");
}

BOOST_AUTO_TEST_CASE(integers_of_an_unknown_layout_bound_the_count_from_both_sides) {
  CheckCount(Count({Tensor("l.qweight", "I32", {10, 100}), Tensor("b", "F32", {500})}), 1'500,
             16'500, "integers that may hold several values each");
  CheckCount(Count({Tensor("l.packed", "U8", {1000})}), 1'000, 4'000,
             "integers that may hold several values each");
}

BOOST_AUTO_TEST_CASE(few_integers_beside_floats_are_buffers_that_count_by_element) {
  const ParameterCount count =
      Count({Tensor("position_ids", "I64", {1, 512}), Tensor("w", "F32", {100, 1000})});
  CheckCount(count, 100'512, 100'512, "element counts of the header");
}

BOOST_AUTO_TEST_CASE(storage_that_tensors_share_counts_once) {
  TensorSummary tied = Tensor("head.weight", "F32", {10, 10});
  tied.shared = 100;
  REQUIRE_VALUE(const WeightSet set,
                MakeWeightSet("m", {Tensor("embed.weight", "F32", {10, 10}), tied}));
  BOOST_CHECK_EQUAL(set.elements, 100u);
  BOOST_CHECK_EQUAL(set.parameters.least, 100u);
}

BOOST_AUTO_TEST_CASE(more_than_64_bits_can_count_is_the_greatest_number) {
  TensorSummary huge = Tensor("l.weight", "U8", {1});
  huge.elements = UINT64_MAX - 10;
  const ParameterCount count = Count({huge, Tensor("l.weight.absmax", "F32", {1})});
  BOOST_CHECK_EQUAL(count.least, UINT64_MAX);
}

BOOST_AUTO_TEST_SUITE_END()

BOOST_AUTO_TEST_SUITE(quantization_config)

void CheckWidths(const char* text, uint32_t fewest, uint32_t most) {
  REQUIRE_VALUE(const auto config, ParseQuantizationConfig(text));
  BOOST_REQUIRE_MESSAGE(config.has_value(), text);
  BOOST_CHECK_EQUAL(config->fewest_bits, fewest);
  BOOST_CHECK_EQUAL(config->most_bits, most);
}

BOOST_AUTO_TEST_CASE(reads_the_widths_of_each_writer) {
  CheckWidths(R"({"quantization_config":{"quant_method":"gptq","bits":4,"damp":null}})", 4, 4);
  CheckWidths(R"({"bits":3,"group_size":128})", 3, 3);
  CheckWidths(R"({"zero_point":true,"w_bit":4})", 4, 4);
  CheckWidths(R"({"quantization_config":{"config_groups":{)"
              R"("group_0":{"weights":{"num_bits":8}},"group_1":{"weights":{"num_bits":4}}}}})",
              4, 8);
}

BOOST_AUTO_TEST_CASE(what_states_no_width_has_none) {
  for (const char* text :
       {"{}", R"({"quantization_config":{"quant_method":"mxfp4"}})", R"({"bits":"4"})",
        R"({"bits":0})", R"({"bits":65})", R"({"bits":4.5})", R"({"bits":-4})",
        R"({"quantization_config":{"config_groups":{"a":[],"b":{"weights":4}}}})"}) {
    REQUIRE_VALUE(const auto config, ParseQuantizationConfig(text));
    BOOST_CHECK_MESSAGE(!config.has_value(), text);
  }
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_a_strict_object) {
  CHECK_ERROR(ParseQuantizationConfig("[]"), ErrorCode::kMalformed, "not a JSON object");
  CHECK_ERROR(ParseQuantizationConfig(R"({"bits":8,"bits":2})"), ErrorCode::kMalformed,
              "appears more than once");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
