#include "artifact/packed_formats.h"

#include <algorithm>
#include <array>

namespace carnet::artifact {
namespace {

// Groups of fewer than 16 values have no scale of their own in any layout; a one-dimensional
// companion of a narrow layer (an activation order) may still be longer than that allows.
constexpr uint32_t kGroup = 16;
constexpr uint32_t kSmall = 64;
constexpr uint32_t kScalar = 8;

constexpr std::array<std::string_view, 1> kI32 = {"I32"};
constexpr std::array<std::string_view, 1> kU8 = {"U8"};
constexpr std::array<std::string_view, 1> kI8 = {"I8"};
constexpr std::array<std::string_view, 5> kBytes = {"F8_E4M3", "F8_E5M2", "F8_E4M3FNUZ",
                                                    "F8_E5M2FNUZ", "I8"};

constexpr std::array<Companion, 3> kGptq = {{
    {".scales", true, kGroup, kSmall},
    {".qzeros", false, kGroup, kSmall},
    {".g_idx", false, kGroup, kSmall},
}};
constexpr std::array<Companion, 8> kCompressed = {{
    {".weight_scale", true, kGroup, kSmall},
    {".weight_zero_point", false, kGroup, kSmall},
    {".weight_g_idx", false, kGroup, kSmall},
    {".weight_shape", false, 0, kScalar},
    {".weight_global_scale", false, 0, kScalar},
    {".input_scale", false, 0, kScalar},
    {".input_global_scale", false, 0, kScalar},
    {".output_scale", false, 0, kScalar},
}};
constexpr std::array<Companion, 1> kMicroscaling = {{{"_scales", true, 32, 0}}};
constexpr std::array<Companion, 6> kBnb4 = {{
    {".absmax", true, 32, kSmall},
    {".quant_map", false, 0, 256},
    {".nested_absmax", false, 1024, kSmall},
    {".nested_quant_map", false, 0, 256},
    {".quant_state.bitsandbytes__nf4", false, 0, 4096},
    {".quant_state.bitsandbytes__fp4", false, 0, 4096},
}};
constexpr std::array<Companion, 3> kNvfp4 = {{
    {".weight_scale", true, kGroup, 0},
    {".weight_scale_2", true, 0, kScalar},
    {".input_scale", false, 0, kScalar},
}};
constexpr std::array<Companion, 2> kBnb8 = {{
    {".SCB", true, kGroup, kSmall},
    {".weight_format", false, 0, kScalar},
}};
constexpr std::array<Companion, 3> kScaled = {{
    {".weight_scale", true, kGroup, kSmall},
    {".input_scale", false, 0, kScalar},
    {".weight_zero_point", false, kGroup, kSmall},
}};
constexpr std::array<Companion, 2> kScaledInverse = {{
    {".weight_scale_inv", true, kGroup, kSmall},
    {".input_scale", false, 0, kScalar},
}};

constexpr WidthEvidence kNoWidth = WidthEvidence::kNone;
constexpr WidthEvidence kByRows = WidthEvidence::kScaleRows;
constexpr std::array<PackedFormat, 9> kFormats = {{
    {"GPTQ or AWQ", ".qweight", kI32, 2, 8, WidthEvidence::kGptqColumns, kGptq},
    {"compressed-tensors", ".weight_packed", kI32, 2, 8, kNoWidth, kCompressed},
    {"compressed-tensors", ".weight_packed", kU8, 4, 4, kNoWidth, kCompressed},
    {"MXFP4", "_blocks", kU8, 4, 4, kNoWidth, kMicroscaling},
    {"bitsandbytes", "", kU8, 4, 4, kNoWidth, kBnb4},
    {"NVFP4", ".weight", kU8, 4, 4, kNoWidth, kNvfp4},
    {"bitsandbytes", ".weight", kI8, 8, 8, kByRows, kBnb8},
    {"scaled", ".weight", kBytes, 8, 8, kByRows, kScaled},
    {"scaled", ".weight", kBytes, 8, 8, kByRows, kScaledInverse},
}};

struct Integer {
  std::string_view dtype;
  uint32_t bits;
};

constexpr std::array<Integer, 10> kIntegers = {{{"BOOL", 8},
                                                {"F8_E8M0", 8},
                                                {"U8", 8},
                                                {"I8", 8},
                                                {"I16", 16},
                                                {"U16", 16},
                                                {"I32", 32},
                                                {"U32", 32},
                                                {"I64", 64},
                                                {"U64", 64}}};

}  // namespace

std::span<const PackedFormat> PackedFormats() { return kFormats; }

std::optional<uint32_t> IntegerBits(std::string_view dtype) {
  const auto found = std::find_if(kIntegers.begin(), kIntegers.end(),
                                  [&](const Integer& each) { return each.dtype == dtype; });
  if (found == kIntegers.end()) return std::nullopt;
  return found->bits;
}

}  // namespace carnet::artifact
