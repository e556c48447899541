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

std::vector<TensorSummary> Scaled(const std::string& dtype, const Shape& bytes,
                                  const std::string& companion, const Shape& scales) {
  return {Tensor("l.weight", dtype, bytes), Tensor("l" + companion, "F32", scales)};
}

struct Scales {
  const char* label;
  const char* dtype;
  Shape bytes;
  const char* companion;
  Shape scales;
};
std::ostream& operator<<(std::ostream& out, const Scales& scales) { return out << scales.label; }

const std::vector<Scales> kOneAByte = {
    {"scalar", "F8_E4M3", {kOut, kIn}, ".weight_scale", {}},
    {"tensor", "F8_E5M2", {kOut, kIn}, ".weight_scale", {1}},
    {"row", "I8", {kOut, kIn}, ".weight_scale", {kOut, 1}},
    {"row_flat", "I8", {kOut, kIn}, ".weight_scale", {kOut}},
    {"row_of_bitsandbytes", "I8", {kOut, kIn}, ".SCB", {kOut}},
    {"row_of_one", "I8", {1, kLayer}, ".SCB", {1}},
    {"column", "F8_E4M3", {kOut, kIn}, ".weight_scale", {1, kIn}},
    {"group", "F8_E4M3", {kOut, kIn}, ".weight_scale", {kOut, kIn / 32}},
    {"block", "F8_E4M3", {kOut, kIn}, ".weight_scale_inv", {kOut / 128, kIn / 128}},
    {"block_at_the_edge", "F8_E4M3", {64, kLayer / 64}, ".weight_scale_inv", {1, kLayer / 8192}},
    {"part_of_a_fused_matrix", "F8_E4M3", {kOut, kIn}, ".weight_scale", {3}},
    {"expert", "F8_E4M3", {8, kOut / 8, kIn}, ".weight_scale", {8, 1, 1}},
    {"row_of_each_expert", "F8_E4M3", {8, kOut / 8, kIn}, ".weight_scale", {8, kOut / 8, 1}},
    {"row_of_each_expert_flat", "F8_E4M3", {8, kOut / 8, kIn}, ".weight_scale", {8, kOut / 8}},
    {"row_of_all_experts", "F8_E4M3", {8, kOut / 8, kIn}, ".weight_scale", {kOut, 1}},
    {"filter", "I8", {kOut, kIn / 16, 4, 4}, ".weight_scale", {kOut, 1, 1, 1}},
};

BOOST_DATA_TEST_CASE(no_more_scales_than_bytes_is_a_value_a_byte,
                     boost::unit_test::data::make(kOneAByte)) {
  const auto tensors = Scaled(sample.dtype, sample.bytes, sample.companion, sample.scales);
  for (const auto& config : {std::optional<QuantizationConfig>(),
                             std::optional<QuantizationConfig>(QuantizationConfig{8, 8})}) {
    const ParameterCount count = Count(tensors, config);
    BOOST_CHECK_EQUAL(count.least, kLayer);
    BOOST_CHECK_EQUAL(count.most, kLayer);
  }
}

const std::vector<Scales> kFourAByte = {
    {"rows", "I8", {kOut / 4, kIn}, ".weight_scale", {kOut, 1}},
    {"rows_flat", "I8", {kOut / 4, kIn}, ".weight_scale", {kOut}},
    {"rows_of_groups", "I8", {kOut / 4, kIn}, ".weight_scale", {kOut, kIn / 32}},
    {"rows_of_bitsandbytes", "I8", {kOut / 4, kIn}, ".SCB", {kOut}},
    {"rows_of_floats", "F8_E4M3", {kOut / 4, kIn}, ".weight_scale", {kOut, 1}},
    {"rows_of_the_inverse", "F8_E4M3", {kOut / 4, kIn}, ".weight_scale_inv", {kOut, kIn / 128}},
    {"columns", "F8_E4M3", {kOut, kIn / 4}, ".weight_scale", {1, kIn}},
    {"rows_of_experts", "I8", {8, kOut / 32, kIn}, ".weight_scale", {8, kOut / 8, 1}},
    {"rows_of_experts_flat", "I8", {8, kOut / 32, kIn}, ".weight_scale", {8, kOut / 8}},
    {"rows_of_all_experts", "I8", {8, kOut / 32, kIn}, ".weight_scale", {kOut, 1}},
};

BOOST_DATA_TEST_CASE(scales_for_more_than_there_are_bytes_show_several_values_a_byte,
                     boost::unit_test::data::make(kFourAByte)) {
  const ParameterCount count =
      Count(Scaled(sample.dtype, sample.bytes, sample.companion, sample.scales));
  CheckCount(
      count, kLayer, kLayer,
      std::string_view(sample.companion) == ".SCB" ? "bitsandbytes, 2 bits" : "scaled, 2 bits");
}

BOOST_AUTO_TEST_CASE(more_scales_than_the_layout_needs_leave_the_width_open) {
  CheckCount(Count(Scaled("I8", {kOut / 4, kIn}, ".weight_scale", {kOut, kIn / 8})),
             kLayer / 4 + kLayer / 8, kLayer + kLayer / 8, "scaled, 2 to 8 bits");
}

