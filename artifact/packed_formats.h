// The layouts in which parameters are not one to an element: which tensor holds the values, how
// wide a value is, and which tensors belong to it without being parameters themselves. Data: a new
// layout is a new row.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace carnet::artifact {

// A tensor beside a packed one, named like it but for the suffix. It is left out of the count only
// up to the size that the layout needs: one element for every `values` values of the packed tensor,
// or `at_most` where that is more (quantisation maps, scalars). Otherwise a large tensor of
// parameters could be hidden under its name.
struct Companion {
  std::string_view suffix;
  bool required;    // without it the layout does not apply
  uint32_t values;  // 0: only `at_most` counts
  uint32_t at_most;
};

// How the shapes of the tensors show the width of a value.
enum class WidthEvidence {
  kNone,         // they do not; fewest_bits and most_bits are all that the layout says
  kGptqColumns,  // GPTQ and AWQ: see ColumnBits in parameter_count.cc
  kScaleRows,    // a byte for a value, unless more is scaled than there are bytes: see ByteWidths
};

struct PackedFormat {
  std::string_view name;  // for people
  std::string_view suffix;
  std::span<const std::string_view> dtypes;  // of the packed tensor
  uint32_t fewest_bits;                      // of one value
  uint32_t most_bits;
  WidthEvidence evidence;
  std::span<const Companion> companions;
};

// In the order in which they are tried.
std::span<const PackedFormat> PackedFormats();

// Bits of an element of a dtype that may hold several values where no layout is known: an integer,
// or a byte that is no number (BOOL, F8_E8M0). Absent for any other.
std::optional<uint32_t> IntegerBits(std::string_view dtype);

}  // namespace carnet::artifact
