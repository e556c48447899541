#include "artifact/gguf.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>
#include <string_view>

#include "core/byte_reader.h"
#include "core/utf8.h"

namespace carnet::artifact {
namespace {

constexpr uint32_t kVersion = 3;
constexpr uint64_t kMaxKeyBytes = 65'535;
constexpr uint64_t kMaxKeyValues = 65'536;  // against memory: keys are compared for duplicates
constexpr uint32_t kMaxArrayDepth = 4;      // against the stack
constexpr uint64_t kMaxGgufNameBytes = 64;
constexpr uint32_t kMaxGgufDimensions = 4;
constexpr uint64_t kDefaultAlignment = 32;
constexpr uint64_t kMaxAlignment = 65'536;  // padding is a hole that no tensor root covers
constexpr std::string_view kAlignmentKey = "general.alignment";
constexpr std::string_view kArchitectureKey = "general.architecture";
constexpr std::string_view kExpertsUsed = ".expert_used_count";  // after the architecture

enum ValueType : uint32_t { kUint32 = 4, kBool = 7, kString = 8, kArray = 9, kLastType = 12 };

// Bytes of a value of each type; 0 for strings and arrays.
constexpr std::array<uint8_t, kLastType + 1> kValueBytes = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

struct GgmlType {
  uint32_t id;
  std::string_view name;
  uint32_t block_elements;
  uint32_t block_bytes;
};

// ggml's type_traits. Left out, and so refused: types removed from the format, the working formats
// Q8_1 and Q8_K, which no file contains, and types newer than this table.
constexpr std::array<GgmlType, 30> kTypes = {{
    {0, "F32", 1, 4},         {1, "F16", 1, 2},         {2, "Q4_0", 32, 18},
    {3, "Q4_1", 32, 20},      {6, "Q5_0", 32, 22},      {7, "Q5_1", 32, 24},
    {8, "Q8_0", 32, 34},      {10, "Q2_K", 256, 84},    {11, "Q3_K", 256, 110},
    {12, "Q4_K", 256, 144},   {13, "Q5_K", 256, 176},   {14, "Q6_K", 256, 210},
    {16, "IQ2_XXS", 256, 66}, {17, "IQ2_XS", 256, 74},  {18, "IQ3_XXS", 256, 98},
    {19, "IQ1_S", 256, 50},   {20, "IQ4_NL", 32, 18},   {21, "IQ3_S", 256, 110},
    {22, "IQ2_S", 256, 82},   {23, "IQ4_XS", 256, 136}, {24, "I8", 1, 1},
    {25, "I16", 1, 2},        {26, "I32", 1, 4},        {27, "I64", 1, 8},
    {28, "F64", 1, 8},        {29, "IQ1_M", 256, 56},   {30, "BF16", 1, 2},
    {34, "TQ1_0", 256, 54},   {35, "TQ2_0", 256, 66},   {39, "MXFP4", 32, 17},
}};

const GgmlType* FindType(uint32_t id) {
  const auto found = std::find_if(kTypes.begin(), kTypes.end(),
                                  [&](const GgmlType& type) { return type.id == id; });
  return found == kTypes.end() ? nullptr : &*found;
}

uint64_t AlignUp(uint64_t offset, uint64_t alignment) {
  return (offset + alignment - 1) / alignment * alignment;
}

bool IsAscii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; });
}

class Parser {
 public:
  Parser(ByteSpan prefix, uint64_t file_bytes)
      : reader_(prefix), prefix_bytes_(prefix.size()), file_bytes_(file_bytes) {}

  // True after an error that means no more than that bytes are missing.
  bool wants_more() const { return wants_more_; }

  Result<WeightHeader> Parse() {
    CARNET_TRY_VOID(CheckMagicAndVersion());
    CARNET_TRY(const uint64_t tensor_count, U64());
    CARNET_TRY(const uint64_t key_count, U64());
    if (tensor_count > kMaxTensors) return Malformed("too many tensors");
    if (key_count > kMaxKeyValues) return Malformed("too many key-values");
    for (uint64_t i = 0; i < key_count; ++i) CARNET_TRY_VOID(KeyValue());
    if (HasDuplicate(keys_)) return Malformed("a key appears more than once");
    WeightHeader header{{}, 0};
    for (uint64_t i = 0; i < tensor_count; ++i) {
      CARNET_TRY(TensorInfo tensor, Tensor());
      header.tensors.push_back(std::move(tensor));
    }
    CARNET_TRY_VOID(CheckNames(header.tensors));
    CARNET_TRY(header.data_begin, HeaderPadding(header.tensors.empty()));
    CARNET_TRY_VOID(PlaceTensors(header));
    header.config = Config();
    return header;
  }

 private:
  uint64_t consumed() const { return prefix_bytes_ - reader_.remaining(); }

