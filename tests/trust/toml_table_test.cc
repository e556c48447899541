#include "trust/toml_table.h"

#include "tests/support/test.h"

namespace carnet::trust {
namespace {

TomlTable Parsed(std::string_view text) { return TomlTable::Parse(text, "f.toml").value(); }

BOOST_AUTO_TEST_SUITE(toml_table)

BOOST_AUTO_TEST_CASE(gives_each_value_in_its_type) {
  const TomlTable table = Parsed(
      "name = \"lab\"\nsize = 18\nflag = true\nlist = [\"a\", \"b\"]\n"
      "[[key]]\nfile = \"one\"\n[[key]]\nfile = \"two\"\n[inner]\nname = \"x\"\n");
  BOOST_CHECK_EQUAL(table.Text("name").value(), "lab");
  BOOST_CHECK_EQUAL(table.OptionalUnsigned("size").value().value(), 18);
  BOOST_CHECK(table.Flag("flag").value());
  BOOST_CHECK((table.Texts("list").value() == std::vector<std::string>{"a", "b"}));
  REQUIRE_VALUE(const auto keys, table.Tables("key"));
  BOOST_REQUIRE_EQUAL(keys.size(), 2);
  BOOST_CHECK_EQUAL(keys[1].Text("file").value(), "two");
  BOOST_CHECK_EQUAL(table.Table("inner").value().Text("name").value(), "x");
}

BOOST_AUTO_TEST_CASE(absent_is_absent_false_or_empty) {
  const TomlTable table = Parsed("");
  BOOST_CHECK(!table.OptionalText("name").value());
  BOOST_CHECK(!table.OptionalUnsigned("size").value());
  BOOST_CHECK(!table.Flag("flag").value());
  BOOST_CHECK(table.OptionalTexts("list").value().empty());
  BOOST_CHECK(table.Tables("key").value().empty());
  BOOST_CHECK(!table.Has("name"));
}

BOOST_AUTO_TEST_CASE(errors_name_file_line_and_key) {
  const TomlTable table = Parsed("\n\nname = 3\n[[key]]\nfile = \"a\"\n[[key]]\nsize = -1\n");
  CHECK_ERROR(table.Text("name"), ErrorCode::kMalformed, "f.toml:3: name: must be a string");
  CHECK_ERROR(table.Text("nick"), ErrorCode::kMalformed, "nick: is missing");
  REQUIRE_VALUE(const auto keys, table.Tables("key"));
  CHECK_ERROR(keys[1].OptionalUnsigned("size"), ErrorCode::kMalformed,
              "f.toml:7: key[1].size: must be an integer, 0 or more");
  CHECK_ERROR(keys[1].OnlyKeys({"file"}), ErrorCode::kMalformed,
              "f.toml:7: key[1].size: unknown key");
  BOOST_CHECK(keys[0].OnlyKeys({"file", "size"}).has_value());
}

struct WrongType {
  std::string_view text;
  std::string_view said;
};
std::ostream& operator<<(std::ostream& out, const WrongType& wrong) { return out << wrong.text; }

const WrongType kWrongTypes[] = {
    {"name = 2026-01-01", "must be a string"},
    {"name = 1.5", "must be a string"},
    {"name = [\"a\"]", "must be a string"},
    {"name = {a = 1}", "must be a string"},
    {"name = true", "must be a string"},
    {"name = \"\"", "is empty"},
    {"name = \"a\\u0007\"", "control or invisible character"},
};

BOOST_DATA_TEST_CASE(refuses_a_text_of_another_type, boost::unit_test::data::make(kWrongTypes),
                     wrong) {
  CHECK_ERROR(Parsed(wrong.text).Text("name"), ErrorCode::kMalformed, wrong.said);
}

BOOST_AUTO_TEST_CASE(refuses_lists_and_flags_of_another_type) {
  CHECK_ERROR(Parsed("l = \"a\"").Texts("l"), ErrorCode::kMalformed, "array of strings");
  CHECK_ERROR(Parsed("l = [\"a\", 1]").Texts("l"), ErrorCode::kMalformed,
              "array of non-empty strings");
  CHECK_ERROR(Parsed("l = [\"\"]").Texts("l"), ErrorCode::kMalformed, "non-empty strings");
  CHECK_ERROR(Parsed("l = []").Texts("l"), ErrorCode::kMalformed, "is empty");
  CHECK_ERROR(Parsed("l = [1]").Tables("l"), ErrorCode::kMalformed, "array of tables");
  CHECK_ERROR(Parsed("l = 1").Table("l"), ErrorCode::kMalformed, "must be a table");
  CHECK_ERROR(Parsed("l = 1").Flag("l"), ErrorCode::kMalformed, "true or false");
}

BOOST_AUTO_TEST_CASE(refuses_what_is_not_toml) {
  for (const std::string_view text : {"a = ", "a = 1\na = 2", "[a", "a = \"\xff\"", "a == 1"}) {
    CHECK_ERROR(TomlTable::Parse(text, "f.toml"), ErrorCode::kMalformed, "f.toml:");
  }
  CHECK_ERROR(TomlTable::Parse(std::string(kMaxTomlBytes + 1, '#'), "f.toml"),
              ErrorCode::kMalformed, "larger than");
  CHECK_ERROR(TomlTable::Parse("a = " + std::string(100'000, '['), "f.toml"), ErrorCode::kMalformed,
              "f.toml:1");
}

// toml++ recurses over the tables that a dotted key makes.
BOOST_AUTO_TEST_CASE(refuses_keys_of_many_parts) {
  std::string key = "a";
  for (int i = 0; i < 64; ++i) key += ".a";
  BOOST_CHECK(TomlTable::Parse("[" + key + "]\n", "f"));
  CHECK_ERROR(TomlTable::Parse("x = 1\n[" + key + ".a]\n", "f"), ErrorCode::kMalformed,
              "f:2: a key of more than 64 parts");
  for (int i = 0; i < 200'000; ++i) key += ".a";
  for (const std::string& text : {"[" + key + "]\n", key + " = 1\n", "x = {" + key + " = 1}\n"}) {
    CHECK_ERROR(TomlTable::Parse(text, "f"), ErrorCode::kMalformed, "more than 64 parts");
  }
  BOOST_CHECK(TomlTable::Parse("x = \"" + key + "\"\n", "f"));
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::trust
