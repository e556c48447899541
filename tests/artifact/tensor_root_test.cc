#include "artifact/tensor_root.h"

#include <algorithm>

#include "core/hex.h"
#include "crypto/sha256.h"
#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

TensorSummary Summary(std::string name) {
  return {std::move(name), "F32", {2}, 2, false, crypto::Sha256Of("x")};
}

BOOST_AUTO_TEST_SUITE(tensor_root)

// SHA-256("abc") is the first example of FIPS 180-2.
BOOST_AUTO_TEST_CASE(leaf_text_is_as_s6_spells_it) {
  TensorSummary tensor = Summary("layer.0 weight");
  tensor.sha256 = crypto::Sha256Of("abc");
  tensor.shape = {4, 0, 18446744073709551615u};
  const std::string digest = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  BOOST_CHECK_EQUAL(TensorLeafText(tensor),
                    digest + "  F32  [4,0,18446744073709551615]  layer.0 weight\n");
  tensor.shape.clear();
  BOOST_CHECK_EQUAL(TensorLeafText(tensor), digest + "  F32  []  layer.0 weight\n");
}

// By the recursion of RFC 6962 section 2.1 for three leaves.
BOOST_AUTO_TEST_CASE(leaves_and_their_root_are_those_of_rfc_6962) {
  const auto hash = [](const std::string& prefixed) {
    return std::string(AsText(crypto::Sha256Of(prefixed).span()));
  };
  const std::string digest = HexEncode(crypto::Sha256Of("x").span());
  std::vector<std::string> expected;
  for (const char* name : {"a", "b", "c"}) {
    expected.push_back(hash(std::string(1, '\0') + digest + "  F32  [2]  " + name + "\n"));
  }
  const std::string root = hash('\1' + hash('\1' + expected[0] + expected[1]) + expected[2]);
  REQUIRE_VALUE(const WeightSet set,
                MakeWeightSet("m", {Summary("a"), Summary("b"), Summary("c")}));
  std::vector<LeafHash> leaves;
  for (size_t i = 0; i < expected.size(); ++i) {
    leaves.push_back(TensorLeafHash(set.tensors[i]));
    BOOST_CHECK(AsText(leaves.back().span()) == expected[i]);
  }
  BOOST_CHECK(AsText(RootOfLeaves(leaves).span()) == root);
  BOOST_CHECK(set.root == RootOfLeaves(leaves));
}

BOOST_AUTO_TEST_CASE(root_does_not_depend_on_the_order_given) {
  std::vector<TensorSummary> tensors = {Summary("b"), Summary("a"), Summary("B"),
                                        Summary("\u00fc")};
  REQUIRE_VALUE(const WeightSet set, MakeWeightSet("m", tensors));
  std::reverse(tensors.begin(), tensors.end());
  REQUIRE_VALUE(const WeightSet reversed, MakeWeightSet("m", tensors));
  BOOST_CHECK(set == reversed);
  BOOST_CHECK_EQUAL(set.tensors[0].name, "B");
  BOOST_CHECK_EQUAL(set.tensors[3].name, "\u00fc");
}

BOOST_AUTO_TEST_CASE(every_part_of_a_leaf_changes_the_root) {
  REQUIRE_VALUE(const WeightSet set, MakeWeightSet("m", {Summary("a"), Summary("b")}));
  std::vector<TensorSummary> changed(4, Summary("b"));
  changed[0].name = "c";
  changed[1].dtype = "I32";
  changed[2].shape = {2, 1};
  changed[3].sha256 = crypto::Sha256Of("y");
  for (const TensorSummary& tensor : changed) {
    REQUIRE_VALUE(const WeightSet other, MakeWeightSet("m", {Summary("a"), tensor}));
    BOOST_CHECK(other.root != set.root);
  }
}

BOOST_AUTO_TEST_CASE(refuses_names_that_s6_refuses) {
  const auto refused = [](std::vector<TensorSummary> tensors, const char* reason) {
    CHECK_ERROR(MakeWeightSet("m", std::move(tensors)), ErrorCode::kMalformed, reason);
  };
  refused({Summary("a"), Summary("b"), Summary("a")}, "tensor \"a\" appears more than once");
  refused({Summary("a\nb")}, "control or invisible character");
  refused({Summary("a\u202e")}, "control or invisible character");
  refused({Summary("\xff")}, "not UTF-8");
  refused({Summary(std::string(513, 'n'))}, "over 512 bytes");
  BOOST_CHECK(MakeWeightSet("m", {Summary(std::string(512, 'n'))}).has_value());
}

BOOST_AUTO_TEST_CASE(elements_are_summed_and_overflow_is_refused) {
  TensorSummary huge = Summary("huge");
  huge.elements = UINT64_MAX - 2;
  REQUIRE_VALUE(const WeightSet set, MakeWeightSet("m", {huge, Summary("a")}));
  BOOST_CHECK_EQUAL(set.elements, UINT64_MAX);
  CHECK_ERROR(MakeWeightSet("m", {huge, Summary("a"), Summary("b")}), ErrorCode::kMalformed,
              "overflows 64 bits");
}

BOOST_AUTO_TEST_CASE(one_packed_tensor_makes_the_set_packed) {
  TensorSummary packed = Summary("p");
  packed.packed = true;
  BOOST_CHECK(!MakeWeightSet("m", {Summary("a")}).value().packed);
  BOOST_CHECK(MakeWeightSet("m", {Summary("a"), packed}).value().packed);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