  Result<ByteSpan> Take(uint64_t count) {
    if (count > file_bytes_ - consumed()) return Malformed("header is longer than the file");
    if (const auto bytes = reader_.Take(count)) return *bytes;
    wants_more_ = true;
    return Malformed("header is over 100,000,000 bytes");
  }
  Result<uint32_t> U32() {
    CARNET_TRY(const ByteSpan bytes, Take(4));
    return *ByteReader(bytes).U32Le();
  }
  Result<uint64_t> U64() {
    CARNET_TRY(const ByteSpan bytes, Take(8));
    return *ByteReader(bytes).U64Le();
  }
  Result<std::string_view> String() {
    CARNET_TRY(const uint64_t length, U64());
    CARNET_TRY(const ByteSpan bytes, Take(length));
    return AsText(bytes);
  }

  Result<> CheckMagicAndVersion() {
    CARNET_TRY(const ByteSpan magic, Take(4));
    if (AsText(magic) != "GGUF") return Malformed("does not start with GGUF");
    CARNET_TRY(const uint32_t version, U32());
    if (version == __builtin_bswap32(kVersion)) return Unsupported("big-endian GGUF");
    if (version != kVersion) return Unsupported(fmt::format("GGUF version {}", version));
    return Ok();
  }

  Result<> KeyValue() {
    CARNET_TRY(const std::string_view key, String());
    if (key.empty() || key.size() > kMaxKeyBytes) {
      return Malformed("key is empty or over 65,535 bytes");
    }
    if (!IsAscii(key)) return Malformed(fmt::format("key \"{}\" is not ASCII", Printable(key)));
    keys_.push_back(key);
    CARNET_TRY(const uint32_t type, U32());
    const auto value = key == kAlignmentKey          ? Alignment(type)
                       : key == kArchitectureKey     ? Architecture(type)
                       : key.ends_with(kExpertsUsed) ? ExpertsUsed(key, type)
                                                     : Values(type, 1, 0);
    if (!value) return value.error().In(fmt::format("key \"{}\"", Printable(key)));
    return Ok();
  }

  Result<> Alignment(uint32_t type) {
    if (type != kUint32) return Malformed("is not a u32");
    CARNET_TRY(const uint32_t alignment, U32());
    if (alignment == 0 || alignment % 8 != 0) return Malformed("is not a multiple of 8");
    if (alignment > kMaxAlignment) return Unsupported("is over 65,536");
    alignment_ = alignment;
    return Ok();
  }

  Result<> Architecture(uint32_t type) {
    if (type != kString) return Malformed("is not a string");
    CARNET_TRY(architecture_, String());
    return Ok();
  }

  Result<> ExpertsUsed(std::string_view key, uint32_t type) {
    if (type != kUint32) return Values(type, 1, 0);  // which no reader of the format takes
    CARNET_TRY(const uint32_t count, U32());
    experts_used_.emplace(key, count);
    return Ok();
  }

  // Another architecture's key is nobody's.
  std::optional<ModelConfig> Config() const {
    if (architecture_.empty()) return std::nullopt;
    ModelConfig config{std::string(architecture_), false, {}};
    const auto used = experts_used_.find(config.model_type + std::string(kExpertsUsed));
    if (used != experts_used_.end()) config.numbers.emplace(kExpertsUsed.substr(1), used->second);
    return config;
  }

