#include "json/tree.h"

#include "json/reader.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

constexpr std::string_view kDocument =
    R"({"name":"m\u00e9","usage":[{"ms":1},{},{"ms":7,"on":true}],"empty":[]})";

BOOST_AUTO_TEST_CASE(values_are_found_by_key_and_walked_in_order) {
  REQUIRE_VALUE(const Tree tree, Parse(kDocument));
  const Value root = tree.root();
  BOOST_CHECK_EQUAL(root.size(), 3);
  std::string keys;
  for (auto v = root.first_child(); v; v = v->next()) keys += std::string(v->key()) + ",";
  BOOST_CHECK_EQUAL(keys, "name,usage,empty,");
  BOOST_CHECK_EQUAL(root.Find("name")->string(), "mé");
  BOOST_CHECK(!root.Find("nam"));
  BOOST_CHECK(!root.Find("ms"));
  BOOST_CHECK(!root.Find("empty")->first_child());
  const Value usage = *root.Find("usage");
  BOOST_CHECK_EQUAL(usage.size(), 3);
  BOOST_CHECK_EQUAL(usage.key(), "usage");
  BOOST_CHECK_EQUAL(usage.first_child()->key(), "");
  BOOST_CHECK_EQUAL(usage.first_child()->Find("ms")->number_text(), "1");
  BOOST_CHECK(usage.first_child()->next()->next()->Find("on")->boolean());
  BOOST_CHECK(!usage.first_child()->next()->next()->next());
}

BOOST_AUTO_TEST_CASE(paths_name_members_and_positions) {
  REQUIRE_VALUE(const Tree tree, Parse(kDocument));
  const Value third = *tree.root().Find("usage")->first_child()->next()->next();
  BOOST_CHECK_EQUAL(tree.root().Path(), "");
  BOOST_CHECK_EQUAL(third.Path(), "usage[2]");
  BOOST_CHECK_EQUAL(third.Find("ms")->Path(), "usage[2].ms");
  REQUIRE_VALUE(const Tree list, Parse("[[1,[2]]]"));
  BOOST_CHECK_EQUAL(list.root().first_child()->first_child()->next()->first_child()->Path(),
                    "[0][1][0]");
}

BOOST_AUTO_TEST_CASE(large_objects_are_searched_as_small_ones) {
  for (const int members : {16, 17, 500}) {
    std::string text = "{";
    for (int i = 0; i < members; ++i) {
      // Two large objects, one inside the other, share the index.
      text += "\"k" + std::to_string(i) + "\":" + (i == 3 ? R"({"inner":[]})" : std::to_string(i));
      text += i + 1 < members ? "," : "";
    }
    const std::string nested = "{\"outer\":" + text + "}," + text.substr(1) + "}";
    REQUIRE_VALUE(const Tree tree, Parse(nested));
    for (const Value& object : {tree.root(), *tree.root().Find("outer")}) {
      for (int i = 0; i < members; ++i) {
        const auto found = object.Find("k" + std::to_string(i));
        BOOST_REQUIRE(found);
        if (i != 3) BOOST_CHECK_EQUAL(*found->AsU64(), static_cast<uint64_t>(i));
      }
      for (const char* absent : {"", "k", "k00", "k500", "zz", "inner"}) {
        BOOST_CHECK(!object.Find(absent));
      }
    }
    BOOST_CHECK(tree.root().Find("k3")->Find("inner"));
  }
}

struct Number {
  const char* text;
  std::optional<uint64_t> value;
};
std::ostream& operator<<(std::ostream& out, const Number& n) { return out << n.text; }

const std::vector<Number> kNumbers = {
    {"0", 0},
    {"42", 42},
    {"9007199254740993", 9007199254740993u},
    {"18446744073709551615", UINT64_MAX},
    {"18446744073709551616", std::nullopt},
    {"-0", std::nullopt},
    {"-1", std::nullopt},
    {"1.0", std::nullopt},
    {"1e3", std::nullopt},
    {"\"1\"", std::nullopt},
    {"true", std::nullopt},
};

BOOST_DATA_TEST_CASE(unsigned_integers_are_judged_by_their_text, kNumbers) {
  REQUIRE_VALUE(const Tree tree, Parse(sample.text));
  BOOST_CHECK(tree.root().AsU64() == sample.value);
}

BOOST_AUTO_TEST_CASE(a_tree_survives_being_moved) {
  REQUIRE_VALUE(Tree tree, Parse(R"({"a":"b"})"));
  const Tree moved = std::move(tree);
  BOOST_CHECK_EQUAL(moved.root().Find("a")->string(), "b");
}

}  // namespace
}  // namespace carnet::json
