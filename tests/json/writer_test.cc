#include "json/writer.h"

#include <boost/json.hpp>

#include "json/reader.h"
#include "tests/json/python.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

std::string WriteEverything(Layout layout) {
  Writer writer(layout);
  writer.BeginObject().Member("text", "a\"b\\c\b\f\n\r\t\x01\x1f\x7f/é€😀");
  writer.Member("count", uint64_t{18446744073709551615u}).Member("yes", true);
  writer.Key("").Bool(false).Key("ratio").Number("-1.50e+3");
  writer.Key("empty").BeginArray().EndArray().Key("none").BeginObject().EndObject();
  writer.Key("list").BeginArray().Unsigned(0).String("").BeginObject();
  writer.Member("k\"ey", std::string_view("v")).EndObject().EndArray().EndObject();
  return writer.Take();
}

constexpr const char* kCompact =
    R"({"text":"a\"b\\c\b\f\n\r\t\u0001\u001f)"
    "\x7f"
    R"(/é€😀","count":18446744073709551615,"yes":true,"":false,"ratio":-1.50e+3,)"
    R"("empty":[],"none":{},"list":[0,"",{"k\"ey":"v"}]})";

BOOST_AUTO_TEST_CASE(compact_text_is_exact) {
  BOOST_CHECK_EQUAL(WriteEverything(Layout::kCompact), kCompact);
}

BOOST_AUTO_TEST_CASE(indented_text_is_exact) {
  Writer writer(Layout::kIndented);
  writer.BeginObject().Member("a", uint64_t{1}).Key("b").BeginArray().Bool(true).BeginObject();
  writer.EndObject().EndArray().Key("c").BeginArray().EndArray().EndObject();
  BOOST_CHECK_EQUAL(writer.Take(),
                    "{\n"
                    "  \"a\": 1,\n"
                    "  \"b\": [\n"
                    "    true,\n"
                    "    {}\n"
                    "  ],\n"
                    "  \"c\": []\n"
                    "}\n");
}

BOOST_AUTO_TEST_CASE(boost_reads_both_layouts_back) {
  const boost::json::value expected = {{"text", "a\"b\\c\b\f\n\r\t\x01\x1f\x7f/é€😀"},
                                       {"count", 18446744073709551615u},
                                       {"yes", true},
                                       {"", false},
                                       {"ratio", -1500.0},
                                       {"empty", boost::json::array()},
                                       {"none", boost::json::object()},
                                       {"list", {0, "", {{"k\"ey", "v"}}}}};
  BOOST_CHECK(boost::json::parse(WriteEverything(Layout::kCompact)) == expected);
  BOOST_CHECK(boost::json::parse(WriteEverything(Layout::kIndented)) == expected);
}

// Every code point up to U+FFFF but NUL and the surrogates, and some above.
std::string AllCharacters() {
  std::string text;
  for (uint32_t c = 1; c < 0x10000; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    if (c < 0x80) {
      text += static_cast<char>(c);
    } else if (c < 0x800) {
      text += {static_cast<char>(0xc0 | c >> 6), static_cast<char>(0x80 | (c & 63))};
    } else {
      text += {static_cast<char>(0xe0 | c >> 12), static_cast<char>(0x80 | (c >> 6 & 63)),
               static_cast<char>(0x80 | (c & 63))};
    }
  }
  return text + "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf";
}

BOOST_AUTO_TEST_CASE(boost_reads_every_character_back) {
  const std::string text = AllCharacters();
  const auto read = boost::json::parse(Writer().BeginArray().String(text).EndArray().Take());
  BOOST_CHECK(read.as_array().at(0).as_string() == text);
}

BOOST_AUTO_TEST_CASE(python_reads_every_character_and_both_layouts_back,
                     *boost::unit_test::precondition(carnet::test::HasProgram("python3"))) {
  const std::string script = R"(
import json, sys
compact, indented, text = json.load(sys.stdin)
compact, indented = json.loads(compact), json.loads(indented)
print(compact == indented, list(compact) == list(indented), len(compact), compact['count'])
print(text == ''.join(chr(c) for c in range(1, 0x10000) if not 0xd800 <= c < 0xe000)
      + chr(0x10000) + chr(0x10ffff))
)";
  Writer writer;
  writer.BeginArray().String(WriteEverything(Layout::kCompact));
  writer.String(WriteEverything(Layout::kIndented)).String(AllCharacters()).EndArray();
  BOOST_CHECK_EQUAL(carnet::test::RunPython(script, writer.Take()),
                    "True True 8 18446744073709551615\nTrue\n");
}

BOOST_AUTO_TEST_CASE(copy_writes_a_subtree_as_it_was) {
  REQUIRE_VALUE(const Tree tree, Parse(R"({"z":[1.0, null ,{"b":"\u00e9","a":-0}],"y":true})",
                                       {.allow_null = true}));
  BOOST_CHECK_EQUAL(Writer().Copy(tree.root()).Take(),
                    R"({"z":[1.0,null,{"b":"é","a":-0}],"y":true})");
  Writer part;
  part.BeginObject().Key("part").Copy(*tree.root().Find("z")).EndObject();
  BOOST_CHECK_EQUAL(part.Take(), R"({"part":[1.0,null,{"b":"é","a":-0}]})");
}

}  // namespace
}  // namespace carnet::json
