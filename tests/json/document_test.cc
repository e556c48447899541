#include "json/document.h"

#include "json/reader.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

BOOST_AUTO_TEST_SUITE(document)

BOOST_AUTO_TEST_CASE(a_copy_has_the_spelling_of_what_was_read) {
  constexpr std::string_view kText =
      R"({"name":"m\u0001","n":1.50e3,"big":18446744073709551615,"on":true,"off":false,)"
      R"("list":[{},[],"x"]})";
  REQUIRE_VALUE(const Tree tree, Parse(kText));
  BOOST_CHECK_EQUAL(Document::CopyOf(tree.root()).Text(Layout::kCompact), kText);
}

BOOST_AUTO_TEST_CASE(members_keep_their_order_when_they_change) {
  Document object = Document::Object();
  object.Set("b", "1");
  object.Set("a", Document::Array()).Append(Document::Unsigned(7));
  object.Set("b", Document::Bool(false));
  BOOST_CHECK_EQUAL(object.Text(Layout::kCompact), R"({"b":false,"a":[7]})");
  object.Remove("b");
  object.Remove("b");
  BOOST_CHECK_EQUAL(object.Text(Layout::kCompact), R"({"a":[7]})");
  BOOST_CHECK(object.Find("b") == nullptr);
  BOOST_CHECK_EQUAL((*object.Find("a"))[0].text(), "7");
}

BOOST_AUTO_TEST_CASE(a_number_is_not_the_string_of_its_digits) {
  BOOST_CHECK(Document::Unsigned(7) == Document::Unsigned(7));
  BOOST_CHECK(!(Document::Unsigned(7) == Document::String("7")));
  BOOST_CHECK(!(Document::Object() == Document::Array()));
}

BOOST_AUTO_TEST_CASE(what_is_no_object_has_no_members) {
  BOOST_CHECK(Document::String("a").Find("a") == nullptr);
  BOOST_CHECK(Document::Array().Find("") == nullptr);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::json
