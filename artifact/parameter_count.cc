#include "artifact/parameter_count.h"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <vector>

#include "artifact/packed_formats.h"
#include "artifact/tensor_root.h"
#include "core/flop.h"

namespace carnet::artifact {
namespace {

constexpr uint32_t kFewestIntegerBits = 2;
constexpr uint32_t kByte = 8;

uint64_t Saturated(Uint128 value) {
  constexpr uint64_t kMost = std::numeric_limits<uint64_t>::max();
  return value > kMost ? kMost : static_cast<uint64_t>(value);
}

struct Widths {
  uint32_t fewest;
  uint32_t most;
};

bool IsGptqWidth(uint64_t bits) { return bits == 2 || bits == 3 || bits == 4 || bits == 8; }

// `words` of 32 bits hold `values` values: how wide is each? Absent where no width fits.
std::optional<uint32_t> WidthOf(uint64_t words, uint64_t values) {
  if (values == 0 || Uint128{words} * 32 % values != 0) return std::nullopt;
  const Uint128 bits = Uint128{words} * 32 / values;
  if (bits > 8 || !IsGptqWidth(static_cast<uint64_t>(bits))) return std::nullopt;
  return static_cast<uint32_t>(bits);
}

using Shape = std::vector<uint64_t>;

// How wide the values in `bytes` are where `scales` are theirs: k times as many rows of scales (or
// columns) as of bytes show k values a byte. No more scales than bytes show nothing: there may be
// one for a tensor, a row or a block.
Widths ScaledWidths(const Shape& bytes, const Shape& scales) {
  const bool aligned = bytes.size() == scales.size();
  Uint128 rows = 1;  // of all matrices of a stack
  for (size_t i = 0; i + 1 < bytes.size(); ++i) rows *= bytes[i];
  Uint128 scaled = 1;
  Uint128 present = 1;
  bool certain = true;
  for (size_t i = 0; i < std::min(bytes.size(), scales.size()); ++i) {
    const bool flat = !aligned && i == 0 && scales[i] > bytes[i];
    const Uint128 extent = flat ? rows : bytes[i];
    if (scales[i] <= extent) continue;
    scaled *= scales[i];
    present *= extent;
    // Without an extent of their own for the rows they may as well be of the columns.
    if (!aligned && scales[i] == bytes.back()) certain = false;
  }
  // Less than a bit each: scales of something else.
  if (scaled > present * kByte) return {1, kByte};
  const auto narrow = static_cast<uint32_t>(present * kByte / scaled);
  const bool whole = present * kByte % scaled == 0;
  return {narrow, !certain ? kByte : whole ? narrow : narrow + 1};
}

class Counter {
 public:
  Counter(std::span<const TensorSummary> sorted, const std::optional<QuantizationConfig>& config)
      : sorted_(sorted), config_(config), left_out_(sorted.size()), counted_(sorted.size()) {}

  ParameterCount Count() {
    for (size_t i = 0; i < sorted_.size(); ++i) CountIfPacked(i);
    for (size_t i = 0; i < sorted_.size(); ++i) CountElements(i);
    if (integers_ * 100 > elements_ + integers_) {
      most_ += integer_values_ - integers_;
      bases_.insert("integers that may hold several values each");
    }
    return {Saturated(least_), Saturated(most_), Basis()};
  }

 private:
  const TensorSummary* Find(const std::string& name) const {
    const auto found = std::lower_bound(
        sorted_.begin(), sorted_.end(), name,
        [](const TensorSummary& each, const std::string& wanted) { return each.name < wanted; });
    return found != sorted_.end() && found->name == name ? &*found : nullptr;
  }

  void CountIfPacked(size_t index) {
    const TensorSummary& tensor = sorted_[index];
    for (const PackedFormat& format : PackedFormats()) {
      if (!tensor.name.ends_with(format.suffix)) continue;
      if (std::find(format.dtypes.begin(), format.dtypes.end(), tensor.dtype) ==
          format.dtypes.end()) {
        continue;
      }
      const std::string stem = tensor.name.substr(0, tensor.name.size() - format.suffix.size());
      if (!HasCompanions(format, stem)) continue;
      CountPacked(index, format, stem);
      return;
    }
  }

  bool HasCompanions(const PackedFormat& format, const std::string& stem) const {
    return std::all_of(
        format.companions.begin(), format.companions.end(), [&](const Companion& companion) {
          return !companion.required || Find(stem + std::string(companion.suffix)) != nullptr;
        });
  }

  void CountPacked(size_t index, const PackedFormat& format, const std::string& stem) {
    const TensorSummary& tensor = sorted_[index];
    const Widths widths = WidthsOf(format, tensor, stem);
    const Uint128 bits = BitsOf(tensor);
    const Uint128 least = bits / widths.most;
    least_ += least;
    most_ += bits / widths.fewest;
    elements_ += least;
    counted_[index] = true;
    for (const Companion& companion : format.companions) {
      const TensorSummary* const found = Find(stem + std::string(companion.suffix));
      if (found == nullptr || found == &tensor) continue;
      if (!IsSmall(*found, companion, least)) continue;
      left_out_[static_cast<size_t>(found - sorted_.data())] = true;
    }
    if (widths.fewest == widths.most) {
      bases_.insert(fmt::format("{}, {} bits", format.name, widths.most));
    } else {
      bases_.insert(fmt::format("{}, {} to {} bits", format.name, widths.fewest, widths.most));
    }
  }

