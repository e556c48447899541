#include "artifact/pickle.h"

#include <array>

#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

using Kind = PickleValue::Kind;
using Use = PickleGlobal::Use;
using namespace std::string_literals;

constexpr std::array<PickleGlobal, 3> kAllowed = {{{"m", "Name", Use::kName},
                                                   {"m", "call", Use::kCall},
                                                   {"collections", "OrderedDict", Use::kMakeDict}}};

Result<Pickle> ParseWhole(std::string_view program) {
  CARNET_TRY(auto pickle, ParsePickle(AsBytes(program), kAllowed));
  if (!pickle) return Malformed("wants more");
  return std::move(*pickle);
}

// Programs begin with PROTO 2 and end with STOP.
std::string Program(const std::string& body) { return "\x80\x02"s + body + "."; }

struct Hostile {
  const char* label;
  std::string program;
  ErrorCode code;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Hostile& bad) { return out << bad.label; }

constexpr ErrorCode kBad = ErrorCode::kMalformed;
constexpr ErrorCode kRuns = ErrorCode::kRejected;
constexpr ErrorCode kUnsupported = ErrorCode::kUnsupported;

std::string Many(const std::string& part, size_t times) {
  std::string text;
  for (size_t i = 0; i < times; ++i) text += part;
  return text;
}

const std::vector<Hostile> kHostile = {
    {"global_not_allowed", Program("cposix\nsystem\n"), kRuns, "calls posix.system"},
    {"right_name_of_another_module", Program("cn\ncall\n"), kRuns, "calls n.call"},
    {"stack_global", Program("\x8c\x02os\x8c\x06system\x93"), kRuns, "calls os.system"},
    {"stack_global_of_numbers", Program("K\1K\1\x93"), kBad, "a global's name is not text"},
    {"global_name_without_end", Program("c"s + std::string(600, 'm')), kBad, "over 512 bytes"},
    {"control_characters_in_a_name", Program("cm\x1b[2J\nx\n"), kRuns, "calls m\\x1b[2J.x"},
    {"call_of_a_name", Program("cm\nName\n)R"), kRuns, "calls m.Name"},
    {"call_of_a_call", Program("cm\ncall\n)R)R"), kRuns, "calls a value that it has made"},
    {"call_of_a_number", Program("K\1)R"), kRuns, "calls a value that it has made"},
    {"arguments_that_are_no_tuple", Program("cm\ncall\n]R"), kBad, "arguments are not a tuple"},
    {"build_on_a_call", Program("cm\ncall\n)R}b"), kRuns, "calls the __setstate__"},
    {"build_with_slots", Program("}}}\x86"s + "b"), kRuns, "calls the __setstate__"},
    {"instance", Program("(iposix\nsystem\n"), kRuns, "calls posix.system"},
    {"object", Program("(cm\nName\no"), kRuns, "to make an object"},
    {"new_object", Program("cm\nName\n)\x81"), kRuns, "to make an object"},
    {"new_object_with_keywords", Program("cm\nName\n)}\x92"), kRuns, "to make an object"},
    {"extension_1", Program("\x82\1"), kRuns, "extension registry"},
    {"extension_2", Program("\x83\1\1"), kRuns, "extension registry"},
    {"extension_4", Program("\x84\1\1\1\1"), kRuns, "extension registry"},
    {"dict_of_a_number", Program("ccollections\nOrderedDict\nK\1\x85R"), kBad, "what is no list"},
    {"dict_of_numbers", Program("ccollections\nOrderedDict\n]K\1a\x85R"), kBad, "not pairs"},
    {"text_opcode_of_protocol_0", Program("I1\n"), kUnsupported, "pickle opcode 0x49"},
    {"persistent_id_as_text", Program("Px\n"), kUnsupported, "pickle opcode 0x50"},
    {"out_of_band_buffer", Program("\x97"), kUnsupported, "pickle opcode 0x97"},
    {"protocol_0", "(dp0\n.", kBad, "does not begin as a pickle"},
    {"protocol_1", "\x80\x01N.", kUnsupported, "pickle protocol 1"},
    {"protocol_6", "\x80\x06N.", kUnsupported, "pickle protocol 6"},
    {"empty_stack", Program(""), kBad, "leaves no single value"},
    {"two_values", Program("NN"), kBad, "leaves no single value"},
    {"open_mark", Program("(N"), kBad, "leaves no single value"},
    {"pop_of_nothing", Program("0"), kBad, "stack is empty"},
    {"duplicate_of_nothing", Program("2"), kBad, "stack is empty"},
    {"tuple_of_too_few", Program("N\x86"), kBad, "stack is empty"},
    {"tuple_below_the_mark", Program("N(\x85"), kBad, "stack is empty"},
    {"tuple_without_mark", Program("Nt"), kBad, "has no mark"},
    {"key_without_value", Program("(Nd"), kBad, "a key without its value"},
    {"items_without_value", Program("}(Nu"), kBad, "a key without its value"},
    {"append_to_a_dict", Program("}Na"), kBad, "appends to what is not a list"},
    {"item_of_a_list", Program("]NNs"), kBad, "sets items of what is not a dict"},
    {"recall_of_nothing", Program("h\0"s), kBad, "recalls what it has not stored"},
    {"recall_of_a_gap", Program("Nq\5h\4"), kBad, "recalls what it has not stored"},
    {"memo_bomb", Program("Nr\xff\xff\xff\xff"), kBad, "memo is too large"},
    {"mark_bomb", Program(Many("(", kMaxPickleStack + 1)), kBad, "stack is too deep"},
    {"stack_bomb", Program("N" + Many("2", kMaxPickleStack)), kBad, "stack is too deep"},
    {"value_bomb", Program(Many("N0", kMaxPickleValues + 1)), kBad, "too many pickled values"},
    {"item_bomb", Program("Nq\0"s + Many("](" + Many("h\0"s, 1'000'000) + "e0", 9)), kBad,
     "too many pickled items"},
};

