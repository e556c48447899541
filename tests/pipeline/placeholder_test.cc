#include "pipeline/placeholder.h"

#include "json/reader.h"
#include "pipeline/draft.h"
#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

BOOST_AUTO_TEST_SUITE(placeholder)

BOOST_AUTO_TEST_CASE(has_the_fields_name_and_its_meaning) {
  BOOST_CHECK_EQUAL(Placeholder("licence", "SPDX id"), "<licence: SPDX id>");
  BOOST_CHECK_EQUAL(Placeholder("licence", "SPDX id", true),
                    "<licence: SPDX id (optional: fill it in, or delete it)>");
  BOOST_CHECK_EQUAL(MeaningIn("<licence: SPDX id>"), "SPDX id");
  BOOST_CHECK_EQUAL(MeaningIn("<a: >"), "");
}

BOOST_AUTO_TEST_CASE(is_told_by_its_form_alone) {
  for (const char* text : {"<licence: x>", "<anything_2: x: y > z>", "<a: >"}) {
    BOOST_CHECK_MESSAGE(IsPlaceholder(text), text);
  }
  for (const char* text : {"", "<", ">", "<>", "<a>", "<a:x>", "<: x>", "<a b: x>", "<a: x> ",
                           "MIT", "see <url: x> there", "<-a: x>"}) {
    BOOST_CHECK_MESSAGE(!IsPlaceholder(text), text);
  }
}

struct Nested {
  const char* name;
  const char* json;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Nested& nested) { return out << nested.name; }

const Nested kNested[] = {
    {"member", "{\n  \"name\": \"x\",\n  \"licence\": \"<licence: SPDX id>\"\n}",
     "data.json:3:14: licence is not filled in: SPDX id"},
    {"object", R"({"size":{"bytes":"<bytes: of all>"}})",
     "data.json:1:18: size.bytes is not filled in: of all"},
    {"list", R"({"modality":["text","<modality: text, image>"]})",
     "data.json:1:21: modality[1] is not filled in: text, image"},
    {"list_of_lists", R"({"a":[[{"b":["<b: c>"]}]]})",
     "data.json:1:14: a[0][0].b[0] is not filled in: c"},
    {"escaped", R"({"licence":"\u003clicence: SPDX id>"})",
     "data.json: licence is not filled in: SPDX id"},
};

BOOST_DATA_TEST_CASE(refuses_one_at_any_depth_by_file_line_and_column, kNested, nested) {
  const auto draft = Draft::Parse(nested.json, "data.json");
  CHECK_ERROR(draft, ErrorCode::kMalformed, nested.message);
  BOOST_CHECK_EQUAL(draft.error().message, nested.message);
}

BOOST_AUTO_TEST_CASE(names_all_of_them_each_at_its_place) {
  const auto draft = Draft::Parse("{\"a\":\"<a: one>\",\n\"b\":\"<a: one>\"}", "d");
  CHECK_ERROR(draft, ErrorCode::kMalformed, "");
  BOOST_CHECK_EQUAL(draft.error().message,
                    "d:1:6: a is not filled in: one\nd:2:5: b is not filled in: one");
}

BOOST_AUTO_TEST_CASE(a_hundred_are_named_of_a_hostile_drafts_many) {
  std::string json = "[";
  for (int i = 0; i < 250; ++i) json += std::string(i == 0 ? "" : ",") + "\"<a: b>\"";
  const auto draft = Draft::Parse("{\"a\":" + json + "]}", "d");
  CHECK_ERROR(draft, ErrorCode::kMalformed, "and 150 more");
  BOOST_CHECK_EQUAL(std::count(draft.error().message.begin(), draft.error().message.end(), '\n'),
                    100);
}

BOOST_AUTO_TEST_CASE(what_only_looks_like_one_is_a_value) {
  BOOST_CHECK(Draft::Parse(R"({"licence":"<MIT>","<licence: x>":1})", "d").has_value());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
