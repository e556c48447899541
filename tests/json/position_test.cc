#include "json/position.h"

#include "json/reader.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

using namespace std::string_literals;

// Lines and columns counted in an editor.
const std::string kDraft =
    "{\n"
    "  \"name\": \"caf\u00e9: [1]\", \"seq\": 0,\n"
    "  \"flop\": {\n"
    "    \"update\": {\"amount\": 1e3, \"a\\\"b\": []}},\n"
    "\t\"usage\": [true, trux2, {\"ms\": 7},\n"
    "    \"text\", [ ], -1.5e3]\n"
    "}\n";

std::string Valid() {
  std::string text = kDraft;
  return text.replace(text.find("trux2"), 5, "false");
}

struct At {
  const char* path;
  const char* place;
};
std::ostream& operator<<(std::ostream& out, const At& at) { return out << '"' << at.path << '"'; }

const At kPlaces[] = {
    {"", "1:1"},
    {"name", "2:3"},
    {"seq", "2:24"},  // columns are characters, not bytes
    {"flop", "3:3"},
    {"flop.update", "4:5"},
    {"flop.update.amount", "4:16"},
    {"flop.update.a\"b", "1:1"},  // set below
    {"usage", "5:2"},
    {"usage[0]", "5:12"},
    {"usage[1]", "5:18"},
    {"usage[2]", "5:25"},
    {"usage[2].ms", "5:26"},
    {"usage[3]", "6:5"},
    {"usage[4]", "6:13"},
    {"usage[5]", "6:18"},
    {"usage[6]", "5:2"},           // not there: the list
    {"usage[2].seconds", "5:25"},  // not there: the object
    {"flo", "1:1"},
    {"flop.update.amount.x", "4:16"},
};

BOOST_AUTO_TEST_SUITE(position)

BOOST_DATA_TEST_CASE(finds_line_and_column_of_a_path, boost::unit_test::data::make(kPlaces), at) {
  const std::string place = at.path == "flop.update.a\"b"s ? "4:31" : at.place;
  const Error error = InFile("run.json", Valid(), Malformed(std::string(at.path) + ": why"));
  BOOST_CHECK_EQUAL(error.message, "run.json:" + place + ": " + at.path + ": why");
}

struct Broken {
  const char* name;
  std::string text;
  const char* message;
};
std::ostream& operator<<(std::ostream& out, const Broken& broken) { return out << broken.name; }

const Broken kBroken[] = {
    {"word", kDraft, "f:5:18: invalid JSON, in usage"},
    {"comma", "{\"a\":1,\n \"b\":2,}", "f:2:8: invalid JSON"},
    {"cut", "{\"a\":\n[1,2", "f:2:5: ends too early, in a"},
    {"empty", "", "f:1:1: ends too early"},
    {"trailing", "{}\n  x", "f:2:3: trailing data after the value"},
    {"twice", "{\"a\":[{}],\n \"b\":2,\n  \"a\":3}", "f:3:3: a: key appears more than once"},
    {"null", "{\"a\":\n {\"b\":null}}", "f:2:3: a.b: null is not allowed"},
    {"mark", "\xef\xbb\xbf{}", "f:1:1: byte order mark"},
};

BOOST_DATA_TEST_CASE(a_text_that_does_not_parse_has_a_place, boost::unit_test::data::make(kBroken),
                     broken) {
  const auto tree = Parse(broken.text);
  BOOST_REQUIRE(!tree);
  BOOST_CHECK_EQUAL(InFile("f", broken.text, tree.error()).message, broken.message);
}

BOOST_AUTO_TEST_CASE(the_code_of_the_error_stays) {
  BOOST_CHECK(InFile("f", "{}", Unsupported("x: no")).code == ErrorCode::kUnsupported);
}

// Keys that look like paths lead somewhere in the text, and nowhere outside it.
BOOST_AUTO_TEST_CASE(odd_keys_do_no_harm) {
  for (const char* text : {R"({"":{"":{"":1}}})", R"({".a":{"[0]":[0]}})", R"([[[]]])"}) {
    for (const char* path : {"", ".", "..", "[0]", ".a.[0][0]", "[0][0][0][0]", ".a[0]"}) {
      const Error error = InFile("f", text, Malformed(std::string(path) + ": why"));
      BOOST_CHECK_MESSAGE(error.message.starts_with("f:1:"), error.message);
    }
  }
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::json