  // The layouts' only integers are I32 and single bytes.
  static Uint128 BitsOf(const TensorSummary& packed) {
    return Uint128{packed.counted()} * IntegerBits(packed.dtype).value_or(kByte);
  }

  static bool IsSmall(const TensorSummary& found, const Companion& companion, Uint128 values) {
    const Uint128 share = companion.values == 0 ? 0 : values / companion.values;
    return found.elements <= std::max<Uint128>(share, companion.at_most);
  }

  Widths WidthsOf(const PackedFormat& format, const TensorSummary& packed,
                  const std::string& stem) const {
    if (format.evidence == WidthEvidence::kScaleRows) return ByteWidths(packed, stem);
    if (format.evidence == WidthEvidence::kGptqColumns) {
      if (const auto shown = ColumnBits(packed, stem)) return {*shown, *shown};
    }
    if (!config_) return {format.fewest_bits, format.most_bits};
    return {std::clamp(config_->fewest_bits, format.fewest_bits, format.most_bits),
            std::clamp(config_->most_bits, format.fewest_bits, format.most_bits)};
  }

  // Of a byte for a value, unless a companion, whichever of these layouts it is of, or the
  // configuration says otherwise. A width that floats have among others is not of theirs.
  Widths ByteWidths(const TensorSummary& packed, const std::string& stem) const {
    Widths widths{kByte, kByte};
    for (const PackedFormat& format : PackedFormats()) {
      if (format.evidence != WidthEvidence::kScaleRows) continue;
      for (const Companion& companion : format.companions) {
        if (companion.values == 0) continue;
        const TensorSummary* const found = Find(stem + std::string(companion.suffix));
        if (found == nullptr || found->elements == 0 || packed.elements == 0) continue;
        Widths shown = ScaledWidths(packed.shape, found->shape);
        if (!IsSmall(*found, companion, BitsOf(packed) / shown.fewest)) shown.most = kByte;
        widths = {std::min(widths.fewest, shown.fewest), std::min(widths.most, shown.most)};
      }
    }
    if (!config_ || (!IntegerBits(packed.dtype) && config_->most_bits >= kByte)) return widths;
    return {std::min(widths.fewest, config_->fewest_bits), widths.most};
  }

  // GPTQ packs along the input: qweight [in / 32 · bits, out], scales [groups, out], qzeros
  // [groups, out / 32 · bits], g_idx [in]. AWQ packs along the output: qweight [in, out / 32 ·
  // bits] and the same scales. Of two widths shown the narrower counts, which gives more
  // parameters.
  std::optional<uint32_t> ColumnBits(const TensorSummary& packed, const std::string& stem) const {
    const TensorSummary* const scales = Find(stem + ".scales");
    if (packed.shape.size() != 2 || scales == nullptr || scales->shape.size() != 2) {
      return std::nullopt;
    }
    const uint64_t out = scales->shape[1];
    if (out != packed.shape[1]) return WidthOf(packed.shape[1], out);
    std::optional<uint32_t> bits;
    const TensorSummary* const zeros = Find(stem + ".qzeros");
    if (zeros != nullptr && zeros->shape.size() == 2) bits = WidthOf(zeros->shape[1], out);
    const TensorSummary* const order = Find(stem + ".g_idx");
    if (order == nullptr || order->shape.size() != 1) return bits;
    const auto by_order = WidthOf(packed.shape[0], order->shape[0]);
    return bits && by_order ? std::min(bits, by_order) : bits ? bits : by_order;
  }

  void CountElements(size_t index) {
    if (counted_[index] || left_out_[index]) return;
    const TensorSummary& tensor = sorted_[index];
    const uint64_t elements = tensor.counted();
    least_ += elements;
    most_ += elements;
    const auto bits = IntegerBits(tensor.dtype);
    (bits ? integers_ : elements_) += elements;
    if (bits) integer_values_ += Uint128{elements} * (*bits / kFewestIntegerBits);
  }

  std::string Basis() const {
    if (bases_.empty()) return "element counts of the header";
    std::string text;
    for (const std::string& basis : bases_) text += (text.empty() ? "" : "; ") + basis;
    return text;
  }

  const std::span<const TensorSummary> sorted_;
  const std::optional<QuantizationConfig>& config_;
  std::vector<bool> left_out_;  // companions
  std::vector<bool> counted_;   // packed tensors
  Uint128 least_ = 0;
  Uint128 most_ = 0;
  Uint128 elements_ = 0;        // parameters that are not integers of an unknown layout
  Uint128 integers_ = 0;        // elements of those integers
  Uint128 integer_values_ = 0;  // values that they might hold
  std::set<std::string> bases_;
};

}  // namespace

ParameterCount CountParameters(std::span<const TensorSummary> sorted,
                               const std::optional<QuantizationConfig>& config) {
  return Counter(sorted, config).Count();
}

}  // namespace carnet::artifact
