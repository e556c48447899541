#include "artifact/safetensors.h"

#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

std::string LittleEndian(uint64_t value) {
  std::string bytes;
  for (int i = 0; i < 8; ++i) bytes += static_cast<char>(value >> (8 * i));
  return bytes;
}

// Parses a file that consists of the header `json` with its true length, and of `data_bytes`.
Result<WeightHeader> Parse(const std::string& json, uint64_t data_bytes) {
  const std::string header = LittleEndian(json.size()) + json;
  return ParseSafetensorsHeader(AsBytes(header), header.size() + data_bytes);
}

struct HostileHeader {
  const char* label;
  std::string json;
  uint64_t data_bytes;
  ErrorCode code;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const HostileHeader& bad) { return out << bad.label; }

std::string Tensor(const std::string& name, const std::string& dtype, const std::string& shape,
                   const std::string& offsets) {
  return "\"" + name + "\":{\"dtype\":\"" + dtype + "\",\"shape\":" + shape +
         ",\"data_offsets\":" + offsets + "}";
}
std::string One(const std::string& dtype, const std::string& shape, const std::string& offsets) {
  return "{" + Tensor("w", dtype, shape, offsets) + "}";
}

constexpr ErrorCode kBad = ErrorCode::kMalformed;

const std::vector<HostileHeader> kHostile = {
    {"empty_header", "", 0, kBad, "not a JSON object"},
    {"array", "[]", 0, kBad, "not a JSON object"},
    {"space_before", " {}", 0, kBad, "not a JSON object"},
    {"newline_behind", "{}\n", 0, kBad, "not a JSON object"},
    {"zero_padding", std::string("{}\0\0", 4), 0, kBad, "not a JSON object"},
    {"two_objects", "{}{}", 0, kBad, ""},
    {"cut_short", "{\"w\":}", 0, kBad, ""},
    {"not_utf8", "{\"__metadata__\":{\"a\":\"\xff\"}}", 0, kBad, ""},
    {"name_twice",
     "{" + Tensor("w", "U8", "[1]", "[0,1]") + "," + Tensor("w", "U8", "[1]", "[1,2]") + "}", 2,
     kBad, "w"},
    {"name_twice_escaped",
     "{" + Tensor("w", "U8", "[1]", "[0,1]") + "," + Tensor("\\u0077", "U8", "[1]", "[1,2]") + "}",
     2, kBad, "w"},
    {"member_twice",
     "{\"w\":{\"dtype\":\"U8\",\"dtype\":\"U8\",\"shape\":[],\"data_offsets\":[0,1]}}", 1, kBad,
     "dtype"},
    {"overlap",
     "{" + Tensor("a", "U8", "[2]", "[0,2]") + "," + Tensor("b", "U8", "[2]", "[1,3]") + "}", 3,
     kBad, "tensor \"b\": overlaps"},
    {"same_bytes_twice",
     "{" + Tensor("a", "U8", "[2]", "[0,2]") + "," + Tensor("b", "U8", "[2]", "[0,2]") + "}", 2,
     kBad, "overlaps"},
    {"empty_inside_another",
     "{" + Tensor("a", "U8", "[2]", "[0,2]") + "," + Tensor("b", "U8", "[0]", "[1,1]") + "}", 2,
     kBad, "overlaps"},
    {"hole",
     "{" + Tensor("a", "U8", "[1]", "[0,1]") + "," + Tensor("b", "U8", "[1]", "[2,3]") + "}", 3,
     kBad, "tensor \"b\": leaves a gap"},
    {"gap_at_start", One("U8", "[1]", "[1,2]"), 2, kBad, "leaves a gap"},
    {"gap_at_end", One("U8", "[1]", "[0,1]"), 2, kBad, "trailing data after the last tensor"},
    {"data_without_tensor", "{}", 1, kBad, "trailing data after the last tensor"},
    {"beyond_file", One("U8", "[2]", "[0,2]"), 1, kBad, "beyond the end of the file"},
    {"begin_after_end", One("U8", "[1]", "[1,0]"), 1, kBad, "begin is after end"},
    {"wrong_length", One("F32", "[2]", "[0,4]"), 4, kBad, "length does not follow from shape"},
    {"scalar_too_long", One("F32", "[]", "[0,8]"), 8, kBad, "length does not follow from shape"},
    {"half_a_byte", One("F4", "[1]", "[0,0]"), 0, kBad, "length does not follow from shape"},
    {"six_bits_not_whole_bytes", One("F6_E2M3", "[2]", "[0,1]"), 1, kBad, "length does not follow"},
    {"shape_overflow", One("U8", "[4294967296,4294967296]", "[0,0]"), 0, kBad, "product overflows"},
    {"shape_overflow_before_zero", One("U8", "[18446744073709551615,2,0]", "[0,0]"), 0, kBad,
     "product overflows"},
    {"bits_overflow", One("F64", "[576460752303423488]", "[0,0]"), 0, kBad, "size overflows"},
    {"unknown_dtype", One("F128", "[1]", "[0,16]"), 16, ErrorCode::kUnsupported,
     "unknown dtype \"F128\""},
    {"dtype_in_small_letters", One("f32", "[1]", "[0,4]"), 4, ErrorCode::kUnsupported,
     "unknown dtype"},
    {"negative_dimension", One("U8", "[-1]", "[0,1]"), 1, kBad, "shape: not an unsigned"},
    {"fraction", One("U8", "[1.0]", "[0,1]"), 1, kBad, "shape: not an unsigned"},
    {"exponent", One("U8", "[1e0]", "[0,1]"), 1, kBad, "shape: not an unsigned"},
    {"beyond_64_bits", One("U8", "[18446744073709551616]", "[0,1]"), 1, kBad,
     "shape: not an unsigned"},
    {"three_offsets", One("U8", "[1]", "[0,1,1]"), 1, kBad, "must be two numbers"},
    {"offset_as_text", One("U8", "[1]", "[\"0\",1]"), 1, kBad, "data_offsets: not an unsigned"},
    {"no_shape", "{\"w\":{\"dtype\":\"U8\",\"data_offsets\":[0,1]}}", 1, kBad, "shape: missing"},
    {"shape_no_array", One("U8", "{}", "[0,1]"), 1, kBad, "shape: must be of type array"},
    {"unknown_member", "{\"w\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1],\"x\":1}}", 1,
     kBad, "unknown member"},
    {"tensor_no_object", "{\"w\":1}", 0, kBad, "must be of type object"},
    {"metadata_no_object", "{\"__metadata__\":[]}", 0, kBad, "__metadata__"},
    {"metadata_with_number", "{\"__metadata__\":{\"a\":1}}", 0, kBad, "not a string"},
    {"too_deep", "{\"w\":" + std::string(100, '[') + std::string(100, ']') + "}", 0, kBad, "deep"},
    {"too_many_dimensions",
     One(
         "U8",
         "[1" +
             [] {
               std::string s;
               for (int i = 0; i < 64; ++i) s += ",1";
               return s;
             }() +
             "]",
         "[0,1]"),
     1, kBad, "too many numbers"},
};

