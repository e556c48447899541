#include "schemas/field_guide.h"

#include <cstdlib>
#include <fstream>
#include <functional>
#include <map>
#include <set>

#include "schemas/field_meanings.h"
#include "tests/support/test.h"

namespace carnet::schemas {
namespace {

struct Row {
  std::string value, rule, meaning;
};

std::vector<std::string> CellsOf(const std::string& line) {
  std::vector<std::string> cells;
  std::string rest = line.substr(2, line.size() - 4);
  for (size_t end; (end = rest.find(" | ")) != rest.npos; rest.erase(0, end + 3)) {
    cells.push_back(rest.substr(0, end));
  }
  cells.push_back(rest);
  return cells;
}

// docs/formats.md, made from the same comments by tools/make_field_table.py: rows by table and
// field.
std::map<std::string, std::map<std::string, Row>> Documented() {
  const char* source = std::getenv("CARNET_SOURCE");
  BOOST_REQUIRE(source != nullptr);
  std::ifstream file(std::string(source) + "/docs/formats.md");
  std::map<std::string, std::map<std::string, Row>> tables;
  std::string table;
  for (std::string line; std::getline(file, line) && line != "<!-- fields: end -->";) {
    if (line.starts_with("**") && line.ends_with("**")) table = line.substr(2, line.size() - 4);
    if (!line.starts_with("| `") || table.empty()) continue;
    const auto cells = CellsOf(line);
    BOOST_REQUIRE_MESSAGE(cells.size() == 4, line);
    tables[table][cells[0].substr(1, cells[0].size() - 2)] = {cells[1], cells[2], cells[3]};
  }
  return tables;
}

constexpr Kind kDrafted[] = {Kind::kDataset, Kind::kDevice,     Kind::kAllocation, Kind::kRun,
                             Kind::kSegment, Kind::kCompletion, Kind::kPassport};

void Visit(const ObjectGuide& guide, const std::string& path, std::set<const ObjectGuide*>& seen,
           const std::function<void(const std::string&, const FieldGuide&)>& visit) {
  if (!seen.insert(&guide).second) return;
  for (const FieldGuide& field : guide.fields) {
    visit(path + "." + field.name, field);
    if (field.object != nullptr) Visit(*field.object, path + "." + field.name, seen, visit);
  }
}

BOOST_AUTO_TEST_SUITE(field_guide)

BOOST_AUTO_TEST_CASE(a_kinds_fields_are_those_of_the_documented_table) {
  const auto tables = Documented();
  for (const Kind kind : kDrafted) {
    const auto& table = tables.at(std::string(KindName(kind)));
    const ObjectGuide& guide = GuideOf(kind);
    BOOST_CHECK_EQUAL(guide.fields.size() + 1, table.size());  // without `head`
    for (const FieldGuide& field : guide.fields) {
      BOOST_REQUIRE_MESSAGE(table.contains(field.name), field.name);
      const Row& row = table.at(field.name);
      BOOST_CHECK_EQUAL(field.meaning, row.meaning);
      BOOST_CHECK_EQUAL(field.list, row.value.starts_with("list of "));
      BOOST_CHECK_EQUAL(field.required, row.rule.starts_with("required"));
      BOOST_CHECK_EQUAL(field.undisclosable, row.rule.find("undisclosed") != row.rule.npos);
    }
  }
}

BOOST_AUTO_TEST_CASE(every_field_of_a_draft_has_a_meaning) {
  std::set<const ObjectGuide*> seen;
  size_t fields = 0;
  for (const Kind kind : kDrafted) {
    Visit(GuideOf(kind), std::string(KindName(kind)), seen,
          [&](const auto& path, const auto& field) {
            ++fields;
            BOOST_CHECK_MESSAGE(!field.meaning.empty(), path);
          });
  }
  BOOST_CHECK_GT(fields, 150U);
}

BOOST_AUTO_TEST_CASE(nested_objects_and_choices_are_reached) {
  const FieldGuide* sources = GuideOf(Kind::kDataset).Find("sources");
  BOOST_REQUIRE(sources != nullptr && sources->object != nullptr);
  BOOST_CHECK(sources->list && sources->not_empty && sources->undisclosable);
  const FieldGuide* kind = sources->object->Find("kind");
  BOOST_REQUIRE(kind != nullptr);
  BOOST_CHECK_EQUAL(ValueText(*kind), "one of public, licensed, user, crawled, synthetic");
  const FieldGuide* update = GuideOf(Kind::kSegment).Find("flop")->object->Find("update");
  BOOST_CHECK(update->object->Find("methods")->object->Find("classes") != nullptr);
  BOOST_CHECK(GuideOf(Kind::kRun).Find("head") == nullptr);
  BOOST_CHECK(GuideOf(Kind::kRun).Find("Kind") == nullptr);
}

BOOST_AUTO_TEST_CASE(a_comment_ends_where_the_next_line_is_none) {
  FieldMeanings meanings;
  AddMeanings(
      "struct Thing {\n"
      "  # about the thing\n"
      "  one @0 :Text $V.required;  # first\n"
      "  # and more\n"
      "  two @1 :Text;\n"
      "  # second\n"
      "\n"
      "  # of nobody\n"
      "  three @2 :List(Text);\n"
      "  four @3 :Text;   # fourth # with a hash\n"
      "}\n"
      "# after\n"
      "enum Other {\n"
      "  five @0;  # an enumerant\n"
      "}\n",
      meanings);
  const FieldMeanings expected = {{{"Thing", "one"}, "first and more"},
                                  {{"Thing", "two"}, "second"},
                                  {{"Thing", "three"}, ""},
                                  {{"Thing", "four"}, "fourth # with a hash"}};
  BOOST_CHECK(meanings == expected);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::schemas
