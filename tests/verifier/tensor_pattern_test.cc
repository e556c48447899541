// Patterns of tensor names, and the names that say what a tensor is.
#include <string>

#include "tests/support/test.h"
#include "verifier/compute/tensor_pattern.h"
#include "verifier/compute/weight_names.h"

namespace carnet::verifier::compute {
namespace {

struct Case {
  const char* pattern;
  const char* name;
  bool matches;
};
std::ostream& operator<<(std::ostream& out, const Case& each) {
  return out << each.pattern << " and " << each.name;
}

const std::vector<Case> kCases = {
    {"a.b", "a.b", true},
    {"a.b", "a.bc", false},
    {"a.b", "xa.b", false},
    {"*", "", true},
    {"", "", true},
    {"", "a", false},
    {"a*", "a", true},
    {"a*c", "abcbc", true},
    {"a*c", "abcb", false},
    {"*.h.*.w", "t.h.0.h.1.w", true},
    {"*ab*ab*", "xabyab", true},
    {"*ab*ab*", "xabyb", false},
    {"a**b", "ab", true},
    {"e.{expert}.w", "e.12.w", true},
    {"e.{expert}.w", "e..w", false},
    {"e.{expert}.w", "e.1x.w", false},
    {"*.{expert}.w", "l.3.e.4.w", true},
};

BOOST_AUTO_TEST_SUITE(tensor_pattern)

BOOST_DATA_TEST_CASE(matches, boost::unit_test::data::make(kCases)) {
  MatchingWork work;
  BOOST_CHECK_EQUAL(TensorPattern(sample.pattern).Matches(sample.name, work), sample.matches);
  BOOST_CHECK(!work.exhausted());
}

BOOST_AUTO_TEST_CASE(the_number_is_that_in_the_place_of_the_expert) {
  MatchingWork work;
  const TensorPattern pattern("l.*.experts.{expert}.w");
  BOOST_CHECK(pattern.numbers_experts());
  BOOST_CHECK_EQUAL(pattern.before_number(), "l.*.experts.");
  BOOST_CHECK_EQUAL(pattern.ExpertOf("l.3.experts.17.w", work).value(), 17);
  BOOST_CHECK(!pattern.ExpertOf("l.3.experts.w", work));
  BOOST_CHECK(!pattern.ExpertOf("l.3.experts.007.w", work));
  BOOST_CHECK(!pattern.ExpertOf("l.3.experts.99999999999999999999.w", work));
  BOOST_CHECK(!TensorPattern("l.*").ExpertOf("l.1", work));
}

// The cost of a match is at most the product of the lengths; what a passport may spend is bounded.
BOOST_AUTO_TEST_CASE(a_pattern_of_many_stars_ends, *carnet::test::LongOnOneThread()) {
  MatchingWork work;
  std::string stars;
  for (int i = 0; i < 400; ++i) stars += "a*";
  stars += "b";
  const std::string name(500, 'a');
  const TensorPattern pattern(stars);
  int matches = 0;
  for (; matches < 1'000'000 && !work.exhausted(); ++matches) {
    BOOST_REQUIRE(!pattern.Matches(name, work));
  }
  BOOST_CHECK(work.exhausted());
  BOOST_CHECK(!TensorPattern("a").Matches("a", work));
}

BOOST_AUTO_TEST_CASE(shipped_names_are_those_of_common_families) {
  const auto names = ShippedWeightNames();
  BOOST_REQUIRE(names);
  for (const char* head : {"lm_head.weight", "model.lm_head.weight", "output.weight"}) {
    BOOST_CHECK_MESSAGE(names->IsOutputHead(head), head);
  }
  BOOST_CHECK(!names->IsOutputHead("attention_output.weight"));
  for (const char* table : {"model.embed_tokens.weight", "transformer.wte.weight", "shared.weight",
                            "token_embd.weight", "gpt_neox.embed_in.weight"}) {
    BOOST_CHECK_MESSAGE(names->IsTableName(table, "token"), table);
  }
  for (const char* other : {"model.layers.0.mlp.up_proj.weight", "mlp.shared_expert.w.weight",
                            "embed_out.weight", "layers.0.member.weight"}) {
    BOOST_CHECK_MESSAGE(!names->IsTableName(other, "token"), other);
  }
  BOOST_CHECK(!names->IsTableName("model.embed_tokens.weight", "position"));
  BOOST_CHECK(names->IsTableName("bert.embeddings.position_embeddings.weight", "position"));
  BOOST_CHECK(names->IsTableName("transformer.wpe.weight", "position"));
  BOOST_CHECK(names->IsTableName("bert.embeddings.token_type_embeddings.weight", "token-type"));
  BOOST_CHECK(names->IsTableName("bert.embeddings.word_embeddings.weight", "token"));
  BOOST_CHECK(names->IsLookupRole("position"));
  BOOST_CHECK(!names->IsLookupRole("matrix"));
  BOOST_CHECK(names->HasExpertPart("model.layers.0.mlp.experts.3.up_proj.weight"));
  BOOST_CHECK(names->HasExpertPart("blk.0.ffn_up_exps.weight"));
  BOOST_CHECK(!names->HasExpertPart("model.layers.0.mlp.shared_experts.up_proj.weight"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::verifier::compute