BOOST_AUTO_TEST_SUITE(safetensors)

BOOST_DATA_TEST_CASE(refuses_hostile_header, boost::unit_test::data::make(kHostile)) {
  CHECK_ERROR(Parse(sample.json, sample.data_bytes), sample.code, sample.reason);
}

BOOST_AUTO_TEST_CASE(refuses_length_beyond_file_and_beyond_its_limit) {
  const auto length = [](uint64_t n, uint64_t file_bytes) {
    return SafetensorsHeaderBytes(AsBytes(LittleEndian(n)), file_bytes);
  };
  BOOST_CHECK_EQUAL(length(100'000'000, 100'000'008).value(), 100'000'008u);
  CHECK_ERROR(length(100'000'000, 100'000'007), kBad, "longer than the file");
  CHECK_ERROR(length(100'000'001, UINT64_MAX), kBad, "over 100,000,000 bytes");
  CHECK_ERROR(length(UINT64_MAX, UINT64_MAX), kBad, "over 100,000,000 bytes");
  CHECK_ERROR(SafetensorsHeaderBytes(AsBytes("1234567"), 7), kBad, "shorter than its length field");
  CHECK_ERROR(SafetensorsHeaderBytes({}, 0), kBad, "shorter than its length field");
}

BOOST_AUTO_TEST_CASE(refuses_header_that_is_not_all_there) {
  const std::string header = LittleEndian(4) + "{} ";
  CHECK_ERROR(ParseSafetensorsHeader(AsBytes(header), 12), kBad, "truncated");
}

BOOST_AUTO_TEST_CASE(places_tensors_in_the_order_of_their_bytes) {
  REQUIRE_VALUE(const WeightHeader header, Parse("{\"__metadata__\":{\"format\":\"pt\"}," +
                                                     Tensor("b", "BF16", "[2,3]", "[4,16]") + "," +
                                                     Tensor("z", "F32", "[0,9]", "[4,4]") + "," +
                                                     Tensor("a", "F32", "[]", "[0,4]") + "," +
                                                     Tensor("c", "F4", "[2,2]", "[16,18]") + "}   ",
                                                 18));
  BOOST_REQUIRE_EQUAL(header.tensors.size(), 4u);
  const char* const names[] = {"a", "z", "b", "c"};
  const uint64_t elements[] = {1, 0, 6, 4};
  const uint64_t ends[] = {4, 4, 16, 18};
  for (size_t i = 0; i < 4; ++i) {
    BOOST_CHECK_EQUAL(header.tensors[i].name, names[i]);
    BOOST_CHECK_EQUAL(header.tensors[i].elements, elements[i]);
    BOOST_CHECK_EQUAL(header.tensors[i].end - header.data_begin, ends[i]);
    BOOST_CHECK_EQUAL(header.tensors[i].packed, i == 3);
  }
  BOOST_CHECK_EQUAL(header.tensors[2].shape.size(), 2u);
  BOOST_CHECK_EQUAL(header.tensors[2].shape[0], 2u);
}

BOOST_AUTO_TEST_CASE(refuses_shard_index_that_does_not_follow_its_format) {
  const auto refused = [](const char* text, const char* reason) {
    CHECK_ERROR(ParseShardIndex(text), kBad, reason);
  };
  refused("[]", "not a JSON object");
  refused("{}", "weight_map: missing");
  refused("{\"weight_map\":[]}", "weight_map: must be of type object");
  refused("{\"weight_map\":{}}", "weight_map: is empty");
  refused("{\"weight_map\":{\"a\":1}}", "tensor \"a\": file is not a string");
  refused("{\"weight_map\":{\"a\":\"../x\"}}",
          "tensor \"a\": file is not in the folder of the index");
  refused("{\"weight_map\":{\"a\":\"x\",\"a\":\"y\"}}", "weight_map");
  refused("{\"weight_map\":{\"a\":\"x\"}} x", "");
  REQUIRE_VALUE(const ShardIndex index,
                ParseShardIndex("{\"metadata\":{\"total_size\":1},"
                                "\"weight_map\":{\"a\":\"x\",\"b\":\"x\"}}"));
  BOOST_CHECK_EQUAL(index.weight_map.size(), 2u);
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
