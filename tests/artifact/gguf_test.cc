#include "artifact/gguf.h"

#include <functional>

#include "tests/support/test.h"

namespace carnet::artifact {
namespace {

std::string Le(uint64_t value, int bytes) {
  std::string text;
  for (int i = 0; i < bytes; ++i) text += static_cast<char>(value >> (8 * i));
  return text;
}
std::string U32(uint64_t value) { return Le(value, 4); }
std::string U64(uint64_t value) { return Le(value, 8); }
std::string Str(const std::string& text) { return U64(text.size()) + text; }
std::string Kv(const std::string& key, uint32_t type, const std::string& value) {
  return Str(key) + U32(type) + value;
}

struct Tensor {
  std::string name;
  std::vector<uint64_t> dims;
  uint32_t type;
  uint64_t offset;
};

// A file in parts, each of which a test can spoil.
struct File {
  std::string magic = "GGUF";
  uint32_t version = 3;
  std::vector<std::string> key_values;
  std::vector<Tensor> tensors = {{"a", {4, 2}, 0, 0}, {"b", {32}, 2, 32}};
  uint64_t data_bytes = 64;
  uint64_t alignment = 32;
  std::optional<uint64_t> tensor_count = std::nullopt;
  std::optional<uint64_t> key_count = std::nullopt;
  char padding = 0;