  // Skips `count` values of one type. `depth` is that of the arrays around them.
  Result<> Values(uint32_t type, uint64_t count, uint32_t depth) {
    if (type > kLastType) return Malformed(fmt::format("unknown value type {}", type));
    if (type == kString) {
      for (uint64_t i = 0; i < count; ++i) CARNET_TRY_VOID(String());
      return Ok();
    }
    if (type == kArray) {
      for (uint64_t i = 0; i < count; ++i) CARNET_TRY_VOID(Array(depth + 1));
      return Ok();
    }
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(count, uint64_t{kValueBytes[type]}, &bytes)) {
      return Malformed("array size overflows 64 bits");
    }
    CARNET_TRY(const ByteSpan values, Take(bytes));
    if (type != kBool) return Ok();
    const bool spelt = std::all_of(values.begin(), values.end(), [](uint8_t b) { return b <= 1; });
    if (!spelt) return Malformed("bool is neither 0 nor 1");
    return Ok();
  }

  Result<> Array(uint32_t depth) {
    if (depth > kMaxArrayDepth) return Malformed("arrays are nested too deeply");
    CARNET_TRY(const uint32_t type, U32());
    CARNET_TRY(const uint64_t count, U64());
    return Values(type, count, depth);
  }

  Result<TensorInfo> Tensor() {
    CARNET_TRY(const std::string_view name, String());
    if (name.size() > kMaxGgufNameBytes) return Malformed("tensor name is over 64 bytes");
    auto tensor = TensorNamed(name);
    if (!tensor) return tensor.error().In(fmt::format("tensor \"{}\"", Printable(name)));
    return tensor;
  }

  // `begin` is the offset within the data, `end` the length, until PlaceTensors.
  Result<TensorInfo> TensorNamed(std::string_view name) {
    CARNET_TRY(const uint32_t dimensions, U32());
    if (dimensions > kMaxGgufDimensions) return Malformed("more than 4 dimensions");
    std::vector<uint64_t> shape(dimensions);
    for (uint64_t& dimension : shape) {
      CARNET_TRY(dimension, U64());
    }
    CARNET_TRY(const uint32_t id, U32());
    const GgmlType* const type = FindType(id);
    if (type == nullptr) return Unsupported(fmt::format("unknown tensor type {}", id));
    const uint64_t row = shape.empty() ? 1 : shape.front();
    if (row % type->block_elements != 0) return Malformed("rows are not whole blocks");
    std::reverse(shape.begin(), shape.end());
    CARNET_TRY(const uint64_t elements, Product(shape));
    uint64_t bytes = 0;
    if (__builtin_mul_overflow(elements / type->block_elements, uint64_t{type->block_bytes},
                               &bytes)) {
      return Malformed("size overflows 64 bits");
    }
    CARNET_TRY(const uint64_t offset, U64());
    return TensorInfo{std::string(name),
                      std::string(type->name),
                      std::move(shape),
                      elements,
                      type->block_elements > 1,
                      offset,
                      bytes};
  }

  static Result<uint64_t> Product(const std::vector<uint64_t>& shape) {
    uint64_t product = 1;
    for (const uint64_t dimension : shape) {
      if (__builtin_mul_overflow(product, dimension, &product)) {
        return Malformed("product of the shape overflows 64 bits");
      }
    }
    return product;
  }

  static bool HasDuplicate(std::vector<std::string_view> names) {
    std::sort(names.begin(), names.end());
    return std::adjacent_find(names.begin(), names.end()) != names.end();
  }

  static Result<> CheckNames(const std::vector<TensorInfo>& tensors) {
    std::vector<std::string_view> names;
    names.reserve(tensors.size());
    for (const TensorInfo& tensor : tensors) names.push_back(tensor.name);
    if (HasDuplicate(std::move(names))) return Malformed("a tensor name appears more than once");
    return Ok();
  }

  // Where the data begins. Writers omit the padding when there is no data.
  Result<uint64_t> HeaderPadding(bool no_tensors) {
    const uint64_t end = consumed();
    const uint64_t aligned = AlignUp(end, alignment_);
    if (no_tensors && file_bytes_ == end) return end;
    CARNET_TRY(const ByteSpan padding, Take(aligned - end));
    const bool zero = std::all_of(padding.begin(), padding.end(), [](uint8_t b) { return b == 0; });
    if (!zero) return Malformed("header padding is not zero");
    return aligned;
  }

  // Turns offsets into places in the file. Each tensor must begin at the first aligned offset after
  // the previous one; the last may be followed by padding or not.
  Result<> PlaceTensors(WeightHeader& header) const {
    const uint64_t data_bytes = file_bytes_ - header.data_begin;
    uint64_t covered = 0;
    for (TensorInfo& tensor : header.tensors) {
      const std::string where = fmt::format("tensor \"{}\": ", Printable(tensor.name));
      const uint64_t expected = AlignUp(covered, alignment_);
      if (tensor.begin % alignment_ != 0) return Malformed(where + "offset is not aligned");
      if (tensor.begin < expected) return Malformed(where + "overlaps the one before it");
      if (tensor.begin > expected) return Malformed(where + "leaves a gap before it");
      const uint64_t bytes = tensor.end;
      if (tensor.begin > data_bytes || bytes > data_bytes - tensor.begin) {
        return Malformed(where + "ends beyond the end of the file");
      }
      covered = tensor.begin + bytes;
      tensor.begin = header.data_begin + tensor.begin;
      tensor.end = tensor.begin + bytes;
    }
    if (file_bytes_ == kUnknownBytes) return Ok();
    if (data_bytes != covered && data_bytes != AlignUp(covered, alignment_)) {
      return Malformed("trailing data after the last tensor");
    }
    return Ok();
  }

  ByteReader reader_;
  const uint64_t prefix_bytes_;
  const uint64_t file_bytes_;
  bool wants_more_ = false;
  uint64_t alignment_ = kDefaultAlignment;
  std::vector<std::string_view> keys_;
  std::string_view architecture_;
  std::map<std::string_view, uint32_t> experts_used_;  // by key
};

}  // namespace

Result<std::optional<WeightHeader>> ParseGgufHeader(ByteSpan prefix, uint64_t file_bytes) {
  Parser parser(prefix, file_bytes);
  auto header = parser.Parse();
  if (header) return std::optional(std::move(*header));
  if (parser.wants_more() && prefix.size() < kMaxHeaderBytes) {
    return std::optional<WeightHeader>();
  }
  return header.error();
}

}  // namespace carnet::artifact
