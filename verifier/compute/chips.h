// The chip catalogue: dense peaks of accelerators by variant and precision (data/chips.csv), read
// strictly, and the names under which others know them (data/chip_aliases.csv). Formats:
// docs/formats.md, "Chip catalogue". Const methods are thread safe.
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
#include "verifier/compute/chip_names.h"
#include "verifier/compute/csv_rows.h"

namespace carnet::verifier::compute {

inline constexpr size_t kMaxCatalogueBytes = kMaxCsvBytes;

struct ChipPeak {
  std::optional<Flop> flops;  // FLOP/s (INT8: operations) of one unit, dense. Absent: unknown
  std::string source;
  std::string as_of;  // date
  std::string confidence;
  std::string note;  // may be empty
};

struct ListedChip {
  std::string family;  // what it is a variant of
  std::string vendor;
  // By precision; the place at 0 is empty. Absent: it has no units for the precision.
  std::array<std::optional<ChipPeak>, schemas::kPrecisions.size() + 1> peaks;

  const std::optional<ChipPeak>& At(schemas::Precision precision) const;
};

// A catalogue that went before the shipped one.
struct OwnCatalogue {
  std::string of;      // whose: "trust" (the trust directory's), "caller"
  std::string digest;  // hex SHA-256 of its bytes
};

class Catalogue {
 public:
  // Requires at least one row. Errors: malformed, with `name`, line and column.
  static Result<Catalogue> Parse(std::string_view csv, std::string_view name);

  // Chips of `csv` are added; one that is there already is replaced, with all its rows. Noted in
  // own() as `of`, unless the file is the shipped one. Errors: as Parse.
  Result<> Add(std::string_view csv, std::string_view name, std::string_view of);
  const std::vector<OwnCatalogue>& own() const { return own_; }

  bool Has(std::string_view chip) const { return chips_.find(chip) != chips_.end(); }
  const ListedChip* Find(std::string_view chip) const;                 // null: not listed
  std::vector<std::string> ChipIds() const;                            // sorted
  std::vector<std::string> VariantsOf(std::string_view family) const;  // sorted
  // Ids and variants of families that read like this folded text (chip_names.h).
  std::vector<std::string> FoldedTo(const std::string& folded) const;
  // Ids of this core, or of the core of their family (chip_names.h).
  std::vector<std::string> OfCore(const std::string& core) const;
  const ChipNames& names() const { return names_; }

  // FLOP/s (INT8: operations) of one unit, dense. Absent where the catalogue has no figure.
  std::optional<Flop> Peak(std::string_view chip, schemas::Precision precision) const;

  // A ceiling for work at any of these precisions: the highest of their peaks. A precision without
  // a row is one that the chip has no units for, and counts as its fastest floating-point one.
  // Absent for an unknown chip, and where a row says that nobody knows the peak: another
  // precision's would be too low.
  std::optional<Flop> HighestPeak(std::string_view chip,
                                  std::span<const schemas::Precision> precisions) const;

 private:
  friend Result<Catalogue> ShippedCatalogue();

  Catalogue() = default;
  Result<> AddRow(const CsvRow& row);
  void Index();  // to be called whenever chips_ has changed
  static std::optional<Flop> FastestFloat(const ListedChip& chip);

  std::map<std::string, ListedChip, std::less<>> chips_;
  std::multimap<std::string, std::string, std::less<>> variants_;  // ids by family
  std::multimap<std::string, std::string> folded_;  // ids by id and by family, folded
  std::multimap<std::string, std::string> cores_;   // ids by the core of their id and their family
  ChipNames names_;
  std::vector<OwnCatalogue> own_;
};

// The catalogue embedded at build, with its names. Errors: malformed, which a test rules out.
Result<Catalogue> ShippedCatalogue();

// Texts of data/chips.csv and data/chip_aliases.csv, embedded at build (cmake/embed.cmake).
std::string_view ChipsCsv();
std::string_view ChipAliasesCsv();

}  // namespace carnet::verifier::compute
