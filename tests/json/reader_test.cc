#include "json/reader.h"

#include <random>

#include "core/hex.h"
#include "json/writer.h"
#include "tests/json/python.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

using namespace std::string_literals;

struct Case {
  const char* name;
  std::string text;
  const char* expected;  // compact text of what was read, or the reason of the refusal
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

std::string Nested(size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

const std::vector<Case> kAccepted = {
    {"scalar at the root", "7", "7"},
    {"empty object", "{}", "{}"},
    {"empty array", "[]", "[]"},
    {"white space around and within", " \t\r\n{ \"a\" :\n[ 1 , true ]\t}\r\n \n",
     R"({"a":[1,true]})"},
    {"every simple escape", R"(["\"\\\/\b\f\n\r\t"])", R"(["\"\\/\b\f\n\r\t"])"},
    {"escaped latin letter", R"(["\u00e9\u0041"])", R"(["éA"])"},
    {"escapes at both ends and within", R"(["\u0041bc","ab\u0043","a\u0042c\u0044e","a\u0042"])",
     R"(["Abc","abC","aBcDe","aB"])"},
    {"escapes in keys, beside some without", R"({"a":"b","\u0063d":"e","f\u0067":"\u0068","i":""})",
     R"({"a":"b","cd":"e","fg":"h","i":""})"},
    {"surrogate pair", R"(["\ud83d\ude00"])", R"(["😀"])"},
    {"raw characters of 2, 3 and 4 bytes", R"(["é€😀"])", R"(["é€😀"])"},
    {"U+FFFF and U+10FFFF", "[\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\"]",
     "[\"\xef\xbf\xbf\xf4\x8f\xbf\xbf\"]"},
    {"DEL is no control in JSON", "[\"\x7f\"]", "[\"\x7f\"]"},
    {"BOM character inside a string", "[\"\xef\xbb\xbf\"]", "[\"\xef\xbb\xbf\"]"},
    {"empty key", R"({"":1})", R"({"":1})"},
    {"keys equal but for case", R"({"a":1,"A":2})", R"({"a":1,"A":2})"},
    {"same key in sibling objects", R"([{"a":1},{"a":2}])", R"([{"a":1},{"a":2}])"},
    {"same key in parent and child", R"({"a":{"a":2}})", R"({"a":{"a":2}})"},
    {"integers keep their text", "[-0,0,18446744073709551616,9007199254740993]",
     "[-0,0,18446744073709551616,9007199254740993]"},
    {"fractions and exponents keep their text", "[1e3,1E+3,1.50,-2.5e-10,0.0]",
     "[1e3,1E+3,1.50,-2.5e-10,0.0]"},
    {"number of 400 digits", "[1" + std::string(399, '0') + "]", nullptr},
    {"depth 32", Nested(32), nullptr},
};

BOOST_DATA_TEST_CASE(accepts, kAccepted) {
  REQUIRE_VALUE(const Tree tree, Parse(sample.text));
  const std::string expected = sample.expected != nullptr ? sample.expected : sample.text;
  BOOST_CHECK_EQUAL(Writer().Copy(tree.root()).Take(), expected);
}

const std::vector<Case> kRefused = {
    {"nothing", "", "ends too early"},
    {"white space only", " \n", "ends too early"},
    {"byte order mark", "\xef\xbb\xbf{}", "byte order mark"},
    {"UTF-16", "\xff\xfe{\0}\0"s, "invalid JSON"},
    {"second value", R"({"a":1}{"b":2})", "trailing data after the value, at byte 7"},
    {"letters after it", "[] x", "trailing data after the value, at byte 3"},
    {"NUL after it", "{}\0"s, "trailing data after the value, at byte 2"},
    {"NUL and rubbish after it", "{}\0rubbish"s, "trailing data after the value, at byte 2"},
    {"vertical tab after it", "{}\v", "trailing data after the value, at byte 2"},
    {"non-breaking space after it", "{}\xc2\xa0", "trailing data after the value, at byte 2"},
    {"cut in an object", R"({"a":1)", "ends too early after byte 6"},
    {"cut in a string", R"({"a":"bc)", "ends too early"},
    {"cut in a literal", "[tru", "ends too early"},
    {"cut after minus", "-", "ends too early"},
    {"key twice", R"({"a":1,"b":2,"a":3})", "a: key appears more than once"},
    {"key twice after unescaping", R"({"ab":1,"\u0061b":2})", "ab: key appears more than once"},
    {"empty key twice", R"({"":1,"":2})", "key appears more than once"},
    {"key twice, deep", R"({"predicate":{"usage":[1,{},{"ms":1,"x":[],"ms":2}]}})",
     "predicate.usage[2].ms: key appears more than once"},
    {"key twice in a root array", R"([[],{"a":1,"a":1}])", "[1].a: key appears more than once"},
    {"null at the root", "null", "null is not allowed"},
    {"null member", R"({"a":[{"b":null}]})", "a[0].b: null is not allowed"},
    {"NUL in a string", R"({"a":{"b":"x\u0000y"}})", "a.b: NUL in a string"},
    {"NUL in a key", R"({"a":{"b\u0000":1}})", "a: NUL in a key"},
    {"raw NUL in a string", "[\"\0\"]"s, "invalid JSON"},
    {"raw line feed in a string", "[\"\n\"]", "invalid JSON"},
    {"raw unit separator in a key", "{\"\x1f\":1}", "invalid JSON"},
    {"lone leading surrogate", R"({"a":["\ud800"]})", "in a"},
    {"leading surrogate before a letter", R"(["\ud800x"])", "invalid JSON"},
    {"two leading surrogates", R"(["\ud800\ud800"])", "lone surrogate"},
    {"lone trailing surrogate", R"(["\udc00"])", "lone surrogate"},
    {"surrogates swapped", R"(["\ude00\ud83d"])", "lone surrogate"},
    {"surrogate as raw UTF-8", "[\"\xed\xa0\x80\"]", "invalid JSON"},
    {"overlong slash", "[\"\xc0\xaf\"]", "invalid JSON"},
    {"overlong of 3 bytes", "[\"\xe0\x80\xaf\"]", "invalid JSON"},
    {"overlong of 4 bytes", "[\"\xf0\x80\x80\xaf\"]", "invalid JSON"},
    {"above U+10FFFF", "[\"\xf4\x90\x80\x80\"]", "invalid JSON"},
    {"byte FF", "[\"\xff\"]", "invalid JSON"},
    {"lone continuation byte", "[\"\x80\"]", "invalid JSON"},
    {"cut UTF-8 sequence", "[\"\xe2\x82\"]", "invalid JSON"},
    {"bad UTF-8 in a key", "{\"\xc3(\":1}", "invalid JSON"},
    {"bad UTF-8 outside strings", "[1,\xc3\xa9]", "invalid JSON"},
    {"bad hex escape", R"(["\u12g4"])", "invalid JSON"},
    {"unknown escape", R"(["\x41"])", "invalid JSON"},
    {"leading zero", "[01]", "invalid JSON"},
    {"plus sign", "[+1]", "invalid JSON"},
    {"no digit before the point", "[.5]", "invalid JSON"},
    {"no digit after the point", "[5.]", "invalid JSON"},
    {"no exponent digits", "[1e]", "invalid JSON"},
    {"hexadecimal", "[0x10]", "invalid JSON"},
    {"NaN", "[NaN]", "invalid JSON"},
    {"Infinity", "[-Infinity]", "invalid JSON"},
    {"capital literal", "[True]", "invalid JSON"},
    {"trailing comma in an array", "[1,]", "invalid JSON after byte 2"},
    {"trailing comma in an object", R"({"a":1,})", "invalid JSON"},
    {"missing comma", "[1 2]", "invalid JSON"},
    {"missing colon", R"({"a" 1})", "invalid JSON"},
    {"number as key", "{1:1}", "invalid JSON"},
    {"single quotes", "['a']", "invalid JSON"},
    {"comment", "[1/*one*/]", "invalid JSON"},
    {"wrong bracket", "[1}", "invalid JSON"},
    {"where it is", R"({"a":{"b":[1,2,x]}})", "invalid JSON after byte 14, in a.b"},
    {"depth 33", Nested(33), "nested deeper than 32"},
    {"depth 100000", Nested(100000), "nested deeper than 32"},
    {"path printed safely", "{\"\\u001b[2J\":null}", "\\x1b[2J: null"},
};

BOOST_DATA_TEST_CASE(refuses, kRefused) {
  CHECK_ERROR(Parse(sample.text), ErrorCode::kMalformed, sample.expected);
}

BOOST_AUTO_TEST_CASE(tables_have_their_cases) {
  BOOST_CHECK_EQUAL(kAccepted.size(), 21);
  BOOST_CHECK_EQUAL(kRefused.size(), 64);
}

BOOST_AUTO_TEST_CASE(null_is_read_where_allowed) {
  REQUIRE_VALUE(const Tree tree, Parse(R"({"a":null})", {.allow_null = true}));
  BOOST_CHECK(tree.root().Find("a")->is(Type::kNull));
}

BOOST_AUTO_TEST_CASE(members_are_shown_one_after_another_as_the_whole_has_them) {
  const std::string text =
      R"({"a":{"b":[1,{"c":"d"}],"e":true},"\u0066":"te\u0078t","g":[],"h":-1.5e3,"i":false,"a":{}} )";
  Writer seen;
  seen.BeginArray();
  const auto visit = [&](const Value& member) -> Result<> {
    seen.BeginObject().Key(member.key()).Copy(member).EndObject();
    BOOST_CHECK_EQUAL(member.Path(), member.key());
    BOOST_CHECK(!member.next().has_value());
    return Ok();
  };
  BOOST_REQUIRE(ForEachMember(text, {}, visit).has_value());
  BOOST_CHECK_EQUAL(seen.EndArray().Take(),
                    R"([{"a":{"b":[1,{"c":"d"}],"e":true}},{"f":"text"},{"g":[]},{"h":-1.5e3},)"
                    R"({"i":false},{"a":{}}])");
}

BOOST_AUTO_TEST_CASE(members_are_read_as_strictly_as_a_whole) {
  size_t shown = 0;
  const auto visit = [&](const Value&) -> Result<> {
    ++shown;
    return Ok();
  };
  const auto refused = [&](const char* text, const char* reason, size_t before) {
    shown = 0;
    CHECK_ERROR(ForEachMember(text, {}, visit), ErrorCode::kMalformed, reason);
    BOOST_CHECK_EQUAL(shown, before);
  };
  refused(R"([{"a":1}])", "must be of type object", 0);
  refused(R"("a")", "must be of type object", 0);
  refused(R"({"a":1,"b":null})", "b: null is not allowed", 1);
  refused(R"({"a":1,"b":{"c":1,"c":2}})", "b.c: key appears more than once", 1);
  refused(R"({"a":1,"b":"\u0000"})", "b: NUL in a string", 1);
  refused(R"({"a":1,"b":[2})", "in b", 1);
  refused(R"({"a":1} x)", "trailing data after the value", 1);
  const auto stop = [](const Value&) -> Result<> { return Unsupported("enough"); };
  CHECK_ERROR(ForEachMember(R"({"a":1,"b":2})", {}, stop), ErrorCode::kUnsupported, "enough");
}

BOOST_AUTO_TEST_CASE(limit_of_values_is_that_of_one_member) {
  const auto visit = [](const Value&) -> Result<> { return Ok(); };
  Limits limits;
  limits.max_values = 4;  // the object itself, and one member of three
  BOOST_CHECK(ForEachMember(R"({"a":[1,2],"b":[1,2],"c":[1,2]})", limits, visit).has_value());
  CHECK_ERROR(ForEachMember(R"({"a":[1,2],"b":[1,2,3]})", limits, visit), ErrorCode::kMalformed,
              "more than 4 values");
}

BOOST_AUTO_TEST_CASE(limits_hold_exactly) {
  BOOST_CHECK(Parse("[1,2]", {.max_bytes = 5}));
  CHECK_ERROR(Parse("[1,2]", {.max_bytes = 4}), ErrorCode::kMalformed, "larger than 4 bytes");
  BOOST_CHECK(Parse("[[]]", {.max_depth = 2}));
  CHECK_ERROR(Parse("[[]]", {.max_depth = 1}), ErrorCode::kMalformed, "nested deeper than 1");
  CHECK_ERROR(Parse(R"([{"a":{}}])", {.max_depth = 2}), ErrorCode::kMalformed, "deeper than 2");
  BOOST_CHECK(Parse("[1,2]", {.max_values = 3}));
  CHECK_ERROR(Parse("[1,2]", {.max_values = 2}), ErrorCode::kMalformed, "more than 2 values");
  BOOST_CHECK(Parse(R"([{"a":1,"b":2},{"c":3,"d":[4,5,6]}])", {.max_members = 2}));
  CHECK_ERROR(Parse(R"({"a":1,"b":2})", {.max_members = 1}), ErrorCode::kMalformed,
              "an object of more than 1 members");
}

// One object of `members` keys; `last` is the key of one more behind them.
std::string LargeObject(size_t members, const std::string& last) {
  std::string text = "{";
  for (size_t i = 0; i < members; ++i) text += "\"" + std::to_string(i) + "\":0,";
  return text + "\"" + last + "\":1}";
}

BOOST_AUTO_TEST_CASE(finds_a_key_twice_in_objects_of_every_size) {
  for (const size_t members : {1u, 2u, 15u, 16u, 17u, 18u, 1000u}) {
    BOOST_CHECK(Parse(LargeObject(members, "x")));
    for (const size_t twice : {size_t{0}, members / 2, members - 1}) {
      CHECK_ERROR(Parse(LargeObject(members, std::to_string(twice))), ErrorCode::kMalformed,
                  std::to_string(twice) + ": key appears more than once");
    }
  }
}

BOOST_AUTO_TEST_CASE(a_million_keys_are_read_and_a_twin_among_them_found) {
  const Limits limits{.max_bytes = 1 << 24, .max_values = 1 << 21};
  REQUIRE_VALUE(const Tree tree, Parse(LargeObject(1'000'000, "x"), limits));
  BOOST_CHECK_EQUAL(tree.root().size(), 1'000'001);
  CHECK_ERROR(Parse(LargeObject(1'000'000, "77"), limits), ErrorCode::kMalformed,
              "77: key appears more than once");
}

// Reads pairs of lines: a document in hex, and "-" or our reading of it in hex. Prints the pairs
// about which Python, told to be as strict, disagrees.
constexpr const char* kCompare = R"(
import json, sys
def members(pairs):
    keys = [k for k, _ in pairs]
    if len(set(keys)) != len(keys) or None in dict(pairs).values(): raise ValueError
    return dict(pairs)
def refuse(_): raise ValueError
def whole(v):
    for x in v.values() if isinstance(v, dict) else v if isinstance(v, list) else []: whole(x)
    if v is None: raise ValueError
    for s in [v] if isinstance(v, str) else list(v) if isinstance(v, dict) else []:
        s.encode()
        if '\0' in s: raise ValueError
def read(b):
    try:
        v = json.loads(b.decode(), object_pairs_hook=members, parse_constant=refuse,
                       parse_float=lambda t: 'f' + t, parse_int=lambda t: 'i' + t)
        whole(v)
        return v
    except ValueError:
        return None
lines = sys.stdin.read().split('\n')
for doc, ours in zip(lines[0::2], lines[1::2]):
    doc = bytes.fromhex(doc)
    theirs = read(doc)
    mine = None if ours == '-' else json.loads(bytes.fromhex(ours).decode(),
        parse_float=lambda t: 'f' + t, parse_int=lambda t: 'i' + t)
    if theirs != mine: print(doc, theirs, mine)
)";

