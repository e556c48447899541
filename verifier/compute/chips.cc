#include "verifier/compute/chips.h"

#include <fmt/core.h>

#include <algorithm>
#include <utility>

#include "core/timestamp.h"
#include "core/utf8.h"

namespace carnet::verifier::compute {
namespace {

constexpr std::string_view kHeader =
    "chip,variant_of,vendor,precision,peak_flops,form,source,as_of,confidence,note";
constexpr size_t kColumns = 10;
constexpr size_t kMaxIdBytes = 64;
constexpr Flop kUnknown(0);  // the chip computes in this precision, at a rate that nobody states

size_t SlotOf(schemas::Precision precision) { return static_cast<size_t>(precision); }

Error Quote(std::string_view field) {
  return Malformed(fmt::format("field {}: misplaced quotation mark", Printable(field)));
}

// The field that `line` begins with, taken off together with the comma after it; `more` says
// whether there was one.
Result<std::string> TakeField(std::string_view& line, bool& more) {
  std::string field;
  if (!line.starts_with('"')) {
    const size_t end = std::min(line.find(','), line.size());
    field = line.substr(0, end);
    if (field.find('"') != std::string::npos) return Quote(field);
    line.remove_prefix(end);
  } else {
    do {  // from quote to quote; two of them in a row mean one
      const size_t end = line.find('"', 1);
      if (end == std::string_view::npos) return Quote(line);
      field += line.substr(1, end - 1);
      line.remove_prefix(end + 1);
      if (line.starts_with('"')) field += '"';
    } while (line.starts_with('"'));
  }
  more = line.starts_with(',');
  if (!more && !line.empty()) return Quote(field);
  if (more) line.remove_prefix(1);
  return field;
}

Result<std::vector<std::string>> SplitFields(std::string_view line) {
  std::vector<std::string> fields;
  bool more = true;
  while (more && fields.size() < kColumns) {
    CARNET_TRY(std::string field, TakeField(line, more));
    fields.push_back(std::move(field));
  }
  if (more || fields.size() != kColumns) {
    return Malformed(fmt::format("expected {} fields", kColumns));
  }
  return fields;
}

bool IsId(std::string_view text) {
  return !text.empty() && text.size() <= kMaxIdBytes &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-") == std::string_view::npos;
}

Result<> CheckIds(const std::vector<std::string>& fields) {
  constexpr std::array<std::pair<size_t, std::string_view>, 4> kIds = {
      {{0, "chip"}, {1, "variant_of"}, {2, "vendor"}, {6, "source"}}};
  for (const auto& [index, column] : kIds) {
    if (!IsId(fields[index])) {
      return Malformed(fmt::format("{}: expected 1 to {} of a-z, 0-9, '.' and '-', found \"{}\"",
                                   column, kMaxIdBytes, Printable(fields[index])));
    }
  }
  return Ok();
}

}  // namespace

Result<> Catalogue::AddRow(const std::vector<std::string>& fields) {
  CARNET_TRY_VOID(CheckIds(fields));
  const auto precision = schemas::ParsePrecision(fields[3]);
  if (!precision) return Malformed("precision: unknown value \"" + Printable(fields[3]) + "\"");
  const bool known = fields[4] != "unknown";
  CARNET_TRY(const Flop peak, Flop::Parse(known ? fields[4] : "0"));
  if (known && peak == kUnknown) {
    return Malformed("peak_flops: expected a positive number, found zero");
  }
  if (fields[5] != "dense") {
    return Malformed(fmt::format("form: expected dense, found \"{}\": no other peak is a ceiling",
                                 Printable(fields[5])));
  }
  if (const auto date = ParseDate(fields[7]); !date) return date.error().In("as_of");
  if (fields[8] != "high" && fields[8] != "medium" && fields[8] != "low") {
    return Malformed(fmt::format("confidence: expected high, medium or low, found \"{}\"",
                                 Printable(fields[8])));
  }
  std::optional<Flop>& slot = chips_[fields[0]][SlotOf(*precision)];
  if (slot) {
    return Malformed(
        fmt::format("chip {}, precision {}: appears more than once", fields[0], fields[3]));
  }
  slot = peak;
  return Ok();
}

Result<Catalogue> Catalogue::Parse(std::string_view csv, std::string_view name) {
  if (csv.size() > kMaxCatalogueBytes) return Malformed(std::string(name) + ": larger than 1 MiB");
  if (!IsValidUtf8(csv)) return Malformed(std::string(name) + ": not UTF-8");
  Catalogue catalogue;
  for (size_t number = 1; !csv.empty(); ++number) {
    const std::string where = fmt::format("{}: line {}", name, number);
    const size_t end = csv.find('\n');
    if (end == std::string_view::npos) return Malformed(where + ": does not end in LF");
    const std::string_view line = csv.substr(0, end);
    csv.remove_prefix(end + 1);
    if (number == 1) {
      if (line != kHeader) return Malformed(fmt::format("{}: expected \"{}\"", where, kHeader));
      continue;
    }
    if (FindForbiddenCharacter(line)) return Malformed(where + ": contains a control character");
    const auto fields = SplitFields(line);
    if (!fields) return fields.error().In(where);
    if (const auto added = catalogue.AddRow(*fields); !added) return added.error().In(where);
  }
  if (catalogue.chips_.empty()) return Malformed(std::string(name) + ": lists no chip");
  return catalogue;
}

std::vector<std::string> Catalogue::ChipIds() const {
  std::vector<std::string> ids;
  for (const auto& [chip, peaks] : chips_) ids.push_back(chip);
  return ids;
}

std::optional<Flop> Catalogue::Peak(std::string_view chip, schemas::Precision precision) const {
  const auto found = chips_.find(chip);
  if (found == chips_.end() || SlotOf(precision) >= found->second.size()) return std::nullopt;
  const auto& peak = found->second[SlotOf(precision)];
  return peak == kUnknown ? std::nullopt : peak;
}

std::optional<Flop> Catalogue::FastestFloat(const Peaks& peaks) {
  std::optional<Flop> fastest;
  for (const schemas::Precision precision : schemas::kPrecisions) {
    if (precision == schemas::Precision::kInt8) continue;
    fastest = std::max(fastest, peaks[SlotOf(precision)]);
  }
  return fastest ? fastest : peaks[SlotOf(schemas::Precision::kInt8)];
}

std::optional<Flop> Catalogue::HighestPeak(std::string_view chip,
                                           std::span<const schemas::Precision> precisions) const {
  const auto found = chips_.find(chip);
  if (found == chips_.end()) return std::nullopt;
  std::optional<Flop> highest;
  for (const schemas::Precision precision : precisions) {
    const auto& listed = found->second[SlotOf(precision)];
    if (listed == kUnknown) return std::nullopt;
    highest = std::max(highest, listed ? listed : FastestFloat(found->second));
  }
  return highest ? highest : FastestFloat(found->second);
}

Result<Catalogue> ShippedCatalogue() { return Catalogue::Parse(ChipsCsv(), "data/chips.csv"); }

}  // namespace carnet::verifier::compute
