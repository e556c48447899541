#include "json/canonical.h"

#include <bit>
#include <charconv>
#include <cmath>
#include <random>

#include "json/reader.h"
#include "json/writer.h"
#include "tests/json/python.h"
#include "tests/support/test.h"

namespace carnet::json {
namespace {

std::string CanonicalText(std::string_view text) {
  REQUIRE_VALUE(const Tree tree, Parse(text, {.max_bytes = 1 << 24, .allow_null = true}));
  REQUIRE_VALUE(std::string canonical, Canonical(tree.root()));
  return canonical;
}

struct Case {
  const char* name;
  const char* text;
  const char* canonical;
};
std::ostream& operator<<(std::ostream& out, const Case& c) { return out << c.name; }

const std::vector<Case> kCases = {
    {"white space goes", " { \"a\" : [ 1 , 2 ] } ", R"({"a":[1,2]})"},
    {"members are sorted at every depth", R"({"b":{"d":1,"c":2},"a":[{"z":0,"y":0}]})",
     R"({"a":[{"y":0,"z":0}],"b":{"c":2,"d":1}})"},
    {"elements are not", "[3,1,2]", "[3,1,2]"},
    {"a prefix comes first", R"({"aa":1,"a":2,"":3})", R"({"":3,"a":2,"aa":1})"},
    {"a character above U+FFFF comes before U+FB33", R"({"\ufb33":1,"\ud83d\ude00":2})",
     "{\"😀\":2,\"\xef\xac\xb3\":1}"},
    {"and after U+D7FF", "{\"\\ud83d\\ude00\":2,\"\\ud7ff\":1}", "{\"\xed\x9f\xbf\":1,\"😀\":2}"},
    {"strings take the shortest escape", R"(["\u0041\u000a\u001f\/\u20ac\"\\"])",
     R"(["A\n\u001f/€\"\\"])"},
    {"literals", "[true,false,null]", "[true,false,null]"},
    {"integer with a fraction", "[4.50,1.0,2e-3]", "[4.5,1,0.002]"},
    {"negative zero", "[-0,-0.0,0e9]", "[0,0,0]"},
    {"last integer without exponent", "[1e20,123456789012345678900,1e21]",
     "[100000000000000000000,123456789012345680000,1e+21]"},
    {"last fraction without exponent", "[0.000001,0.0000001,1e-7,12.5e-8]",
     "[0.000001,1e-7,1e-7,1.25e-7]"},
    {"small power of ten", "[0.000000000000000000000000001]", "[1e-27]"},
    {"rounded to the double", "[333333333.33333329,9007199254740993]",
     "[333333333.3333333,9007199254740992]"},
    {"ends of the range", "[1.7976931348623157e308,-5e-324]", "[1.7976931348623157e+308,-5e-324]"},
};

BOOST_DATA_TEST_CASE(canonical_form, kCases) {
  BOOST_CHECK_EQUAL(CanonicalText(sample.text), sample.canonical);
  BOOST_CHECK_EQUAL(CanonicalText(sample.canonical), sample.canonical);
}

BOOST_AUTO_TEST_CASE(refuses_numbers_outside_a_double) {
  for (const char* text : {R"({"a":[1e400]})", R"({"a":[-1e400]})", R"({"a":[1e-400]})"}) {
    REQUIRE_VALUE(const Tree tree, Parse(text));
    CHECK_ERROR(Canonical(tree.root()), ErrorCode::kMalformed, "a[0]: ");
    CHECK_ERROR(Canonical(tree.root()), ErrorCode::kMalformed, "outside the range of a double");
  }
}

// ECMA-262's layout of Python's repr, which is the shortest as well; members by UTF-16.
constexpr const char* kReference = R"(
import json, sys
from decimal import Decimal
def number(x):
    if x == 0: return '0'
    sign, digits, exponent = Decimal(repr(x)).normalize().as_tuple()
    s, k = ''.join(map(str, digits)), len(digits)
    n = k + exponent
    if k <= n <= 21: t = s + '0' * (n - k)
    elif 0 < n <= 21: t = s[:n] + '.' + s[n:]
    elif -6 < n <= 0: t = '0.' + '0' * -n + s
    else: t = s[0] + ('.' + s[1:] if k > 1 else '') + 'e' + ('-' if n < 1 else '+') + str(abs(n - 1))
    return '-' * sign + t
def write(v):
    if isinstance(v, dict):
        keys = sorted(v, key=lambda k: k.encode('utf-16-be'))
        return '{' + ','.join(json.dumps(k, ensure_ascii=False) + ':' + write(v[k]) for k in keys) + '}'
    if isinstance(v, list): return '[' + ','.join(map(write, v)) + ']'
    if isinstance(v, float): return number(v)
    return json.dumps(v, ensure_ascii=False)
sys.stdout.write(write(json.loads(sys.stdin.buffer.read().decode(), parse_int=float)))
)";

std::string RandomKey(std::mt19937_64& random) {
  static const std::vector<std::string> kPieces = {"a",
                                                   "b",
                                                   "Z",
                                                   "é",
                                                   "\xed\x9f\xbf",
                                                   "\xee\x80\x80",
                                                   "\xef\xac\xb3",
                                                   "\xef\xbf\xbd",
                                                   "😀",
                                                   "\xf0\x90\x80\x80",
                                                   "\xf4\x8f\xbf\xbf",
                                                   "\"",
                                                   "\n",
                                                   "\\",
                                                   "€"};
  std::string key;
  for (int i = 0; i < 5; ++i) key += kPieces[random() % kPieces.size()];
  return key;
}

BOOST_AUTO_TEST_CASE(agrees_with_python_on_random_doubles_and_keys,
                     *boost::unit_test::precondition(carnet::test::HasProgram("python3"))) {
  std::mt19937_64 random(8785);
  Writer writer;
  writer.BeginArray().BeginArray();
  const auto number = [&](double value) {
    if (!std::isfinite(value)) return;
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    writer.Number({buffer, static_cast<size_t>(end - buffer)});
  };
  for (int i = 0; i < 20000; ++i) {
    number(std::bit_cast<double>(static_cast<uint64_t>(random())));
    number(std::ldexp(1.0, static_cast<int>(random() % 2000) - 1000));
    number(static_cast<double>(random() % 1000000) / 1000);
  }
  for (int i = -323; i < 309; ++i) writer.Number("1e" + std::to_string(i));
  writer.EndArray();
  for (int i = 0; i < 200; ++i) {
    writer.BeginObject();
    const std::string key = RandomKey(random);
    for (int member = 0; member < 6; ++member) {
      writer.Member(key + RandomKey(random), uint64_t{random() % 9});
    }
    writer.EndObject();
  }
  const std::string text = writer.EndArray().Take();
  const std::string reference = carnet::test::RunPython(kReference, text);
  BOOST_CHECK_GT(reference.size(), 1'000'000);
  BOOST_CHECK(CanonicalText(text) == reference);
}

}  // namespace
}  // namespace carnet::json