BOOST_AUTO_TEST_CASE(agrees_with_python_on_every_bit_flip_and_random_edits,
                     *boost::unit_test::precondition(carnet::test::HasProgram("python3"))) {
  const std::string seed =
      R"( {"a":[1,-2.50e+3,true,false,{}],"b\u00e9\ud83d\ude00":"x\n\"é€😀","aa":{"":0,"c":[[],"\/"]}} )";
  std::vector<std::string> documents{seed};
  for (size_t bit = 0; bit < 8 * seed.size(); ++bit) {
    documents.push_back(seed);
    documents.back()[bit / 8] = static_cast<char>(seed[bit / 8] ^ (1 << bit % 8));
  }
  std::mt19937 random(20240501);
  for (int i = 0; i < 3000; ++i) {
    std::string text = seed;
    for (int edit = 0; edit < 2; ++edit) {
      const size_t from = random() % seed.size(), to = random() % text.size();
      const std::string piece = seed.substr(from, random() % 6);
      if (random() % 2 == 0) text.erase(to, random() % 6);
      text.insert(std::min(to, text.size()), piece);
    }
    documents.push_back(text);
  }
  std::string input;
  size_t accepted = 0;
  for (const std::string& text : documents) {
    const auto tree = Parse(text);
    accepted += tree.has_value();
    const std::string ours =
        tree ? HexEncode(AsBytes(Writer().Copy(tree->root()).Take())) : std::string("-");
    input += HexEncode(AsBytes(text)) + "\n" + ours + "\n";
  }
  BOOST_CHECK_EQUAL(carnet::test::RunPython(kCompare, input), "");
  BOOST_CHECK_GT(accepted, 200);
  BOOST_CHECK_GT(documents.size() - accepted, 200);
}

}  // namespace
}  // namespace carnet::json
