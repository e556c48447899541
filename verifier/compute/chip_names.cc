#include "verifier/compute/chip_names.h"

#include <fmt/core.h>

#include <set>
#include <utility>

#include "core/ascii.h"
#include "core/decimal.h"
#include "core/utf8.h"
#include "verifier/compute/csv_rows.h"

namespace carnet::verifier::compute {
namespace {

constexpr std::string_view kNamesHeader = "alias,chip,units";
enum NameColumn : size_t { kAlias, kNamed, kUnits };

}  // namespace

std::string Folded(std::string_view text) {
  std::string folded;
  for (const char c : text) {
    if (IsLetterOrDigit(c)) folded += Lowered(c);
  }
  return folded;
}

Result<ChipNames> ChipNames::Parse(std::string_view csv, std::string_view name) {
  ChipNames names;
  std::set<std::string> taken;
  CARNET_TRY_VOID(ReadCsv(csv, name, kNamesHeader, [&](const CsvRow& row) -> Result<> {
    std::string folded = Folded(row[kAlias]);
    if (folded.empty()) return row.Refuse(kAlias, "has neither letter nor digit");
    if (!taken.insert(Lowered(row[kAlias])).second) {
      return row.Refuse(kAlias, Quoted(row[kAlias]) + " appears more than once");
    }
    std::optional<uint64_t> units;
    if (!row[kUnits].empty()) {
      units = ParseDecimalU64(row[kUnits]);
      if (!units || *units == 0) return row.Refuse(kUnits, "expected a positive number or nothing");
    }
    names.folded_.emplace(std::move(folded), names.names_.size());
    names.names_.push_back({row[kAlias], row[kNamed], units});
    return Ok();
  }));
  return names;
}

std::vector<const ChipAlias*> ChipNames::FoldedTo(const std::string& folded) const {
  std::vector<const ChipAlias*> found;
  const auto [begin, end] = folded_.equal_range(folded);
  for (auto each = begin; each != end; ++each) found.push_back(&names_[each->second]);
  return found;
}

}  // namespace carnet::verifier::compute
