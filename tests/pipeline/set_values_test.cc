#include "pipeline/set_values.h"

#include "json/reader.h"
#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

using json::Document;

Result<Document> Set(schemas::Kind kind, const std::vector<std::string>& texts) {
  std::vector<Assignment> assignments;
  for (const std::string& text : texts) {
    CARNET_TRY(Assignment assignment, ParseAssignment(text));
    assignments.push_back(std::move(assignment));
  }
  return ObjectOf(schemas::GuideOf(kind), assignments);
}

Document Read(std::string_view text) {
  const auto tree = json::Parse(text);
  BOOST_REQUIRE_MESSAGE(tree.has_value(), text);
  return Document::CopyOf(tree->root());
}

struct Typed {
  const char* name;
  schemas::Kind kind;
  std::vector<std::string> set;
  const char* json;
};
std::ostream& operator<<(std::ostream& out, const Typed& typed) { return out << typed.name; }

using schemas::Kind;
const Typed kTyped[] = {
    {"text", Kind::kDataset, {"name=a=b c"}, R"({"name":"a=b c"})"},
    {"text_that_is_a_number", Kind::kDataset, {"version=7"}, R"({"version":"7"})"},
    {"count", Kind::kSegment, {"tokens=1000"}, R"({"tokens":1000})"},
    {"count_beyond_a_double",
     Kind::kSegment,
     {"tokens=9007199254740992"},
     R"({"tokens":"9007199254740992"})"},
    {"undisclosed", Kind::kSegment, {"tokens=undisclosed"}, R"({"tokens":"undisclosed"})"},
    {"undisclosed_list", Kind::kDataset, {"sources=undisclosed"}, R"({"sources":"undisclosed"})"},
    {"flop", Kind::kRun, {"planned_flop=12"}, R"({"planned_flop":"12"})"},
    {"flag", Kind::kRun, {"retrospective=true"}, R"({"retrospective":true})"},
    {"choice", Kind::kRun, {"kind=fine-tune"}, R"({"kind":"fine-tune"})"},
    {"digest", Kind::kRun, {"configuration=sha256:ab"}, R"({"configuration":"ab"})"},
    {"object", Kind::kSegment, {"steps.from=0", "steps.to=9"}, R"({"steps":{"from":0,"to":9}})"},
    {"list_by_repeating",
     Kind::kSegment,
     {"precision=bf16", "precision=fp32"},
     R"({"precision":["bf16","fp32"]})"},
    {"empty_list", Kind::kRun, {"inputs="}, R"({"inputs":[]})"},
    {"first_item_without_number",
     Kind::kDataset,
     {"sources.kind=public", "sources[0].uri=u"},
     R"({"sources":[{"kind":"public","uri":"u"}]})"},
    {"items_by_number",
     Kind::kDataset,
     {"sources[1].kind=user", "sources[0].kind=public"},
     R"({"sources":[{"kind":"public"},{"kind":"user"}]})"},
    {"a_shared_figure",
     Kind::kSegment,
     {"flop.sequence_length=64", "flop.methods.attention_per_token=5"},
     R"({"flop":{"sequence_length":64,"methods":[{"attention_per_token":"5"}]}})"},
    {"nothing", Kind::kRun, {}, "{}"},
};

struct Wrong {
  const char* name;
  schemas::Kind kind;
  std::vector<std::string> set;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Wrong& wrong) { return out << wrong.name; }

