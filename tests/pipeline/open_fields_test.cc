#include "pipeline/open_fields.h"

#include "json/reader.h"
#include "pipeline/carnet_fields.h"
#include "tests/support/test.h"

namespace carnet::pipeline {
namespace {

using json::Document;
using schemas::Kind;

Document Read(std::string_view text) {
  const auto tree = json::Parse(text);
  BOOST_REQUIRE_MESSAGE(tree.has_value(), text);
  return Document::CopyOf(tree->root());
}

std::string PathsIn(const std::vector<OpenField>& fields) {
  std::string paths;
  for (const OpenField& field : fields) paths += (paths.empty() ? "" : " ") + field.path;
  return paths;
}

// What a draft of the kind with these fields still lacks.
std::string Lacking(Kind kind, std::string_view fields, Offer offer = Offer::kRequired) {
  Document draft = Read(fields);
  AddPlaceholders(schemas::GuideOf(kind), FieldsSetByCarnet(kind), offer, draft);
  return PathsIn(OpenFieldsIn(draft));
}

BOOST_AUTO_TEST_SUITE(open_fields)

BOOST_AUTO_TEST_CASE(what_a_kind_requires_is_asked_for) {
  BOOST_CHECK_EQUAL(Lacking(Kind::kDataset, "{}"), "name sources.kind");
  BOOST_CHECK_EQUAL(Lacking(Kind::kPassport, "{}"), "name intended_deployment");
  BOOST_CHECK_EQUAL(Lacking(Kind::kSegment, R"({"flop":{},"usage":[]})"),
                    "steps.from steps.to tokens time.from time.to precision");
  BOOST_CHECK_EQUAL(Lacking(Kind::kAllocation, "{}"), "holders window.from window.to");
  BOOST_CHECK_EQUAL(Lacking(Kind::kCompletion, "{}"), "");
}

BOOST_AUTO_TEST_CASE(what_is_there_is_not_asked_for_but_what_it_requires_is) {
  BOOST_CHECK_EQUAL(Lacking(Kind::kDataset, R"({"name":"n","sources":[{"uri":"u"},{}]})"),
                    "sources.kind sources[1].kind");
  BOOST_CHECK_EQUAL(Lacking(Kind::kDataset, R"({"name":"n","sources":"undisclosed"})"), "");
  BOOST_CHECK_EQUAL(Lacking(Kind::kDevice, R"({"id":"x","units":1,"vendor":"v","location":{}})"),
                    "location.jurisdiction");
}

BOOST_AUTO_TEST_CASE(everything_is_offered_when_asked_for) {
  Document draft = Document::Object();
  AddPlaceholders(schemas::GuideOf(Kind::kPassport), FieldsSetByCarnet(Kind::kPassport),
                  Offer::kAll, draft);
  BOOST_CHECK_EQUAL(PathsIn(OpenFieldsIn(draft)),
                    "name version intended_deployment restrictions evaluations.name "
                    "evaluations.by evaluations.result evaluations.uri inference_flop_per_token "
                    "licence supersedes");
  BOOST_CHECK_EQUAL(draft.Find("version")->text(),
                    "<version: of the model, as its publisher counts (optional: fill it in, or "
                    "delete it)>");
  BOOST_CHECK_EQUAL(draft.Find("name")->text(), "<name: what the model is called>");
}

BOOST_AUTO_TEST_CASE(an_error_says_how_to_give_each_and_what_it_means) {
  Document draft = Document::Object();
  AddPlaceholders(schemas::GuideOf(Kind::kPassport), FieldsSetByCarnet(Kind::kPassport),
                  Offer::kRequired, draft);
  BOOST_CHECK_EQUAL(NotFilledIn(OpenFieldsIn(draft), "--set ").message,
                    "2 fields are not filled in:\n"
                    "  --set name=…  what the model is called\n"
                    "  --set intended_deployment=…  what the model is meant for (or undisclosed)");
}

BOOST_AUTO_TEST_CASE(members_are_written_in_the_schemas_order) {
  const Document draft = Read(
      R"({"precision":[],"steps":{"to":2,"from":1},"other":1,"usage":[{"ms":1,"device":"d"}]})");
  BOOST_CHECK_EQUAL(
      InOrder(schemas::GuideOf(Kind::kSegment), draft).Text(json::Layout::kCompact),
      R"({"steps":{"from":1,"to":2},"usage":[{"device":"d","ms":1}],"precision":[],"other":1})");
}

// The recorder and the others refuse a draft that states one of them: the list may not be shorter
// than theirs, or a user is asked for what is then refused.
BOOST_AUTO_TEST_CASE(fields_set_by_carnet_are_fields) {
  for (const Kind kind :
       {Kind::kDataset, Kind::kRun, Kind::kSegment, Kind::kCompletion, Kind::kPassport}) {
    for (const std::string_view name : FieldsSetByCarnet(kind)) {
      BOOST_CHECK_MESSAGE(schemas::GuideOf(kind).Find(name) != nullptr, name);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::pipeline
