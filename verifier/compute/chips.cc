#include "verifier/compute/chips.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/hex.h"
#include "core/timestamp.h"
#include "core/utf8.h"
#include "crypto/sha256.h"

namespace carnet::verifier::compute {
namespace {

constexpr std::string_view kHeader =
    "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note";
enum Column : size_t {
  kChip,
  kVariantOf,
  kVendor,
  kPrecision,
  kPeakFlops,
  kForm,
  kSource,
  kAsOf,
  kConfidence,
  kNote
};
constexpr size_t kMaxIdBytes = 64;

size_t SlotOf(schemas::Precision precision) { return static_cast<size_t>(precision); }

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

Result<> CheckIds(const CsvRow& row) {
  for (const size_t column : {kChip, kVariantOf, kVendor, kSource}) {
    if (IsId(row[column])) continue;
    return row.Refuse(column, fmt::format("expected 1 to {} of a-z, 0-9, '.' and '-', found {}",
                                          kMaxIdBytes, Quoted(row[column])));
  }
  return Ok();
}

// Absent: unknown.
Result<std::optional<Flop>> PeakIn(const CsvRow& row) {
  if (row[kPeakFlops] == "unknown") return std::optional<Flop>();
  const auto peak = Flop::Parse(row[kPeakFlops]);
  if (!peak) return row.Refuse(kPeakFlops, peak.error().message);
  if (*peak == Flop(0)) return row.Refuse(kPeakFlops, "expected a positive number, found zero");
  return std::optional(*peak);
}

Result<> CheckLabels(const CsvRow& row) {
  if (row[kForm] != "dense") {
    return row.Refuse(kForm, fmt::format("expected dense, found {}: no other peak is a ceiling",
                                         Quoted(row[kForm])));
  }
  if (const auto date = ParseDate(row[kAsOf]); !date) {
    return row.Refuse(kAsOf, date.error().message);
  }
  const std::string& confidence = row[kConfidence];
  if (confidence == "high" || confidence == "medium" || confidence == "low") return Ok();
  return row.Refuse(kConfidence, "expected high, medium or low, found " + Quoted(row[kConfidence]));
}

}  // namespace

const std::optional<ChipPeak>& ListedChip::At(schemas::Precision precision) const {
  const size_t slot = SlotOf(precision);
  return peaks[slot < peaks.size() ? slot : 0];
}

Result<> Catalogue::AddRow(const CsvRow& row) {
  CARNET_TRY_VOID(CheckIds(row));
  const auto precision = schemas::ParsePrecision(row[kPrecision]);
  if (!precision) return row.Refuse(kPrecision, "unknown value " + Quoted(row[kPrecision]));
  CARNET_TRY(const std::optional<Flop> peak, PeakIn(row));
  CARNET_TRY_VOID(CheckLabels(row));
  const auto [found, is_new] =
      chips_.try_emplace(row[kChip], ListedChip{row[kVariantOf], row[kVendor], {}});
  ListedChip& chip = found->second;
  if (!is_new && chip.family != row[kVariantOf]) {
    return row.Refuse(kVariantOf,
                      fmt::format("{} is a variant of {} above", row[kChip], chip.family));
  }
  if (!is_new && chip.vendor != row[kVendor]) {
    return row.Refuse(kVendor, fmt::format("{} is {}'s above", row[kChip], chip.vendor));
  }
  std::optional<ChipPeak>& slot = chip.peaks[SlotOf(*precision)];
  if (slot) {
    return row.Refuse(kPrecision, fmt::format("chip {}, precision {}: appears more than once",
                                              row[kChip], row[kPrecision]));
  }
  slot = ChipPeak{peak, row[kSource], row[kAsOf], row[kConfidence], row[kNote]};
  return Ok();
}

Result<Catalogue> Catalogue::Parse(std::string_view csv, std::string_view name) {
  Catalogue catalogue;
  CARNET_TRY_VOID(
      ReadCsv(csv, name, kHeader, [&](const CsvRow& row) { return catalogue.AddRow(row); }));
  if (catalogue.chips_.empty()) return Malformed(std::string(name) + ": lists no chip");
  catalogue.Index();
  return catalogue;
}

void Catalogue::Index() {
  variants_.clear();
  folded_.clear();
  cores_.clear();
  for (const auto& [id, chip] : chips_) {
    variants_.emplace(chip.family, id);
    folded_.emplace(Folded(id), id);
    if (chip.family != id) folded_.emplace(Folded(chip.family), id);
    cores_.emplace(CoreOf(id), id);
    if (chip.family != id) cores_.emplace(CoreOf(chip.family), id);
  }
}

Result<> Catalogue::Add(std::string_view csv, std::string_view name, std::string_view of) {
  CARNET_TRY(Catalogue added, Parse(csv, name));
  for (auto& [id, chip] : added.chips_) chips_.insert_or_assign(id, std::move(chip));
  Index();
  if (csv != ChipsCsv()) {
    own_.push_back({std::string(of), HexEncode(crypto::Sha256Of(AsBytes(csv)).span())});
  }
  return Ok();
}

const ListedChip* Catalogue::Find(std::string_view chip) const {
  const auto found = chips_.find(chip);
  return found == chips_.end() ? nullptr : &found->second;
}

std::vector<std::string> Catalogue::ChipIds() const {
  std::vector<std::string> ids;
  ids.reserve(chips_.size());
  for (const auto& [id, chip] : chips_) ids.push_back(id);
  return ids;
}

std::vector<std::string> Catalogue::VariantsOf(std::string_view family) const {
  std::vector<std::string> ids;
  const auto [begin, end] = variants_.equal_range(family);
  for (auto each = begin; each != end; ++each) ids.push_back(each->second);
  return ids;
}

std::vector<std::string> Catalogue::FoldedTo(const std::string& folded) const {
  std::vector<std::string> ids;
  const auto [begin, end] = folded_.equal_range(folded);
  for (auto each = begin; each != end; ++each) ids.push_back(each->second);
  return ids;
}

std::vector<std::string> Catalogue::OfCore(const std::string& core) const {
  std::vector<std::string> ids;
  const auto [begin, end] = cores_.equal_range(core);
  for (auto each = begin; each != end; ++each) ids.push_back(each->second);
  return ids;
}

std::optional<Flop> Catalogue::Peak(std::string_view chip, schemas::Precision precision) const {
  const ListedChip* found = Find(chip);
  if (found == nullptr || !found->At(precision)) return std::nullopt;
  return found->At(precision)->flops;
}

std::optional<Flop> Catalogue::FastestFloat(const ListedChip& chip) {
  std::optional<Flop> fastest;
  for (const schemas::Precision precision : schemas::kPrecisions) {
    const auto& listed = chip.At(precision);
    if (listed && precision != schemas::Precision::kInt8)
      fastest = std::max(fastest, listed->flops);
  }
  if (fastest) return fastest;
  const auto& integers = chip.At(schemas::Precision::kInt8);
  return integers ? integers->flops : std::nullopt;
}

std::optional<Flop> Catalogue::HighestPeak(std::string_view chip,
                                           std::span<const schemas::Precision> precisions) const {
  const ListedChip* found = Find(chip);
  if (found == nullptr) return std::nullopt;
  std::optional<Flop> highest;
  for (const schemas::Precision precision : precisions) {
    const auto& listed = found->At(precision);
    if (listed && !listed->flops) return std::nullopt;
    highest = std::max(highest, listed ? listed->flops : FastestFloat(*found));
  }
  return highest ? highest : FastestFloat(*found);
}

Result<Catalogue> ShippedCatalogue() {
  CARNET_TRY(Catalogue catalogue, Catalogue::Parse(ChipsCsv(), "data/chips.csv"));
  CARNET_TRY(catalogue.names_, ChipNames::Parse(ChipAliasesCsv(), "data/chip_aliases.csv"));
  return catalogue;
}

}  // namespace carnet::verifier::compute