const Wrong kWrong[] = {
    {"no_equals", Kind::kDataset, {"name"}, "expected field=value, found \"name\""},
    {"no_field", Kind::kDataset, {"=x"}, "expected field=value"},
    {"unknown_field",
     Kind::kDataset,
     {"licens=MIT"},
     "--set licens: no field \"licens\"; there are: name,"},
    {"unknown_nested",
     Kind::kSegment,
     {"steps.until=1"},
     "no field \"until\"; there are: from, to"},
    {"the_head", Kind::kDataset, {"head.nonce=1"}, "no field \"head\""},
    {"not_a_number",
     Kind::kSegment,
     {"tokens=many"},
     "--set tokens: expected a whole number, found \"many\""},
    {"negative", Kind::kSegment, {"tokens=-1"}, "expected a whole number"},
    {"fraction", Kind::kSegment, {"tokens=1.5"}, "expected a whole number"},
    {"leading_zero", Kind::kSegment, {"tokens=007"}, "expected a whole number"},
    {"too_large", Kind::kSegment, {"tokens=18446744073709551616"}, "expected a whole number"},
    {"not_a_choice", Kind::kRun, {"kind=training"}, "expected one of pre-training, fine-tune,"},
    {"unset_choice", Kind::kRun, {"kind=unset"}, "expected one of"},
    {"not_a_flag", Kind::kRun, {"retrospective=yes"}, "expected true or false"},
    {"undisclosed_where_it_may_not_be",
     Kind::kSegment,
     {"steps.to=undisclosed"},
     "expected a whole number"},
    {"object_as_value", Kind::kSegment, {"steps=5"}, "an object: name one of its fields: from, to"},
    {"list_of_objects_as_value",
     Kind::kDataset,
     {"sources=public"},
     "an object: name one of its fields: kind,"},
    {"fields_of_a_text", Kind::kDataset, {"name.first=x"}, "name has no fields"},
    {"number_on_an_object", Kind::kSegment, {"steps[0].to=1"}, "steps is no list"},
    {"number_on_a_list_of_values", Kind::kSegment, {"precision[0]=fp32"}, "leave the number out"},
    {"twice", Kind::kDataset, {"name=a", "name=a"}, "--set name: given more than once"},
    {"undisclosed_and_an_item",
     Kind::kDataset,
     {"sources=undisclosed", "sources.kind=user"},
     "given as undisclosed"},
    {"an_item_and_undisclosed",
     Kind::kDataset,
     {"sources.kind=user", "sources=undisclosed"},
     "given more than once"},
    {"empty_list_twice", Kind::kRun, {"inputs=", "inputs="}, "given more than once"},
    {"no_name", Kind::kDataset, {".x=1"}, "not a field's name"},
    {"open_bracket", Kind::kDataset, {"sources[0.kind=user"}, "not a field's name"},
    {"number_out_of_range", Kind::kDataset, {"sources[10000].kind=user"}, "not a field's name"},
    {"control_character", Kind::kDataset, {"name=a\nb"}, "control or invisible"},
    {"not_utf8", Kind::kDataset, {"name=\xff"}, "expected UTF-8"},
    {"placeholder",
     Kind::kDataset,
     {"name=<name: what it is called>"},
     "a placeholder is no value"},
};

BOOST_AUTO_TEST_SUITE(set_values)

BOOST_DATA_TEST_CASE(values_have_the_type_of_their_field, kTyped, typed) {
  REQUIRE_VALUE(const Document set, Set(typed.kind, typed.set));
  BOOST_CHECK_EQUAL(set.Text(json::Layout::kCompact), typed.json);
}

BOOST_DATA_TEST_CASE(refuses_by_assignment_what_no_field_takes, kWrong, wrong) {
  CHECK_ERROR(Set(wrong.kind, wrong.set), ErrorCode::kMalformed, wrong.message);
}

BOOST_AUTO_TEST_CASE(what_is_given_stands_over_what_was_derived) {
  Document derived = Read(R"({"a":1,"list":["x","y"],"o":{"p":1,"q":2},"items":[{"n":1,"m":2}]})");
  PutOver(Read(R"({"a":2,"list":["z"],"o":{"q":3},"items":[{"n":9},{"n":8}],"new":true})"),
          derived);
  BOOST_CHECK_EQUAL(
      derived.Text(json::Layout::kCompact),
      R"({"a":2,"list":["z"],"o":{"p":1,"q":3},"items":[{"n":9,"m":2},{"n":8}],"new":true})");
}

BOOST_AUTO_TEST_CASE(what_a_file_states_is_not_contradicted) {
  Document stated = Read(R"({"a":1,"o":{"p":"<p: x>"},"l":["<l: y>"],"same":["u"]})");
  const auto put =
      PutBeside(Read(R"({"a":1,"o":{"p":5},"l":["v","w"],"same":["u"],"b":2})"), stated);
  BOOST_CHECK(put.has_value());
  BOOST_CHECK_EQUAL(stated.Text(json::Layout::kCompact),
                    R"({"a":1,"o":{"p":5},"l":["v","w"],"same":["u"],"b":2})");
  for (const auto& [given, message] : std::vector<std::pair<const char*, const char*>>{
           {R"({"a":2})", "a is \"1\" there, but \"2\" in --set"},
           {R"({"o":{"p":6}})", "o.p is \"5\" there, but \"6\" in --set"},
           {R"({"same":["u","v"]})", "same is"},
           {R"({"o":"undisclosed"})", "o is"}}) {
    CHECK_ERROR(PutBeside(Read(given), stated), ErrorCode::kMalformed, message);
  }
}

BOOST_AUTO_TEST_CASE(a_part_is_found_at_the_same_place_only) {
  const Document whole = Read(R"({"a":1,"o":{"p":1,"q":2},"i":[{"n":1,"m":2}],"l":["x","y"]})");
  for (const char* part :
       {"{}", R"({"o":{"q":2}})", R"({"i":[{"m":2}],"a":1})", R"({"l":["x","y"]})"}) {
    BOOST_CHECK_MESSAGE(IsPartOf(Read(part), whole), part);
  }
  for (const char* part : {R"({"b":1})", R"({"a":"1"})", R"({"o":{"q":1}})", R"({"l":["x"]})",
                           R"({"i":[{"n":1},{"n":1}]})", R"({"i":[]})", R"({"a":{}})"}) {
    BOOST_CHECK_MESSAGE(!IsPartOf(Read(part), whole), part);
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