  std::string Bytes() const {
    std::string text = magic + U32(version) + U64(tensor_count.value_or(tensors.size())) +
                       U64(key_count.value_or(key_values.size()));
    for (const std::string& item : key_values) text += item;
    for (const Tensor& tensor : tensors) {
      text += Str(tensor.name) + U32(tensor.dims.size());
      for (const uint64_t dimension : tensor.dims) text += U64(dimension);
      text += U32(tensor.type) + U64(tensor.offset);
    }
    while (text.size() % alignment != 0) text += padding;
    return text + std::string(data_bytes, 'd');
  }
};

Result<WeightHeader> ParseWhole(const std::string& bytes) {
  CARNET_TRY(auto header, ParseGgufHeader(AsBytes(bytes), bytes.size()));
  BOOST_REQUIRE_MESSAGE(header.has_value(), "wants more than the whole file");
  return std::move(*header);
}

struct Hostile {
  const char* label;
  std::function<void(File&)> spoil;
  ErrorCode code;
  const char* reason;
};
std::ostream& operator<<(std::ostream& out, const Hostile& bad) { return out << bad.label; }

constexpr ErrorCode kBad = ErrorCode::kMalformed;
constexpr ErrorCode kUnsupported = ErrorCode::kUnsupported;

void AddKey(File& file, const std::string& item) { file.key_values.push_back(item); }

std::string NestedArrays(int depth) {
  std::string value;
  for (int i = 1; i < depth; ++i) value += U32(9) + U64(1);
  return value + U32(0) + U64(0);
}

const std::vector<Hostile> kHostile = {
    {"architecture that is a number",
     [](File& f) { AddKey(f, Kv("general.architecture", 4, U32(1))); }, kBad,
     "key \"general.architecture\": is not a string"},
    {"magic", [](File& f) { f.magic = "GGML"; }, kBad, "does not start with GGUF"},
    {"version_1", [](File& f) { f.version = 1; }, kUnsupported, "GGUF version 1"},
    {"version_2", [](File& f) { f.version = 2; }, kUnsupported, "GGUF version 2"},
    {"version_4", [](File& f) { f.version = 4; }, kUnsupported, "GGUF version 4"},
    {"byte_swapped", [](File& f) { f.version = 0x03000000; }, kUnsupported, "big-endian"},
    {"huge_tensor_count", [](File& f) { f.tensor_count = UINT64_MAX; }, kBad, "too many tensors"},
    {"tensor_count_just_too_high", [](File& f) { f.tensor_count = (1 << 20) + 1; }, kBad,
     "too many tensors"},
    {"tensor_count_beyond_file", [](File& f) { f.tensor_count = 1 << 20; }, kBad, ""},
    {"huge_key_count", [](File& f) { f.key_count = UINT64_MAX; }, kBad, "too many key-values"},
    {"key_count_beyond_file", [](File& f) { f.key_count = 65'536; }, kBad, ""},
    {"key_twice", [](File& f) { AddKey(f, Kv("k", 0, "x")), AddKey(f, Kv("k", 0, "x")); }, kBad,
     "a key appears more than once"},
    {"empty_key", [](File& f) { AddKey(f, Kv("", 0, "x")); }, kBad,
     "key is empty or over 65,535 bytes"},
    {"long_key", [](File& f) { AddKey(f, Kv(std::string(65'536, 'k'), 0, "x")); }, kBad,
     "key is empty or over 65,535 bytes"},
    {"key_not_ascii", [](File& f) { AddKey(f, Kv("\u00fc", 0, "x")); }, kBad, "is not ASCII"},
    {"unknown_value_type", [](File& f) { AddKey(f, Kv("k", 13, "")); }, kBad,
     "unknown value type 13"},
    {"bad_bool", [](File& f) { AddKey(f, Kv("k", 7, "\2")); }, kBad, "bool is neither 0 nor 1"},
    {"bad_bool_in_array", [](File& f) { AddKey(f, Kv("k", 9, U32(7) + U64(2) + "\1\377")); }, kBad,
     "bool is neither 0 nor 1"},
    {"string_beyond_file", [](File& f) { AddKey(f, Kv("k", 8, U64(1'000'000))); }, kBad,
     "longer than the file"},
    {"string_length_overflow", [](File& f) { AddKey(f, Kv("k", 8, U64(UINT64_MAX))); }, kBad,
     "longer than the file"},
    {"array_size_overflow", [](File& f) { AddKey(f, Kv("k", 9, U32(12) + U64(UINT64_MAX / 4))); },
     kBad, "array size overflows"},
    {"array_beyond_file", [](File& f) { AddKey(f, Kv("k", 9, U32(0) + U64(UINT64_MAX))); }, kBad,
     "longer than the file"},
    {"string_array_beyond_file", [](File& f) { AddKey(f, Kv("k", 9, U32(8) + U64(UINT64_MAX))); },
     kBad, ""},
    {"array_of_unknown_type", [](File& f) { AddKey(f, Kv("k", 9, U32(99) + U64(0))); }, kBad,
     "unknown value type 99"},
    {"arrays_too_deep", [](File& f) { AddKey(f, Kv("k", 9, NestedArrays(5))); }, kBad,
     "nested too deeply"},
    {"arrays_very_deep", [](File& f) { AddKey(f, Kv("k", 9, NestedArrays(100'000))); }, kBad,
     "nested too deeply"},
    {"alignment_12", [](File& f) { AddKey(f, Kv("general.alignment", 4, U32(12))); }, kBad,
     "not a multiple of 8"},
    {"alignment_0", [](File& f) { AddKey(f, Kv("general.alignment", 4, U32(0))); }, kBad,
     "not a multiple of 8"},
    {"alignment_no_u32", [](File& f) { AddKey(f, Kv("general.alignment", 10, U64(32))); }, kBad,
     "is not a u32"},
    {"alignment_huge", [](File& f) { AddKey(f, Kv("general.alignment", 4, U32(1 << 30))); },
     kUnsupported, "over 65,536"},
    {"name_twice", [](File& f) { f.tensors[1].name = "a"; }, kBad,
     "tensor name appears more than once"},
    {"long_name", [](File& f) { f.tensors[0].name = std::string(65, 'n'); }, kBad, "over 64 bytes"},
    {"five_dimensions",
     [](File& f) {
       f.tensors[0].dims = {8, 1, 1, 1, 1};
     },
     kBad, "more than 4 dimensions"},
    {"shape_overflow",
     [](File& f) {
       f.tensors[0].dims = {1ull << 32, 1ull << 32, 1};
     },
     kBad, "product of the shape overflows"},
    {"size_overflow", [](File& f) { f.tensors[0].dims = {1ull << 62}; }, kBad, "size overflows"},
    {"removed_type", [](File& f) { f.tensors[0].type = 4; }, kUnsupported, "unknown tensor type 4"},
    {"working_type", [](File& f) { f.tensors[0].type = 9; }, kUnsupported, "unknown tensor type 9"},
    {"newer_type", [](File& f) { f.tensors[0].type = 40; }, kUnsupported, "unknown tensor type 40"},
    {"no_whole_blocks",
     [](File& f) {
       f.tensors[1].dims = {16, 2};
     },
     kBad, "tensor \"b\": rows are not whole blocks"},
    {"packed_scalar", [](File& f) { f.tensors[1].dims = {}; }, kBad, "rows are not whole blocks"},
    {"offset_not_aligned", [](File& f) { f.tensors[1].offset = 33; }, kBad,
     "tensor \"b\": offset is not aligned"},
    {"overlap", [](File& f) { f.tensors[1].offset = 0; }, kBad, "overlaps the one before it"},
    {"hole", [](File& f) { f.tensors[1].offset = 64, f.data_bytes = 96; }, kBad,
     "leaves a gap before it"},
    {"gap_at_start",
     [](File& f) {
       f.tensors = {{"a", {8}, 0, 32}};
     },
     kBad, "leaves a gap before it"},
    {"order_of_offsets", [](File& f) { std::swap(f.tensors[0], f.tensors[1]); }, kBad,
     "leaves a gap before it"},
    {"beyond_file", [](File& f) { f.data_bytes = 49; }, kBad, "ends beyond the end of the file"},
    {"offset_overflow", [](File& f) { f.tensors[1].offset = UINT64_MAX - 31; }, kBad, "a gap"},
    {"gap_at_end", [](File& f) { f.data_bytes = 65; }, kBad, "trailing data after the last tensor"},
    {"half_padding_at_end", [](File& f) { f.data_bytes = 51; }, kBad,
     "trailing data after the last tensor"},
    {"data_without_tensor", [](File& f) { f.tensors.clear(), f.data_bytes = 1; }, kBad,
     "trailing data after the last tensor"},
    {"padding_not_zero", [](File& f) { f.padding = 'x'; }, kBad, "header padding"},
};

BOOST_AUTO_TEST_SUITE(gguf)

BOOST_DATA_TEST_CASE(refuses_hostile_header, boost::unit_test::data::make(kHostile)) {
  File file;
  sample.spoil(file);
  CHECK_ERROR(ParseWhole(file.Bytes()), sample.code, sample.reason);
}

BOOST_AUTO_TEST_CASE(accepts_the_file_that_the_hostile_ones_are_made_of) {
  File file;
  for (const uint64_t data_bytes : {50u, 64u}) {  // without and with padding behind the last
    file.data_bytes = data_bytes;
    const std::string bytes = file.Bytes();
    REQUIRE_VALUE(const WeightHeader header, ParseWhole(bytes));
    BOOST_CHECK_EQUAL(header.data_begin, bytes.size() - data_bytes);
    BOOST_REQUIRE_EQUAL(header.tensors.size(), 2u);
    BOOST_CHECK_EQUAL(header.tensors[0].dtype, "F32");
    BOOST_REQUIRE_EQUAL(header.tensors[0].shape.size(), 2u);
    BOOST_CHECK_EQUAL(header.tensors[0].shape[0], 2u);  // outermost first
    BOOST_CHECK_EQUAL(header.tensors[0].shape[1], 4u);
    BOOST_CHECK(!header.tensors[0].packed);
    BOOST_CHECK_EQUAL(header.tensors[1].dtype, "Q4_0");
    BOOST_CHECK(header.tensors[1].packed);
    BOOST_CHECK_EQUAL(header.tensors[1].elements, 32u);
    BOOST_CHECK_EQUAL(header.tensors[1].begin, header.data_begin + 32);
    BOOST_CHECK_EQUAL(header.tensors[1].end, header.data_begin + 50);
  }
}

BOOST_AUTO_TEST_CASE(tells_how_many_experts_its_own_architecture_uses) {
  File file;
  AddKey(file, Kv("llama.expert_used_count", 4, U32(1)));  // of another
  AddKey(file, Kv("qwen3moe.expert_used_count", 4, U32(8)));
  REQUIRE_VALUE(const WeightHeader nameless, ParseWhole(file.Bytes()));
  BOOST_CHECK(!nameless.config);
  AddKey(file, Kv("general.architecture", 8, Str("qwen3moe")));
  REQUIRE_VALUE(const WeightHeader header, ParseWhole(file.Bytes()));
  const ModelConfig expected{"qwen3moe", false, {{"expert_used_count", 8}}};
  BOOST_CHECK(header.config == expected);
  file.key_values[1] = Kv("qwen3moe.expert_used_count", 10, U64(8));  // of a type that none reads
  REQUIRE_VALUE(const WeightHeader other, ParseWhole(file.Bytes()));
  BOOST_REQUIRE(other.config.has_value());
  BOOST_CHECK(other.config->numbers.empty());
}

BOOST_AUTO_TEST_CASE(accepts_arrays_four_deep_and_every_value_type) {
  File file;
  AddKey(file, Kv("deep", 9, NestedArrays(4)));
  const int sizes[] = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};
  for (uint32_t type = 0; type <= 12; ++type) {
    if (type != 8 && type != 9)
      AddKey(file, Kv("k" + std::to_string(type), type, Le(1, sizes[type])));
  }
  AddKey(file, Kv("s", 8, Str("text")));
  AddKey(file, Kv("a", 9, U32(8) + U64(2) + Str("") + Str("x")));
  BOOST_CHECK(ParseWhole(file.Bytes()).has_value());
}

BOOST_AUTO_TEST_CASE(wants_more_of_every_prefix_and_refuses_every_file_cut_there) {
  File file;
  AddKey(file, Kv("s", 8, Str("text")));
  AddKey(file, Kv("a", 9, U32(8) + U64(2) + Str("") + Str("x")));
  const std::string bytes = file.Bytes();
  const size_t header_bytes = bytes.size() - file.data_bytes;
  for (size_t size = 0; size < header_bytes; ++size) {
    const ByteSpan prefix = AsBytes(bytes).first(size);
    REQUIRE_VALUE(const auto header, ParseGgufHeader(prefix, bytes.size()));
    BOOST_CHECK(!header.has_value());
    BOOST_CHECK(!ParseGgufHeader(prefix, size).has_value());
  }
  REQUIRE_VALUE(const auto header,
                ParseGgufHeader(AsBytes(bytes).first(header_bytes), bytes.size()));
  BOOST_CHECK(header.has_value());
}

BOOST_AUTO_TEST_CASE(refuses_header_beyond_its_limit) {
  File file;
  AddKey(file, Kv("k", 9, U32(0) + U64(200'000'000)));
  std::string bytes = file.Bytes();
  bytes.resize(kMaxHeaderBytes);
  CHECK_ERROR(ParseGgufHeader(AsBytes(bytes), 400'000'000), kBad, "over 100,000,000 bytes");
}

BOOST_AUTO_TEST_CASE(file_without_tensors_may_lack_padding) {
  File file;
  file.tensors.clear();
  file.data_bytes = 0;
  BOOST_CHECK(ParseWhole(file.Bytes()).has_value());
  file.alignment = 1;
  const std::string bytes = file.Bytes();
  BOOST_REQUIRE_NE(bytes.size() % 32, 0u);
  BOOST_CHECK(ParseWhole(bytes).has_value());
  CHECK_ERROR(ParseWhole(bytes + std::string(1, '\0')), kBad, "longer than the file");
}

BOOST_AUTO_TEST_SUITE_END()

}  // namespace
}  // namespace carnet::artifact