BOOST_AUTO_TEST_CASE(any_scales_of_a_matrix_show_its_width) {
  auto tensors = Scaled("I8", {kOut / 2, kIn}, ".weight_scale", {kOut / 2, 1});
  tensors.push_back(Tensor("l.weight_zero_point", "I8", {kOut, 1}));
  CheckCount(Count(tensors), kLayer, kLayer, "scaled, 4 bits");
  tensors.pop_back();
  tensors.push_back(Tensor("l.SCB", "F32", {kOut / 2}));
  tensors[1] = Tensor("l.weight_scale", "F32", {kOut, 1});
  BOOST_CHECK_GE(Count(tensors).least, kLayer);
}

// Three, five: a width that is no whole number of bits lies between two.
BOOST_AUTO_TEST_CASE(values_that_do_not_divide_a_byte_are_bounded_from_both_sides) {
  CheckCount(Count(Scaled("I8", {100, 1000}, ".weight_scale", {300, 1})), 266'666, 400'000,
             "scaled, 2 to 3 bits");
  CheckCount(Count(Scaled("I8", {100, 1000}, ".weight_scale", {500, 1})), 400'000, 800'000,
             "scaled, 1 to 2 bits");
  CheckCount(Count(Scaled("I8", {100, 1000}, ".weight_scale", {900, 1})), 100'000, 800'000,
             "scaled, 1 to 8 bits");
}

BOOST_AUTO_TEST_CASE(flat_scales_may_be_of_columns_or_of_packed_rows) {
  CheckCount(Count(Scaled("I8", {kOut, kIn}, ".weight_scale", {kIn})), kLayer, 4 * kLayer,
             "scaled, 2 to 8 bits");
}

BOOST_AUTO_TEST_CASE(scales_of_inputs_tell_nothing_of_the_weights) {
  auto tensors = Scaled("I8", {kOut, kIn}, ".weight_scale", {kOut});
  tensors.push_back(Tensor("l.input_scale", "F32", {kIn}));
  CheckCount(Count(tensors), kLayer + kIn, kLayer + kIn, "scaled, 8 bits");
}

BOOST_AUTO_TEST_CASE(narrow_configuration_leaves_a_byte_open) {
  for (const char* companion : {".SCB", ".weight_scale"}) {
    const auto tensors = Scaled("I8", {kOut, kIn}, companion, {kOut});
    const ParameterCount count = Count(tensors, QuantizationConfig{4, 4});
    BOOST_CHECK_EQUAL(count.least, kLayer);
    BOOST_CHECK_EQUAL(count.most, 2 * kLayer);
    BOOST_CHECK_EQUAL(Count(tensors, QuantizationConfig{2, 8}).most, 4 * kLayer);
  }
  const auto floats = Scaled("F8_E4M3", {kOut, kIn}, ".weight_scale", {kOut, 1});
  CheckCount(Count(floats, QuantizationConfig{4, 4}), kLayer, 2 * kLayer, "scaled, 4 to 8 bits");
  CheckCount(Count(floats, QuantizationConfig{4, 8}), kLayer, kLayer, "scaled, 8 bits");
}

BOOST_AUTO_TEST_CASE(large_tensor_named_as_a_companion_counts_in_full) {
  const auto refused = [](std::vector<TensorSummary> tensors, const std::string& name,
                          const Shape& shape = {kIn, kOut}) {
    const uint64_t before = Count(tensors).least;
    std::erase_if(tensors, [&](const TensorSummary& each) { return each.name == name; });
    tensors.push_back(Tensor(name, "F32", shape));
    const ParameterCount count = Count(tensors);
    BOOST_CHECK_EQUAL(count.least, before + kLayer);
    BOOST_CHECK_EQUAL(count.most, before + kLayer);
  };
  refused(Gptq(4), "l.g_idx");
  refused(kLayouts[6].tensors, "l.weight.absmax");
  refused(kLayouts[6].tensors, "l.weight.quant_map");
  refused(kLayouts[7].tensors, "l.SCB", {kOut, kIn});
  refused(kLayouts[10].tensors, "l.down_proj_scales");
  refused(kLayouts[12].tensors, "l.weight_scale_inv", {kOut, kIn});
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
  for (const char* dtype : {"U8", "I8", "BOOL", "F8_E8M0"}) {
    CheckCount(Count({Tensor("l.packed", dtype, {1000})}), 1'000, 4'000,
               "integers that may hold several values each");
  }
}

BOOST_AUTO_TEST_CASE(few_integers_beside_floats_are_buffers_that_count_by_element) {
  const ParameterCount count =
      Count({Tensor("position_ids", "I64", {1, 512}), Tensor("mask", "BOOL", {16, 16}),
             Tensor("w", "F32", {100, 1000})});
  CheckCount(count, 100'768, 100'768, "element counts of the header");
  const std::vector<TensorSummary> microscaled = {
      Tensor("l.weight", "F8_E4M3", {kOut, kIn}),
      Tensor("l.weight_scale", "F8_E8M0", {kOut, kIn / 32})};
  CheckCount(Count(microscaled), kLayer, kLayer, "scaled, 8 bits");
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
