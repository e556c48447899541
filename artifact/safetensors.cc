#include "artifact/safetensors.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "core/byte_reader.h"
#include "core/utf8.h"
#include "json/reader.h"

namespace carnet::artifact {
namespace {

constexpr uint64_t kLengthBytes = 8;

struct Dtype {
  std::string_view name;
  uint32_t bits;  // of one element
};

constexpr std::array<Dtype, 22> kDtypes = {{
    {"F4", 4},          {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"BOOL", 8},    {"U8", 8},
    {"I8", 8},          {"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8},
    {"F8_E5M2FNUZ", 8}, {"I16", 16},    {"U16", 16},    {"F16", 16},    {"BF16", 16},
    {"I32", 32},        {"U32", 32},    {"F32", 32},    {"C64", 64},    {"I64", 64},
    {"U64", 64},        {"F64", 64},
}};

const Dtype* FindDtype(std::string_view name) {
  const auto found = std::find_if(kDtypes.begin(), kDtypes.end(),
                                  [&](const Dtype& dtype) { return dtype.name == name; });
  return found == kDtypes.end() ? nullptr : &*found;
}

// The format has depth 3. A value costs 40 bytes of memory and at least 2 of input.
constexpr json::Limits kIndexLimits{
    .max_bytes = kMaxHeaderBytes, .max_depth = 8, .max_values = 1 << 22};
constexpr json::Limits kHeaderLimits{
    .max_bytes = kMaxHeaderBytes, .max_depth = 8, .max_values = 1 << 17};  // of one member

Result<json::Value> Member(const json::Value& object, std::string_view key, json::Type type) {
  const auto member = object.Find(key);
  if (!member) return Malformed(fmt::format("{}: missing", key));
  if (!member->is(type)) {
    return Malformed(fmt::format("{}: must be of type {}", key, json::TypeName(type)));
  }
  return *member;
}

Result<std::vector<uint64_t>> Numbers(const json::Value& array, std::string_view what) {
  if (array.size() > kMaxDimensions) return Malformed(fmt::format("{}: too many numbers", what));
  std::vector<uint64_t> numbers;
  for (auto element = array.first_child(); element; element = element->next()) {
    const auto number = element->is(json::Type::kNumber) ? element->AsU64() : std::nullopt;
    if (!number) return Malformed(fmt::format("{}: not an unsigned 64-bit integer", what));
    numbers.push_back(*number);
  }
  return numbers;
}

// Product of the shape, checked against the tensor's length in bytes.
Result<uint64_t> CountElements(const std::vector<uint64_t>& shape, uint32_t bits, uint64_t bytes) {
  uint64_t elements = 1;
  for (const uint64_t dimension : shape) {
    if (__builtin_mul_overflow(elements, dimension, &elements)) {
      return Malformed("shape: product overflows 64 bits");
    }
  }
  uint64_t total_bits = 0;
  if (__builtin_mul_overflow(elements, uint64_t{bits}, &total_bits)) {
    return Malformed("shape: size overflows 64 bits");
  }
  if (total_bits % 8 != 0 || total_bits / 8 != bytes) {
    return Malformed("data_offsets: length does not follow from shape and dtype");
  }
  return elements;
}

Result<TensorInfo> ParseTensor(const json::Value& object, uint64_t data_begin,
                               uint64_t data_bytes) {
  if (!object.is(json::Type::kObject)) return Malformed("must be of type object");
  CARNET_TRY(const json::Value dtype, Member(object, "dtype", json::Type::kString));
  CARNET_TRY(const json::Value shape_value, Member(object, "shape", json::Type::kArray));
  CARNET_TRY(const json::Value offsets_value, Member(object, "data_offsets", json::Type::kArray));
  if (object.size() != 3) return Malformed("has an unknown member");
  const Dtype* const known = FindDtype(dtype.string());
  if (known == nullptr) {
    return Unsupported(fmt::format("unknown dtype \"{}\"", Printable(dtype.string())));
  }
  CARNET_TRY(std::vector<uint64_t> shape, Numbers(shape_value, "shape"));
  CARNET_TRY(const std::vector<uint64_t> offsets, Numbers(offsets_value, "data_offsets"));
  if (offsets.size() != 2) return Malformed("data_offsets: must be two numbers");
  if (offsets[0] > offsets[1]) return Malformed("data_offsets: begin is after end");
  if (offsets[1] > data_bytes) return Malformed("data_offsets: end is beyond the end of the file");
  CARNET_TRY(const uint64_t elements, CountElements(shape, known->bits, offsets[1] - offsets[0]));
  return TensorInfo{
      std::string(object.key()), std::string(known->name), std::move(shape),       elements,
      known->bits % 8 != 0,      data_begin + offsets[0],  data_begin + offsets[1]};
}

Result<> CheckMetadata(const json::Value& metadata) {
  if (!metadata.is(json::Type::kObject)) return Malformed("__metadata__: must be of type object");
  for (auto member = metadata.first_child(); member; member = member->next()) {
    if (!member->is(json::Type::kString)) {
      return Malformed("__metadata__: contains a value that is not a string");
    }
  }
  return Ok();
}

// The largest header is read with the memory of its tensors and of one member.
Result<WeightHeader> ReadTensors(std::string_view text, uint64_t data_begin, uint64_t file_bytes) {
  WeightHeader result{{}, data_begin};
  bool has_metadata = false;
  const auto visit = [&](const json::Value& member) -> Result<> {
    if (member.key() == "__metadata__") {
      if (has_metadata) return Malformed("__metadata__: appears more than once");
      has_metadata = true;
      return CheckMetadata(member);
    }
    auto tensor = ParseTensor(member, data_begin, file_bytes - data_begin);
    if (!tensor) return tensor.error().In(fmt::format("tensor \"{}\"", Printable(member.key())));
    if (result.tensors.size() >= kMaxTensors) return Malformed("too many tensors");
    result.tensors.push_back(std::move(*tensor));
    return Ok();
  };
  CARNET_TRY_VOID(json::ForEachMember(text, kHeaderLimits, visit));
  return result;
}

Result<> CheckNames(const std::vector<TensorInfo>& tensors) {
  std::vector<std::string_view> names;
  names.reserve(tensors.size());
  for (const TensorInfo& tensor : tensors) names.push_back(tensor.name);
  std::sort(names.begin(), names.end());
  const auto twice = std::adjacent_find(names.begin(), names.end());
  if (twice == names.end()) return Ok();
  return Malformed(fmt::format("tensor \"{}\" appears more than once", Printable(*twice)));
}

// Sorts the tensors by their bytes and checks that these follow each other up to the end of the
// file.
Result<> CheckCoverage(std::vector<TensorInfo>& tensors, uint64_t data_begin, uint64_t file_bytes) {
  std::sort(tensors.begin(), tensors.end(), [](const TensorInfo& a, const TensorInfo& b) {
    return a.begin != b.begin ? a.begin < b.begin : a.end < b.end;
  });
  uint64_t covered = data_begin;
  for (const TensorInfo& tensor : tensors) {
    if (tensor.begin != covered) {
      return Malformed(fmt::format("tensor \"{}\": {} before it", Printable(tensor.name),
                                   tensor.begin < covered ? "overlaps the one" : "leaves a gap"));
    }
    covered = tensor.end;
  }
  if (covered != file_bytes && file_bytes != kUnknownBytes) {
    return Malformed("trailing data after the last tensor");
  }
  return Ok();
}

std::string_view WithoutPadding(std::string_view text) {
  const size_t last = text.find_last_not_of(' ');
  return last == std::string_view::npos ? std::string_view() : text.substr(0, last + 1);
}

}  // namespace

Result<uint64_t> SafetensorsHeaderBytes(ByteSpan prefix, uint64_t file_bytes) {
  const auto length = ByteReader(prefix).U64Le();
  if (!length) return Malformed("file is shorter than its length field");
  if (*length > kMaxHeaderBytes) return Malformed("header is over 100,000,000 bytes");
  if (*length > file_bytes - kLengthBytes) return Malformed("header is longer than the file");
  return *length + kLengthBytes;
}

Result<WeightHeader> ParseSafetensorsHeader(ByteSpan header, uint64_t file_bytes) {
  CARNET_TRY(const uint64_t data_begin, SafetensorsHeaderBytes(header, file_bytes));
  if (header.size() != data_begin) return Malformed("header is truncated");
  const std::string_view text = WithoutPadding(AsText(header.subspan(kLengthBytes)));
  if (!text.starts_with('{') || !text.ends_with('}')) {
    return Malformed("header is not a JSON object padded with spaces");
  }
  CARNET_TRY(WeightHeader result, ReadTensors(text, data_begin, file_bytes));
  CARNET_TRY_VOID(CheckNames(result.tensors));
  CARNET_TRY_VOID(CheckCoverage(result.tensors, data_begin, file_bytes));
  return result;
}

Result<ShardIndex> ParseShardIndex(std::string_view text) {
  CARNET_TRY(const json::Tree tree, json::Parse(text, kIndexLimits));
  if (!tree.root().is(json::Type::kObject)) return Malformed("index is not a JSON object");
  CARNET_TRY(const json::Value map, Member(tree.root(), "weight_map", json::Type::kObject));
  ShardIndex index;
  for (auto member = map.first_child(); member; member = member->next()) {
    const std::string where = fmt::format("weight_map: tensor \"{}\"", Printable(member->key()));
    if (!member->is(json::Type::kString)) return Malformed(where + ": file is not a string");
    if (member->string().find('/') != std::string_view::npos) {
      return Malformed(where + ": file is not in the folder of the index");
    }
    index.weight_map.push_back({std::string(member->key()), std::string(member->string())});
    if (index.weight_map.size() > kMaxTensors) return Malformed("too many tensors");
  }
  if (index.weight_map.empty()) return Malformed("weight_map: is empty");
  return index;
}

}  // namespace carnet::artifact
