// The chip catalogue: dense peaks of accelerators by variant and precision (data/chips.csv), read
// strictly. CSV as in RFC 4180, but lines end in LF and no field contains a line break. Columns:
// chip, variant_of, vendor, precision, peak_flops (or `unknown`), form, source, as_of, confidence,
// note.
// Const methods are thread safe.
#pragma once

#include <array>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/flop.h"
#include "core/result.h"
#include "schemas/enums.h"

namespace carnet::verifier::compute {

inline constexpr size_t kMaxCatalogueBytes = 1 << 20;  // against memory spent on a hostile file

class Catalogue {
 public:
  // Requires at least one row. Errors: malformed, with `name` and the line.
  static Result<Catalogue> Parse(std::string_view csv, std::string_view name);

  bool Has(std::string_view chip) const { return chips_.find(chip) != chips_.end(); }
  std::vector<std::string> ChipIds() const;  // sorted

  // FLOP/s (INT8: operations) of one unit, dense. Absent where the catalogue has no figure.
  std::optional<Flop> Peak(std::string_view chip, schemas::Precision precision) const;

  // A ceiling for work at any of these precisions: the highest of their peaks. A precision without
  // a row is one that the chip has no units for, and counts as its fastest floating-point one.
  // Absent for an unknown chip, and where a row says that nobody knows the peak: another
  // precision's would be too low.
  std::optional<Flop> HighestPeak(std::string_view chip,
                                  std::span<const schemas::Precision> precisions) const;

 private:
  // By precision; the place at 0 is empty.
  using Peaks = std::array<std::optional<Flop>, schemas::kPrecisions.size() + 1>;

  Catalogue() = default;
  Result<> AddRow(const std::vector<std::string>& fields);
  static std::optional<Flop> FastestFloat(const Peaks& peaks);

  std::map<std::string, Peaks, std::less<>> chips_;
};

// The catalogue embedded at build. Errors: malformed, which a test rules out.
Result<Catalogue> ShippedCatalogue();

// Text of data/chips.csv, embedded at build (cmake/embed.cmake).
std::string_view ChipsCsv();

}  // namespace carnet::verifier::compute