BOOST_AUTO_TEST_SUITE(pickle)

BOOST_TEST_DECORATOR(*carnet::test::LongOnOneThread())
BOOST_DATA_TEST_CASE(refuses_hostile_pickle, boost::unit_test::data::make(kHostile)) {
  CHECK_ERROR(ParseWhole(sample.program), sample.code, sample.reason);
}

// As Python's pickle.dumps writes it at each protocol.
BOOST_AUTO_TEST_CASE(reads_values_of_every_kind) {
  const std::string program = Program(
      "}q\0(X\1\0\0\0aK\7X\1\0\0\0bJ\xfe\xff\xff\xffX\1\0\0\0c\x8a\1\x80"s
      "X\1\0\0\0d\x88X\1\0\0\0eNX\1\0\0\0fG\0\0\0\0\0\0\0\0"s
      "X\1\0\0\0g]q\1(K\1K\2eX\1\0\0\0hM\1\2K\1\x86u"s);
  REQUIRE_VALUE(const Pickle pickle, ParseWhole(program));
  const auto items = pickle.items(pickle.root());
  BOOST_REQUIRE_EQUAL(items.size(), 16u);
  const auto value = [&](size_t i) { return pickle.at(items[2 * i + 1]); };
  for (size_t i = 0; i < 8; ++i) {
    BOOST_CHECK_EQUAL(pickle.text(pickle.at(items[2 * i])), std::string(1, "abcdefgh"[i]));
  }
  BOOST_CHECK_EQUAL(value(0).number, 7u);
  BOOST_CHECK(value(1).kind == Kind::kInt);
  BOOST_CHECK_EQUAL(value(1).number, static_cast<uint64_t>(-2));
  BOOST_CHECK_EQUAL(value(2).number, static_cast<uint64_t>(-128));
  BOOST_CHECK(value(3).kind == Kind::kBool && value(3).number == 1);
  BOOST_CHECK(value(4).kind == Kind::kNone);
  BOOST_CHECK(value(5).kind == Kind::kOther);
  BOOST_CHECK_EQUAL(pickle.items(value(6)).size(), 2u);
  BOOST_CHECK_EQUAL(pickle.at(pickle.items(value(7))[0]).number, 513u);
}

BOOST_AUTO_TEST_CASE(keeps_calls_persistent_values_and_dicts_as_data) {
  const std::string program = Program("ccollections\nOrderedDict\n)RK\1cm\ncall\nNQ\x85Rs}b");
  REQUIRE_VALUE(const Pickle pickle, ParseWhole(program));
  BOOST_CHECK(pickle.root().kind == Kind::kDict);
  const auto items = pickle.items(pickle.root());
  BOOST_REQUIRE_EQUAL(items.size(), 2u);
  const PickleValue& call = pickle.at(items[1]);
  BOOST_CHECK(call.kind == Kind::kCall);
  BOOST_CHECK_EQUAL(call.index, 1u);
  const PickleValue& arguments = pickle.at(pickle.items(call)[0]);
  const PickleValue& persistent = pickle.at(pickle.items(arguments)[0]);
  BOOST_CHECK(persistent.kind == Kind::kPersistent);
  BOOST_CHECK(pickle.at(pickle.items(persistent)[0]).kind == Kind::kNone);
}

BOOST_AUTO_TEST_CASE(python_2_gave_ordered_dicts_their_pairs) {
  const std::string program = Program(
      "ccollections\nOrderedDict\n](](U\1aK\1eK\1K\2\x86"s
      "e\x85R");
  REQUIRE_VALUE(const Pickle pickle, ParseWhole(program));
  const auto items = pickle.items(pickle.root());
  BOOST_REQUIRE_EQUAL(items.size(), 4u);
  BOOST_CHECK_EQUAL(pickle.text(pickle.at(items[0])), "a");
}

BOOST_AUTO_TEST_CASE(a_container_may_contain_itself) {
  const std::string program = Program("]q\0h\0a"s);
  REQUIRE_VALUE(const Pickle pickle, ParseWhole(program));
  BOOST_CHECK(&pickle.at(pickle.items(pickle.root())[0]) == &pickle.root());
}

BOOST_AUTO_TEST_CASE(wants_more_of_every_prefix) {
  const std::string program =
      Program("}(X\1\0\0\0aK\7\x8c\1bcm\ncall\nNQ\x85RC\2xyM\1\2\x8a\3abcNu\x94"s);
  for (size_t size = 0; size < program.size(); ++size) {
    REQUIRE_VALUE(const auto pickle, ParsePickle(AsBytes(program).first(size), kAllowed));
    BOOST_CHECK_MESSAGE(!pickle.has_value(), size);
  }
}

BOOST_AUTO_TEST_CASE(says_where_it_ends) {
  const std::string program = Program("N");
  const std::string longer = program + "more";
  REQUIRE_VALUE(const Pickle pickle, ParseWhole(longer));
  BOOST_CHECK_EQUAL(pickle.bytes(), program.size());
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
