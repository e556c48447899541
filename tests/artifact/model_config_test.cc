#include "artifact/model_config.h"

#include "tests/support/allocations.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

BOOST_AUTO_TEST_SUITE(model_config)

BOOST_AUTO_TEST_CASE(whole_numbers_are_found_by_name_and_inside_objects) {
  REQUIRE_VALUE(const ModelConfig config,
                ParseModelConfig(R"({"model_type":"llama4","text_config":{"num_experts_per_tok":1,)"
                                 R"("deeper":{"num_experts_per_tok":8}},"hidden_size":4096,)"
                                 R"("rope_theta":1e4,"list":[1],"bad":-1,"none":null})"));
  BOOST_CHECK_EQUAL(config.model_type, "llama4");
  BOOST_CHECK(!config.custom_code);
  const std::map<std::string, uint64_t, std::less<>> numbers = {
      {"hidden_size", 4096}, {"text_config.num_experts_per_tok", 1}};
  BOOST_CHECK(config.numbers == numbers);
}

BOOST_AUTO_TEST_CASE(code_of_its_own_is_noticed_at_any_level_that_is_read) {
  for (const char* text : {R"({"model_type":"mixtral","auto_map":{"AutoModel":"m.M"}})",
                           R"({"model_type":"mixtral","text_config":{"auto_map":{}}})"}) {
    REQUIRE_VALUE(const ModelConfig config, ParseModelConfig(text));
    BOOST_CHECK(config.custom_code);
  }
}

BOOST_AUTO_TEST_CASE(what_is_no_configuration_is_refused) {
  CHECK_ERROR(ParseModelConfig("[]"), ErrorCode::kMalformed, "not a JSON object");
  CHECK_ERROR(ParseModelConfig(R"({"hidden_size":1})"), ErrorCode::kMalformed, "no model_type");
  CHECK_ERROR(ParseModelConfig(R"({"model_type":7})"), ErrorCode::kMalformed, "no model_type");
  CHECK_ERROR(ParseModelConfig(R"({"model_type":"a","model_type":"b"})"), ErrorCode::kMalformed,
              "key appears more than once");
  std::string many = R"({"model_type":"a")";
  for (int i = 0; i < 4097; ++i) many += ",\"n" + std::to_string(i) + "\":1";
  CHECK_ERROR(ParseModelConfig(many + "}"), ErrorCode::kMalformed, "too many settings");
}

// The name of an object is part of the names of all settings in it.
BOOST_AUTO_TEST_CASE(long_names_of_objects_take_no_more_memory_than_settings_may) {
  std::string many = R"({"model_type":"a",")" + std::string(400 << 10, 'o') + R"(":{"n":1)";
  for (int i = 0; i < 4000; ++i) many += ",\"n" + std::to_string(i) + "\":1";
  many += "}}";
  const uint64_t held = test::PeakBytesIn(
      [&] { CHECK_ERROR(ParseModelConfig(many), ErrorCode::kMalformed, "too many settings"); });
  BOOST_CHECK_LT(held, 8U << 20);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
